"""The proof that edited files are as sound as they were, without running them."""

from __future__ import annotations

import ast
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from trackfix.project.facts.expressions import call_name, dotted, string_value
from trackfix.project.facts.module_facts import Import
from trackfix.project.loading.cycles import ImportGraph
from trackfix.project.meaning.scope_analysis import analyse, unused_imports, used_imports
from trackfix.project.modules.resolution import Resolver
from trackfix.project.modules.takers import names_taken_from
from trackfix.project.project import Module, Project, absolute
from trackfix.source.document import Document
from trackfix.source.errors import TOO_DEEP, SourceError


@dataclass(frozen=True, slots=True)
class Failure:
    """Why the new contents of a file are refused."""

    path: str
    reason: str


def verify(
    before: Project,
    after: Project,
    contents: Mapping[str, bytes | None],
    statements: Mapping[str, Mapping[str, int]] | None = None,
) -> list[Failure]:
    """What is wrong with the ``contents`` that lead from ``before`` to ``after``.

    Each file must parse; each import that was added must resolve; no name may have become
    undefined, and no import unused; no statement other than imports may have come or gone, but
    as many of a kind as ``statements`` announces for a file; no import cycle may have been closed;
    and nothing may import a module that was removed.
    """
    failures: list[Failure] = []
    resolver = Resolver(after)
    old_graph, new_graph = ImportGraph(before), ImportGraph(after)
    for path, data in contents.items():
        if data is None:
            failures += _still_imported(path, before, after)
            continue
        problem = next((p for p in after.problems if p.path == path), None)
        if problem is not None:
            failures.append(Failure(path, problem.message))
            continue
        reasons = [
            *_not_compiled(path, before, after),
            *_unresolved(path, before, after, resolver),
            *_names(path, before, after),
            *_skeleton(path, before, after, (statements or {}).get(path, {})),
            *_cycles(path, old_graph, new_graph),
        ]
        failures += [Failure(path, reason) for reason in reasons[:1]]
    return failures


