"""Uses of a moved module by name: ``shim.f``, ``pkg.shim.f``, ``patch.object(shim, "f")``."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace

from trackfix.project.meaning.scopes import Scope, plain_string_span
from trackfix.project.moving.binding_plans import BindingPlan, MovedUse
from trackfix.project.project import Project
from trackfix.project.references.references import FileReferences, ModuleBinding
from trackfix.source.document import Edit
from trackfix_codemods.imports.changes import Changes, NewImport, Statement
from trackfix_codemods.imports.imported_name import ImportedName
from trackfix_codemods.imports.spelling import Spelling
from trackfix_codemods.imports.statements import read_names


class BindingRewriter:
    """Carries out how the uses of bound modules move."""

    def __init__(
        self, references: FileReferences, project: Project, spelling: Spelling, changes: Changes
    ) -> None:
        self.references = references
        self.scopes = references.scopes
        self.document = references.document
        self.path = references.document.path
        self.project = project
        self.spelling = spelling
        self.changes = changes

    def move(self, binding: ModuleBinding, plan: BindingPlan) -> None:
        """Change the import and the uses of one binding. What is imported by ``import_module``
        changes with the string that names it."""
        if plan.action == "rebind":
            self.bind_same(binding, plan.home, plan.moved)
        elif plan.action == "rename":
            self.rename(binding, plan)

    # The name stays, the import changes

    def bind_same(
        self, binding: ModuleBinding, home: str, renamed: Sequence[MovedUse] = ()
    ) -> None:
        for item in renamed:
            self.rename_attribute(item)
        for node, alias in binding.statements:
            replacement = self.changes.of(node)
            position = node.names.index(alias)
            replacement.gone.add(position)
            if isinstance(node, ast.ImportFrom):
                replacement.new.append(
                    self.spelling.module_import(
                        home, binding.name, relative=node.level > 0, like=self.name(node, position)
                    )
                )
            elif alias.asname is None:
                replacement.new.append(NewImport(home, home))
            else:
                asname = "" if home == binding.name else binding.name
                replacement.new.append(NewImport(home, home, None, asname))

    def name(self, node: ast.ImportFrom, position: int) -> ImportedName:
        """One name of a from-import, with its comments."""
        start, end = self.document.span(node)
        return read_names(self.document.text[start:end])[position]

    # The name goes, the uses change

    def rename(self, binding: ModuleBinding, plan: BindingPlan) -> None:
        new: list[NewImport] = []
        locals_ = dict(plan.at_hand)
        for item in plan.moved:
            home = item.target.module
            if home not in locals_:
                locals_[home] = self.local_name(binding, home, plan.moved, new, plain=plan.plain)
        for item in plan.moved:
            self.rewrite_use(item, locals_[item.target.module])
        if not plan.stays and plan.plain:
            new += self.still_needed(binding, new)
        self.place(binding, new, stays=plan.stays)

    def rewrite_use(self, item: MovedUse, local: str) -> None:
        use = item.use.use
        depth = item.use.depth + (0 if item.target.name else 1)
        self.changes.edits.append(Edit(use.start, use.ends[depth], local))
        if item.target.name:
            self.rename_attribute(item)

    def rename_attribute(self, item: MovedUse) -> None:
        use, target = item.use.use, item.target
        if target.name == item.use.attribute:
            return
        if item.use.literal is not None:
            span = plain_string_span(self.document, item.use.literal)
            assert span is not None
            self.changes.edits.append(Edit(*span, target.name))
        else:
            end = use.ends[item.use.depth + 1]
            self.changes.edits.append(Edit(end - len(item.use.attribute), end, target.name))

    def place(self, binding: ModuleBinding, new: list[NewImport], *, stays: bool) -> None:
        anchors: list[Statement] = [node for node, _ in binding.statements] or binding.roots[:1]
        for node in anchors:
            replacement = self.changes.of(node)
            gone = [node.names.index(alias) for other, alias in binding.statements if other is node]
            if stays:
                gone = []
            elif isinstance(node, ast.ImportFrom) and gone and new and new[0].name is not None:
                like = self.name(node, gone[0])
                named = replace(new[0].name, comment=like.comment, above=like.above)
                new = [replace(new[0], name=named), *new[1:]]
            replacement.gone.update(gone)
            replacement.new.extend(new)

    def local_name(
        self,
        binding: ModuleBinding,
        home: str,
        moved: Sequence[MovedUse],
        new: list[NewImport],
        *,
        plain: bool,
    ) -> str:
        """How the home is named in this file; adds the import for it to ``new``."""
        scopes = [item.use.use.scope for item in moved if item.target.module == home]
        root = home.partition(".")[0]
        if plain and self.is_free(root, binding.scope, scopes, root):
            if not self.imports_plainly(home, binding.scope):
                new.append(NewImport(home, home))
            return home
        relative = any(
            isinstance(node, ast.ImportFrom) and node.level > 0 for node, _ in binding.statements
        )
        parts = home.split(".")
        candidates = ["_".join(parts[-count:]) for count in range(1, len(parts) + 1)]
        candidates += [f"{candidates[-1]}_{number}" for number in range(2, 100)]
        taken = {item.asname or (item.name.local if item.name else item.home) for item in new}
        local = next(
            name
            for name in candidates
            if name not in taken and self.is_free(name, binding.scope, scopes, None)
        )
        if plain:
            new.append(NewImport(home, home, None, local))
        else:
            new.append(self.spelling.module_import(home, local, relative=relative))
        return local

    def is_free(self, name: str, scope: Scope, uses: list[Scope], package: str | None) -> bool:
        """Whether ``name`` can be bound in ``scope`` and read in ``uses``. A name bound there to
        the top-level ``package`` by plain imports will do as well."""
        for place in (scope, *uses):
            bound = self.scopes.binding_scope(name, place)
            if bound is None:
                if any(use.name == name for use in self.scopes.uses):
                    return False
                continue
            if package is None or bound is not scope:
                return False
            if not all(
                isinstance(node, ast.Import) and all(alias.asname != name for alias in node.names)
                for node in bound.bindings[name]
            ):
                return False
        return True

    def imports_plainly(self, home: str, scope: Scope) -> bool:
        return any(
            isinstance(node, ast.Import)
            and any(alias.name == home and alias.asname is None for alias in node.names)
            for node in scope.bindings.get(home.partition(".")[0], ())
        )

    def still_needed(self, binding: ModuleBinding, new: list[NewImport]) -> list[NewImport]:
        """Imports for the other uses of ``pkg`` once ``import pkg.shim`` is gone."""
        going = {id(node) for node, _ in binding.statements}
        going |= {id(n) for other in self.references.bindings for n, _ in other.statements}
        others = [node for node in binding.roots if id(node) not in going]
        if others or not binding.statements:
            return []
        handled = {
            id(use.use)
            for other in self.references.bindings
            for use in other.uses
            if other.name == binding.name and other.scope is binding.scope
        }
        modules: set[str] = set()
        for use in self.scopes.uses_of(binding.name, binding.scope):
            if id(use) in handled:
                continue
            module = binding.name
            for attribute in use.attributes:
                longer = self.project.find(f"{module}.{attribute}", self.path)
                if longer is None or not longer.path:
                    break
                module = longer.name
            modules.add(module)
        present = {item.home for item in new if item.name is None and not item.asname}
        return [
            NewImport(module, module)
            for module in sorted(modules)
            if not any(name == module or name.startswith(f"{module}.") for name in present)
        ]
