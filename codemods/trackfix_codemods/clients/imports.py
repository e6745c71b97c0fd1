"""The edits of one file's imports: the client factory comes, what is needed no more goes."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable
from dataclasses import replace

from trackfix.project.clients.factory import ClientFactory
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.meaning import Statement
from trackfix.project.project import absolute
from trackfix.source.document import Edit
from trackfix_codemods.clients.places import Place
from trackfix_codemods.clients.sites import Site, left_over, root_of
from trackfix_codemods.imports.blocks import ImportEditor
from trackfix_codemods.imports.changes import Changes, NewImport, Replacement
from trackfix_codemods.imports.first_imports import first_imports
from trackfix_codemods.imports.imported_name import imported
from trackfix_codemods.imports.layout import ImportLayout
from trackfix_codemods.imports.leftovers import bound_by, is_handed_on
from trackfix_codemods.imports.spelling import Spelling
from trackfix_codemods.imports.statements import read_names


class ClientImports:
    """Makes the edits for one file whose sites have their places."""

    def __init__(
        self, names: FileNames, factory: ClientFactory, layout: ImportLayout, local: str
    ) -> None:
        self.names = names
        self.factory = factory
        self.layout = layout
        self.local = local
        self.changes = Changes()

    def edits(
        self, sites: Collection[Site], places: Iterable[Place], kept: Collection[str]
    ) -> list[Edit]:
        """All edits of the imports; the names ``kept`` of the module are needed elsewhere."""
        new = self.new_import()
        for place in places:
            if place.beside is not None:
                self.changes.of(place.beside).new.append(new)
            elif place.inside is not None:
                self.changes.edits.append(first_imports(self.layout, place.inside, [new]))
        for word, scope in left_over(self.names, sites):
            if scope is not self.names.scopes.module or word not in kept:
                for node in scope.bindings[word]:
                    assert isinstance(node, (ast.Import, ast.ImportFrom))
                    self.remove(node, word)
        for replacement in self.emptying():
            # Where the class is imported for the second time, so is the factory.
            replacement.new.append(new)
        config = self.names.meanings.project.config
        editor = ImportEditor(
            self.layout,
            config.line_length,
            lambda written: absolute(written, self.names.package),
            combine_as=config.combine_as,
        )
        return [*self.changes.edits, *editor.edits(list(self.changes.replacements.values()))]

    def new_import(self) -> NewImport:
        """The import of the factory, relative where the file has only such of its package."""
        module = self.factory.module
        top = self.names.package.partition(".")[0]
        imports = self.names.facts.imports
        written = [s.module for s in imports if s.module.partition(".")[0] in ("", top)]
        relative = bool(written) and all(module.startswith(".") for module in written)
        spelled = Spelling(self.names.package).module(module, relative=relative)
        return NewImport(module, spelled, imported(self.factory.name, self.local))

    def remove(self, node: Statement, word: str) -> None:
        gone = {
            position
            for position, alias in enumerate(node.names)
            if (alias.asname or bound_by(node, alias)) == word
        }
        suite = self.layout.suite(node)
        replacement = self.changes.of(node)
        is_all = len(suite) == 1 and not replacement.new and len(gone) == len(node.names)
        if is_all and self.names.is_for_checkers(node):
            self.remove_block(node)
            return
        replacement.gone |= gone
        if isinstance(node, ast.ImportFrom):
            replacement.new = self.commented(node, gone, replacement.new)

    def emptying(self) -> list[Replacement]:
        """The first import of each block that nothing would be left of."""

        def goes(node: ast.stmt) -> bool:
            found = self.changes.replacements.get(id(node))
            return found is not None and len(found.gone) == len(found.node.names) and not found.new

        firsts = ((r, self.layout.suite(r.node)) for r in self.changes.replacements.values())
        return [r for r, suite in firsts if suite[0] is r.node and all(map(goes, suite))]

    def remove_block(self, node: Statement) -> None:
        """Take ``if TYPE_CHECKING:`` away with the only statement in it, and with it the import of
        what it asks, if that was all."""
        block = self.names.parents[node]
        module = self.names.scopes.module
        if not isinstance(block, ast.If) or block.orelse:
            return
        self.changes.edits.append(self.layout.deletion([block]))
        asked = root_of(block.test)
        scope = next((u.scope for u in self.names.scopes.uses if u.node is asked), None)
        if asked is None or scope is not module:
            return
        nodes = module.bindings.get(asked.id, ())
        is_all = all(use.node is asked for use in self.names.scopes.uses_of(asked.id, module))
        if is_all and not is_handed_on(self.names, asked.id):
            for found in nodes:
                if isinstance(found, (ast.Import, ast.ImportFrom)):
                    self.remove(found, asked.id)

    def commented(
        self, node: ast.ImportFrom, gone: Collection[int], new: list[NewImport]
    ) -> list[NewImport]:
        """The new imports with the comment of the name in whose stead the factory comes."""
        old = read_names(self.layout.code(node))
        like = next((old[position] for position in sorted(gone) if old[position].has_comment), None)
        if like is None:
            return new
        return [
            replace(item, name=replace(item.name, comment=like.comment, above=like.above))
            if item.name is not None and item.home == self.factory.module
            else item
            for item in new
        ]