def _not_compiled(path: str, before: Project, after: Project) -> Iterator[str]:
    """What the compiler refuses although it parses, such as a ``nonlocal`` without a binding."""

    def problem(project: Project) -> str:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                compile(project.document(path).code, path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            return str(error)
        except TOO_DEEP:
            return "nested too deeply to compile"
        return ""

    new = problem(after)
    if new and not problem(before):
        yield new


def _added(path: str, before: Project, after: Project) -> Iterator[Import]:
    def keys(project: Project) -> Counter[tuple[str, tuple[str, ...]]]:
        return Counter((i.module, i.names) for i in project.facts[path].imports)

    old = keys(before)
    for statement in after.facts[path].imports:
        key = (statement.module, statement.names)
        if old[key]:
            old[key] -= 1
        else:
            yield statement


def _unresolved(path: str, before: Project, after: Project, resolver: Resolver) -> Iterator[str]:
    name = after.primary_name(path) or ""
    package = Module(name, path, after.facts[path]).package
    for statement in _added(path, before, after):
        target = absolute(statement.module, package)
        line = after.document(path).file_line(statement.line)
        if target is None:
            yield f"line {line}: {statement.module} climbs out of the package"
            continue
        for member in statement.names or ("",):
            if member == "*":
                member = ""
            found = resolver.resolve(target, member, path)
            if found.status == "external" and before.find(target) is not None:
                found = resolver.resolve(target, member)
            if found.status in ("missing", "cyclic") and member not in _names_before(
                path, before, statement.module
            ):
                yield f"line {line}: {statement.module} has no {member or 'such module'}"


def _names_before(path: str, before: Project, module: str) -> set[str]:
    """What the file imported from a module already: it may be unknown to us, and yet there."""
    return {
        name
        for statement in before.facts[path].imports
        if statement.module == module
        for name in statement.names
    }


def _names(path: str, before: Project, after: Project) -> Iterator[str]:
    old, new = before.document(path), after.document(path)
    undefined = analyse(new).undefined()
    lost = undefined - analyse(old).undefined()
    if before.facts[path].stars:
        now = _star_names(path, after)
        lost = set() if now is None else undefined & ((_star_names(path, before) or set()) - now)
    if lost:
        yield f"{min(lost)} became undefined"
    unused_before, unused_after = _unused_imports(old), _unused_imports(new)
    unused = unused_after - unused_before
    unused = unused - set(_meant_for_others(path, after)) if unused else unused
    if len(unused) > len(unused_before - unused_after) and not before.facts[path].stars:
        yield f"the import of {min(unused)} became unused"


def _unused_imports(document: Document) -> set[str]:
    """The imports at the top that nobody reads: a function that has such a name itself does not."""
    scopes = analyse(document)
    owners = ((use.name, scopes.binding_scope(use.name, use.scope)) for use in scopes.uses)
    read = {name for name, owner in owners if owner is None or owner.kind in ("module", "class")}
    return unused_imports(document) | (used_imports(document) - read)


def _meant_for_others(path: str, project: Project) -> Iterator[str]:
    """The imported names of a file that are there for other files, for magics, or on purpose."""
    facts = project.facts[path]
    yield from names_taken_from(project, path)
    yield from project.document(path).magic_words
    yield from facts.exports.names if facts.exports else ()
    for name, bindings in facts.bindings.items():
        if facts.is_package or any(binding.deliberate for binding in bindings):
            yield name


def _star_names(path: str, project: Project) -> set[str] | None:
    """The names that the star imports of a file bind; None when one of them can't be told."""
    resolver = Resolver(project)
    package = Module(project.primary_name(path) or "", path, project.facts[path]).package
    names: set[str] = set()
    for star in project.facts[path].stars:
        target = absolute(star.module, package)
        found = resolver.star_names(target, path) if target else None
        if found is None:
            return None
        names |= found
    return names


def _skeleton(
    path: str, before: Project, after: Project, announced: Mapping[str, int]
) -> Iterator[str]:
    """Statements other than imports must be the same ones, but for those that are announced; a try
    around imports may go, and an ``if TYPE_CHECKING:``."""

    def kinds(project: Project) -> list[str]:
        return [
            type(node).__name__
            for node in ast.walk(project.document(path).tree)
            if isinstance(node, (ast.stmt, ast.Call))
            and not isinstance(node, (ast.Import, ast.ImportFrom, ast.Try))
            and not (_takes_known_name(node) or _only_for_checkers(node))
        ]

    try:
        expected = Counter(kinds(before))
        expected.update(announced)
        if +expected != Counter(kinds(after)):
            yield "a statement that is no import was changed"
    except SourceError as error:
        yield error.message


def _takes_known_name(node: ast.AST) -> bool:
    """``getattr(module, "name")``, which is as good as ``module.name``."""
    return (
        isinstance(node, ast.Call)
        and call_name(node) == "getattr"
        and len(node.args) == 2
        and string_value(node.args[1]) is not None
    )


def _only_for_checkers(node: ast.AST) -> bool:
    """``if TYPE_CHECKING:`` with nothing but imports in it."""
    return (
        isinstance(node, ast.If)
        and (dotted(node.test) or "").rpartition(".")[2] == "TYPE_CHECKING"
        and all(isinstance(inner, (ast.Import, ast.ImportFrom)) for inner in node.body)
        and not node.orelse
    )


def _cycles(path: str, before: ImportGraph, after: ImportGraph) -> Iterator[str]:
    known = before.reachable(path)
    for loaded in sorted(after.loads(path) - known):
        if path in after.reachable(loaded) and after.comes_back(loaded, path):
            yield f"importing {loaded} closes an import cycle"


def _still_imported(path: str, before: Project, after: Project) -> Iterator[Failure]:
    gone = {name for name in before.names_of(path) if after.find(name) is None}
    for other, facts in after.facts.items():
        name = after.primary_name(other) or ""
        package = Module(name, other, facts).package
        for statement in facts.imports:
            target = absolute(statement.module, package)
            members = {f"{target}.{member}" for member in statement.names}
            if target in gone or (members & gone and not _binds(after, target, members & gone)):
                line = after.document(other).file_line(statement.line)
                yield Failure(path, f"{other}:{line} still imports it")


def _binds(project: Project, package: str | None, names: set[str]) -> bool:
    """Whether a package itself binds the names of submodules that are gone."""
    module = project.find(package) if package else None
    return (
        module is not None
        and module.facts is not None
        and all(name.rpartition(".")[2] in module.facts.bindings for name in names)
    )
