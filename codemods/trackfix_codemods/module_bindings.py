"""Uses of a moved module by name: ``shim.f``, ``pkg.shim.f``, ``patch.object(shim, "f")``."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from trackfix.project.moves import Moves, Target
from trackfix.project.project import Project
from trackfix.project.references import FileReferences, ModuleBinding, ModuleUse
from trackfix.project.scopes import Scope, plain_string_span
from trackfix.source.document import Edit
from trackfix_codemods.changes import Changes, NewImport, Statement
from trackfix_codemods.import_statements import ImportedName, read_names
from trackfix_codemods.spelling import Spelling

Problem = Callable[[Target, ast.AST], str]
# Obstacle, names used, line, and what carries it out.
Plan = tuple[str, frozenset[str], int, Callable[[], None]]


@dataclass(frozen=True, slots=True)
class _Moved:
    use: ModuleUse
    target: Target


class BindingRewriter:
    """Plans how the uses of one bound module move."""

    def __init__(
        self,
        references: FileReferences,
        project: Project,
        moves: Moves,
        spelling: Spelling,
        changes: Changes,
        problem: Problem,
    ) -> None:
        self.references = references
        self.scopes = references.scopes
        self.document = references.document
        self.path = references.document.path
        self.project = project
        self.moves = moves
        self.spelling = spelling
        self.changes = changes
        self.problem = problem
        # The home of each module that is imported by name, by the call that does it.
        self.call_homes: dict[int, str] = {}

    def plan(self, binding: ModuleBinding) -> Plan | None:
        """What is to be done with a binding; None when all its uses stay where they are."""
        names = frozenset(use.attribute for use in binding.uses if use.attribute)
        line = self.line(binding)

        def nothing() -> None:
            return None

        if binding.obstacle:
            return binding.obstacle, names, line, nothing
        moved: list[_Moved] = []
        for use in binding.uses:
            target = self.moves.target(binding.moved, use.attribute, self.path)
            if target is None:
                continue
            obstacle = self.problem(target, self.anchor(binding))
            if obstacle:
                return f"{use.attribute}: {obstacle}", names, line, nothing
            moved.append(_Moved(use, target))
        if not binding.uses:
            return self.unused(binding, line)
        if not moved:
            return None
        obstacle, apply = self.moved(binding, moved)
        return obstacle, names, line, apply

    def line(self, binding: ModuleBinding) -> int:
        if binding.uses:
            return self.document.place(binding.uses[0].use.start)[0]
        return self.document.place(self.document.span(self.anchor(binding))[0])[0]

    def anchor(self, binding: ModuleBinding) -> ast.stmt:
        """A statement that stands where the binding is made."""
        nodes: list[ast.stmt] = [node for node, _ in binding.statements] or [*binding.roots]
        if nodes:
            return nodes[0]
        call = binding.calls[0]
        parent = self.references.parents[call]
        assert isinstance(parent, ast.stmt)
        return parent

    def unused(self, binding: ModuleBinding, line: int) -> Plan | None:
        home = self.moves.only_home(binding.moved, self.path)
        if not binding.statements or binding.leads_below:
            return None
        if home is None or self.holds_modules(binding):
            return (
                f"{binding.moved.name} is imported, but none of its names is used here",
                frozenset(),
                line,
                lambda: None,
            )
        obstacle = self.problem(home, self.anchor(binding))
        return obstacle, frozenset(), line, lambda: self.bind_same(binding, home.module)

    def holds_modules(self, binding: ModuleBinding) -> bool:
        """Whether the moved module is a package with modules of its own: nothing else can take
        the place of the object."""
        found = self.project.find(binding.moved.name, self.path)
        if found is None or found.facts is None or not found.facts.is_package:
            return False
        folder = found.path.rpartition("/")[0]
        return any(
            path.startswith(f"{folder}/") and path != found.path for path in self.project.facts
        )

    def moved(self, binding: ModuleBinding, moved: list[_Moved]) -> tuple[str, Callable[[], None]]:
        homes = {item.target.module for item in moved}
        renamed = any(item.target.name != item.use.attribute for item in moved)
        stays = len(moved) < len(binding.uses) or binding.leads_below
        if any(not item.target.name and item.use.literal is not None for item in moved):
            return "a name of it that is itself a module is patched", lambda: None
        if binding.calls:
            if len(homes) > 1 or renamed or stays:
                return "it is imported by name, and its names have several homes", lambda: None
            self.call_homes.update({id(call): next(iter(homes)) for call in binding.calls})
            return "", lambda: None
        plain = self.is_plain(binding)
        whole = all(item.target.name for item in moved)
        keeps_name = not plain and len(homes) == 1 and whole and not stays and binding.statements
        if keeps_name and binding.scope.kind == "module" and self.holds_modules(binding):
            keeps_name = False
        in_magics = binding.name in self.document.magic_words
        if in_magics and self.moves.only_home(binding.moved, self.path) is None:
            return f"a magic line of the notebook uses {binding.name}", lambda: None
        if keeps_name and not renamed:
            return "", lambda: self.bind_same(binding, homes.pop())
        if in_magics:
            return f"a magic line of the notebook uses {binding.name}", lambda: None
        if not plain and self.is_named_elsewhere(binding):
            return f"another file names {binding.name} of this module", lambda: None
        if keeps_name:
            return "", lambda: self.bind_same(binding, homes.pop(), moved)
        return "", lambda: self.rename(binding, moved, plain=plain, stays=stays)

    def is_plain(self, binding: ModuleBinding) -> bool:
        """Whether the module is written as ``pkg.module`` where it is used."""
        if binding.statements:
            return any(
                isinstance(node, ast.Import) and alias.asname is None
                for node, alias in binding.statements
            )
        return bool(binding.roots) and self.is_plain_root(binding)

    def is_plain_root(self, binding: ModuleBinding) -> bool:
        return all(
            isinstance(node, ast.Import)
            and all(alias.asname != binding.name for alias in node.names)
            for node in binding.roots
        )

    def is_named_elsewhere(self, binding: ModuleBinding) -> bool:
        """Whether another file may refer to the name by which this one binds the module."""
        if binding.scope.kind != "module":
            return False
        own = self.project.primary_name(self.path) or ""
        last = own.rpartition(".")[2]
        if not last:
            return False
        facts = self.project.facts[self.path]
        if facts.exports is not None and binding.name in facts.exports.names:
            return True
        name = re.escape(binding.name)
        # Dotted, or as a string of its own: patch.object(consumer, "name").
        pattern = re.compile(
            rf"\b{re.escape(last)}\.{name}\b|\b{re.escape(last)}\b[^\n]*[\"']{name}[\"']".encode()
        )
        words = (last.encode(), binding.name.encode())
        for other, found in self.project.facts.items():
            data = self.project.read(other) if other != self.path else b""
            if all(word in data for word in words) and (
                pattern.search(data)
                or any(
                    binding.name in statement.names and statement.module.rpartition(".")[2] == last
                    for statement in found.imports
                )
            ):
                return True
        return False

    # The name stays, the import changes

    def bind_same(self, binding: ModuleBinding, home: str, renamed: Sequence[_Moved] = ()) -> None:
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

    def rename(
        self, binding: ModuleBinding, moved: list[_Moved], *, plain: bool, stays: bool
    ) -> None:
        new: list[NewImport] = []
        locals_: dict[str, str] = {}
        for item in moved:
            home = item.target.module
            if home not in locals_:
                locals_[home] = self.local_name(binding, home, moved, new, plain=plain)
        for item in moved:
            self.rewrite_use(item, locals_[item.target.module])
        if not stays and plain:
            new += self.still_needed(binding, moved, new)
        self.place(binding, new, stays=stays)

    def rewrite_use(self, item: _Moved, local: str) -> None:
        use = item.use.use
        depth = item.use.depth + (0 if item.target.name else 1)
        self.changes.edits.append(Edit(use.start, use.ends[depth], local))
        if item.target.name:
            self.rename_attribute(item)

    def rename_attribute(self, item: _Moved) -> None:
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
        moved: list[_Moved],
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

    def still_needed(
        self, binding: ModuleBinding, moved: list[_Moved], new: list[NewImport]
    ) -> list[NewImport]:
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
