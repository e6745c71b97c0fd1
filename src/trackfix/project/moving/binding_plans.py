"""What becomes of a moved module that is bound to a name, and of its uses."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from trackfix.project.modules.hidden_modules import hidden_module
from trackfix.project.project import absolute
from trackfix.project.references.moves import Moves, Target
from trackfix.project.references.notebook_runs import NotebookRuns
from trackfix.project.references.references import (
    FileReferences,
    ModuleBinding,
    ModuleUse,
    Statement,
)

Problem = Callable[[Target, ast.stmt], str]


@dataclass(frozen=True, slots=True)
class MovedUse:
    """A use of a moved module, and where the name that it takes belongs."""

    use: ModuleUse
    target: Target


@dataclass(frozen=True, slots=True)
class BindingPlan:
    """How the uses of a bound module move, if there is no ``obstacle``.

    ``rebind`` keeps the name and imports ``home`` under it. ``rename`` changes the ``moved`` uses
    and takes the name away, unless it ``stays`` for others; ``plain`` tells that the module is
    written as ``pkg.module``, ``at_hand`` by which names the file has homes already. For ``calls``,
    the argument of ``import_module`` becomes ``home``.
    """

    line: int
    obstacle: str = ""
    names: frozenset[str] = frozenset()
    action: Literal["rebind", "rename", "calls", ""] = ""
    home: str = ""
    moved: tuple[MovedUse, ...] = ()
    plain: bool = False
    stays: bool = False
    at_hand: Mapping[str, str] = field(default_factory=dict)


class BindingPlanner:
    """Plans how the bound modules of one file move."""

    def __init__(
        self, references: FileReferences, package: str, moves: Moves, problem: Problem
    ) -> None:
        """``package`` is what relative imports of the file start from, ``problem`` says why
        something must not be moved to a target."""
        self.references = references
        self.package = package
        self.document = references.document
        self.path = references.document.path
        self.moves = moves
        self.project = moves.project
        self.problem = problem

    def plan(self, binding: ModuleBinding) -> BindingPlan | None:
        """What is to be done with a binding; None when all its uses stay where they are."""
        names = frozenset(use.attribute for use in binding.uses if use.attribute)
        line = self._line(binding)
        if binding.obstacle:
            return BindingPlan(line, binding.obstacle, names)
        moved: list[MovedUse] = []
        for use in binding.uses:
            target = self.moves.target(binding.moved, use.attribute, self.path)
            if target is None:
                continue
            obstacle = self.problem(target, anchor(binding, self.references))
            if obstacle:
                return BindingPlan(line, f"{use.attribute}: {obstacle}", names)
            moved.append(MovedUse(use, target))
        if not binding.uses:
            return self._unused(binding, line)
        return self._moved(binding, tuple(moved), names, line) if moved else None

    def _line(self, binding: ModuleBinding) -> int:
        if binding.uses:
            return self.document.place(binding.uses[0].use.start)[0]
        return self.document.file_line(anchor(binding, self.references).lineno)

    def _unused(self, binding: ModuleBinding, line: int) -> BindingPlan | None:
        home = self.moves.only_home(binding.moved, self.path)
        if not binding.statements or binding.leads_below:
            return None
        if any(s.moved.key == binding.moved.key and s.obstacle for s in self.references.strings):
            return BindingPlan(line, f"{binding.moved.name} is also named in a string here")
        if home is None or self._holds_modules(binding):
            return BindingPlan(
                line, f"{binding.moved.name} is imported, but none of its names is used here"
            )
        obstacle = self.problem(home, anchor(binding, self.references))
        return BindingPlan(line, obstacle, action="rebind", home=home.module)

    def _holds_modules(self, binding: ModuleBinding) -> bool:
        """Whether the moved module is a package with modules of its own: nothing else can take
        the place of the object."""
        found = self.project.find(binding.moved.name, self.path)
        if found is None or found.facts is None or not found.facts.is_package:
            return False
        folder = found.path.rpartition("/")[0]
        return any(
            path.startswith(f"{folder}/") and path != found.path for path in self.project.facts
        )

    def _moved(
        self,
        binding: ModuleBinding,
        moved: tuple[MovedUse, ...],
        names: frozenset[str],
        line: int,
    ) -> BindingPlan:
        def blocked(obstacle: str) -> BindingPlan:
            return BindingPlan(line, obstacle, names)

        homes = {item.target.module for item in moved}
        home = min(homes)
        renamed = any(item.target.name != item.use.attribute for item in moved)
        stays = len(moved) < len(binding.uses) or binding.leads_below
        if any(not item.target.name and item.use.literal is not None for item in moved):
            return blocked("a name of it that is itself a module is patched")
        if binding.calls:
            if len(homes) > 1 or renamed or stays:
                return blocked("it is imported by name, and its names have several homes")
            return BindingPlan(line, "", names, "calls", home)
        for module in sorted(homes):
            hidden = hidden_module(module, self.moves.resolver, self.path)
            if hidden:
                return blocked(hidden)
        if binding.scope.kind == "class" and self._is_taken_from_class(binding):
            return blocked(f"{binding.name} is an attribute of a class, and may be taken from that")
        plain = self._is_plain(binding)
        if binding.scope.kind == "module":
            word = binding.moved.name if plain else binding.name
            taker = self.moves.resolver.analysis(NotebookRuns).taker(self.path, word)
            if taker:
                return blocked(f"{taker} runs this notebook, and may use {word}")
        if plain and self._is_taken_by_another_name(binding):
            return blocked(f"{binding.name} is handed on, and the module may be taken from that")
        whole = all(item.target.name for item in moved)
        keeps_name = not (plain or stays) and len(homes) == 1 and whole and bool(binding.statements)
        if keeps_name and binding.scope.kind == "module" and self._holds_modules(binding):
            keeps_name = False
        in_magics = binding.name in self.document.magic_words
        if keeps_name and not in_magics and self._would_mislead(binding, home):
            keeps_name = self._is_named_elsewhere(binding, binding.name)
        if in_magics and self.moves.only_home(binding.moved, self.path) is None:
            return blocked(f"a magic line of the notebook uses {binding.name}")
        if keeps_name and not renamed:
            return BindingPlan(line, "", names, "rebind", home)
        if in_magics:
            return blocked(f"a magic line of the notebook uses {binding.name}")
        word = binding.moved.name if plain else binding.name
        if self._is_named_elsewhere(binding, word):
            return blocked(f"another file names {word} of this module")
        if keeps_name:
            return BindingPlan(line, "", names, "rebind", home, moved)
        if not (binding.statements or plain or self._has_other_uses(binding)):
            return blocked(f"the import of {binding.name} would be left without a use")
        at_hand = {} if plain else self._at_hand(binding, moved)
        return BindingPlan(line, "", names, "rename", "", moved, plain, stays, at_hand)

    def _at_hand(self, binding: ModuleBinding, moved: Iterable[MovedUse]) -> dict[str, str]:
        """The homes that an import above, or the same one, has bound in the scope of the binding,
        each with a name that means it in all places that want it, and nowhere else."""
        first = min((node.lineno for node, _ in binding.statements), default=0)
        statements = [
            node
            for node in getattr(binding.scope.node, "body", ())
            if isinstance(node, (ast.Import, ast.ImportFrom)) and node.lineno <= first
        ]
        found: dict[str, str] = {}
        for home in dict.fromkeys(item.target.module for item in moved):
            places = [item.use.use.scope for item in moved if item.target.module == home]
            for name in self._names_of(home, statements):
                if (
                    len(binding.scope.bindings.get(name, ())) == 1
                    and all(
                        self.references.scopes.binding_scope(name, place) is binding.scope
                        for place in places
                    )
                    and not self._is_named_elsewhere(binding, name)
                ):
                    found.setdefault(home, name)
        return found

    def _names_of(self, home: str, statements: Iterable[Statement]) -> Iterator[str]:
        """The names that some imports bind to a module itself."""
        for node in statements:
            written = "" if isinstance(node, ast.Import) else "." * node.level + (node.module or "")
            parent = absolute(written, self.package) if written else ""
            for alias in node.names:
                module = f"{parent}.{alias.name}" if parent else alias.name
                if module == home and (written or alias.asname):
                    yield alias.asname or alias.name

    def _has_other_uses(self, binding: ModuleBinding) -> bool:
        """Whether the name that leads to a moved module is used for other things, too."""
        moved = {
            id(use.use)
            for other in self.references.bindings
            for use in other.uses
            if (other.name, other.scope) == (binding.name, binding.scope)
        }
        uses = self.references.scopes.uses_of(binding.name, binding.scope)
        return any(id(use) not in moved for use in uses)

    def _would_mislead(self, binding: ModuleBinding, home: str) -> bool:
        """Whether a library would go by the name of a shim of ours, which nobody chose for it."""
        names_itself = all(alias.asname is None for _, alias in binding.statements)
        is_shim = binding.moved.entry is not None
        return is_shim and names_itself and self.project.find(home, self.path) is None

    def _is_plain(self, binding: ModuleBinding) -> bool:
        """Whether the module is written as ``pkg.module`` where it is used."""
        if binding.statements:
            return binding.is_plain
        return bool(binding.roots) and all(
            isinstance(node, ast.Import)
            and all(alias.asname != binding.name for alias in node.names)
            for node in binding.roots
        )

    def _is_taken_by_another_name(self, binding: ModuleBinding) -> bool:
        """Whether the file hands on a package around the module, and takes an attribute of the name
        of the module from something else: ``p = lib`` and ``p.old.f()``."""
        below = tuple(binding.moved.name.split("."))[1:]
        uses = self.references.scopes.uses_of(binding.name, binding.scope)
        if not any(use.attributes == below[: len(use.attributes)] != below for use in uses):
            return False
        known = {id(node) for use in uses for node in use.chain}
        return any(
            isinstance(node, ast.Attribute) and node.attr == below[-1] and id(node) not in known
            for node in ast.walk(self.document.tree)
        )

    def _is_taken_from_class(self, binding: ModuleBinding) -> bool:
        """Whether a file may take the module from the class in whose body it is bound, and from
        that a name that its home does not have: ``self.old.f()``."""
        if self.moves.only_home(binding.moved, self.path) is not None:
            return False
        pattern = re.compile(rf"[.\"']\s*{re.escape(binding.name)}\b".encode())
        return any(
            pattern.search(self.project.read_if_possible(path)) for path in self.project.facts
        )

    def _is_named_elsewhere(self, binding: ModuleBinding, name: str) -> bool:
        """Whether another file may refer to the name by which this one binds the module, or by
        which it reaches the module: ``consumer.pkg.module`` after ``import pkg.module``."""
        if binding.scope.kind != "module":
            return False
        own = self.project.primary_name(self.path) or ""
        last = own.rpartition(".")[2]
        if not last:
            return False
        facts = self.project.facts[self.path]
        if facts.exports is not None and name in facts.exports.names:
            return True
        found = self.project.facts.holding_all([last.encode(), name.encode()])
        return any(
            names_attribute(self.project.read_if_possible(other), last, name)
            or self._is_taken(name, last, other)
            for other in sorted(found - {self.path})
        )

    def _is_taken(self, name: str, module: str, path: str) -> bool:
        """Whether a file imports a name from a module whose last part this is."""
        taken = f"{module}.{name}"
        # A file may spell others than ASCII in other bytes, by its encoding and its accents.
        if taken.isascii() and not any(
            f".{member.decode(errors='replace')}".endswith(f".{taken}")
            for member in self.project.facts.glance(path).members
        ):
            return False
        return any(
            name in statement.names and statement.module.rpartition(".")[2] == module
            for statement in self.project.facts[path].imports
        )


def names_attribute(data: bytes, module: str, name: str) -> bool:
    """Whether a text names an attribute of a module, or of another name for it: dotted, or as a
    string of its own, ``patch.object(consumer, "name")``."""
    word = name.encode()
    if not any(quote + word in data for quote in (b".", b"'", b'"')):
        return False
    own = re.escape(module).encode()
    others = re.findall(rb"\b%b\s+as\s+(\w+)" % own, data)
    owner = b"|".join([own, *others])
    taken = re.escape(name).encode()
    pattern = rb"\b(?:%b)\.%b\b" % (owner, taken)
    if "." not in name:
        pattern += rb"|\b(?:%b)\b[^\n]*[\"']%b[\"']" % (owner, taken)
    return re.search(pattern, data) is not None


def anchor(binding: ModuleBinding, references: FileReferences) -> ast.stmt:
    """A statement that stands where the binding is made."""
    nodes: list[ast.stmt] = [node for node, _ in binding.statements] or [*binding.roots]
    if nodes:
        return nodes[0]
    parent = references.parents[binding.calls[0]]
    assert isinstance(parent, ast.stmt)
    return parent
