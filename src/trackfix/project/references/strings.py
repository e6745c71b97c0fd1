"""References in strings: ``mock.patch`` targets and other dotted names."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace

from trackfix.project.facts.expressions import call_name, dotted, string_value
from trackfix.project.facts.module_facts import is_package
from trackfix.project.meaning.scopes import Scopes, plain_string_span
from trackfix.project.modules.hidden_modules import hidden_module
from trackfix.project.project import Module
from trackfix.project.references.dotted_names import DottedNames, moved_name, split_dotted
from trackfix.project.references.moves import MovedModule, Moves
from trackfix.project.references.replaced_names import replaced_names
from trackfix.project.references.string_contexts import (
    TAKES_MODULE,
    WITH_ATTRIBUTE,
    context_of,
    imported_by_name,
    lists_modules,
    patched_names,
    stands_in,
)
from trackfix.project.references.watches import tests_the_import, watched_import
from trackfix.project.test_paths import is_test_path, may_patch
from trackfix.source.document import Document
from trackfix.source.patterns import lazy_pattern

_DOTTED = lazy_pattern(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*(?::[^\W\d][\w.]*)?")
_QUOTED = lazy_pattern(r"(?<=[\"'])([^\W\d]\w*(?:\.[^\W\d]\w*)+)(?=[\"'])")


_NAME_A_MODULE = frozenset({"module", "entry", "reload", "multiple", "prefix"})
HANDED_ON = "the module itself is handed on, not a name of it"


@dataclass(frozen=True, slots=True)
class StringReference:
    """A string that names a moved module, or a name in one.

    ``start`` and ``end`` are the offsets of the text between the quotes; ``replacement`` is what
    should stand there. With an ``obstacle`` it is left alone. ``names`` are the names of the
    module that it is about, none of them means all. ``call`` is the ``import_module(...)`` that
    it is the argument of; ``is_plain`` tells that the text can be replaced as it stands, and
    ``is_looked_up`` that code may take what is named, or a test replace it, ``is_by_package`` that
    it is taken from the package, where an import must have put it. ``is_below`` tells that a test
    changes something in the object of that name: the name itself stays; ``is_entry`` that it is
    looked up in ``sys.modules``, where an import must have put it, ``is_stand_in`` that something
    else is put there, ``is_watched`` that the code around an import is about what that does,
    ``is_guess`` that the text does not name the module and may be about anything else.
    """

    node: ast.Constant
    moved: MovedModule
    names: frozenset[str]
    start: int
    end: int
    replacement: str
    obstacle: str
    unsafe: bool = False
    call: ast.Call | None = None
    is_plain: bool = True
    is_looked_up: bool = True
    is_by_package: bool = False
    is_below: bool = False
    is_entry: bool = False
    is_stand_in: bool = False
    is_watched: bool = False
    is_guess: bool = False


def string_references(
    document: Document, scopes: Scopes, parents: dict[ast.AST, ast.AST], moves: Moves
) -> list[StringReference]:
    """The strings of a document that name moved modules."""
    quoted = [use for use in scopes.uses if use.quoted]
    bound = [u.start for u in quoted if scopes.binding_scope(u.name, u.scope) is not None]
    unbound = {u.start for u in quoted} - set(bound)
    names = DottedNames(moves)
    docstrings = {id(node) for node in document.index.docstrings}
    built = _built_names(document, moves)
    project, path = moves.project, document.path
    package = Module(project.primary_name(path) or "", path, project.facts).package
    found = []
    for node in document.index.strings:
        if id(node) in docstrings or not isinstance(node.value, str):
            continue
        reference: StringReference | None = None
        name = _absolute_name(node, parents, package, document.path) or node.value
        if _DOTTED.fullmatch(name):
            span = plain_string_span(document, node)
            full_name = span is not None and span[0] in unbound
            reference = _read(node, name, document, scopes, parents, moves, full_name=full_name)
        if reference is None and (attribute := _module_attribute(node, parents, scopes, moves)):
            reference = replace(
                _unmovable(node, attribute, document, "the module is taken from its package"),
                is_looked_up=True,
                is_by_package=True,
            )
        if reference is None and node.value.lstrip(".") in built:
            moved = built[node.value.lstrip(".")]
            why = "it may be part of a name to import"
            reference = _unmovable(node, moved, document, why, is_looked_up=True, is_guess=True)
        if reference is None and node.value.endswith(".py"):
            named = names.by_file.get(node.value.rpartition("/")[2])
            if named is not None:
                reference = _unmovable(node, named, document, "it may name the file", is_guess=True)
        if reference is None and "." in node.value and not _DOTTED.fullmatch(node.value):
            mention = next(names.find(node.value), None)
            named = moves.find(mention[1], document.path) if mention else None
            if named is not None:
                # The beginning of a patch target, perhaps, but not a word in a sentence.
                begins = _DOTTED.fullmatch(node.value.rstrip(".")) is not None
                # As is one of a list in JSON, or in code that is written out.
                inner = _quoted_names(node.value, named, moves, path)
                reference = replace(
                    _unmovable(node, named, document, "part of a longer string"),
                    names=inner,
                    is_looked_up=begins or (bool(inner) and may_patch(path, document.code)),
                )
        if reference is None and "import" in node.value:
            imported = next(names.imported(node.value), None)
            named = moves.find(imported, document.path) if imported else None
            if named is not None:
                reference = _unmovable(node, named, document, "part of a longer string")
        if reference is None or _is_own_text(reference, document.path):
            continue
        first, last = document.span(node)
        if not any(first <= start < last for start in bound):
            found.append(reference)
    return found


def _quoted_names(text: str, moved: MovedModule, moves: Moves, path: str) -> frozenset[str]:
    """The names of a moved module that stand in quotes of their own within a text."""
    found = (split_dotted(match[1], moves, path) for match in _QUOTED.finditer(text))
    return frozenset(n.attribute for n in found if n and n.attribute and n.moved.key == moved.key)


def _module_attribute(
    node: ast.Constant, parents: dict[ast.AST, ast.AST], scopes: Scopes, moves: Moves
) -> MovedModule | None:
    """The moved module that ``getattr(package, "module")`` takes from its package, as
    ``attrgetter("module.name")(package)`` and ``patch.object(package, "module")`` do."""
    call = parents.get(node)
    if not isinstance(call, ast.Call):
        return None
    name = (call_name(call) or "").rpartition(".")[2]
    if name == "attrgetter" and node in call.args:
        given = parents.get(call)
        owners = given.args[:1] if isinstance(given, ast.Call) and given.func is call else []
    elif name in WITH_ATTRIBUTE and node in call.args[1:2]:
        owners = call.args[:1]
    else:
        return None
    wanted = string_value(node)
    package = "".join((dotted(owner) or "").rpartition(".")[2] for owner in owners)
    for key, entry in moves.by_key.items():
        *outer, last = entry.module.split(".")
        for depth in range(len(outer)):
            path = ".".join((*outer[len(outer) - depth :], last))
            is_meant = f"{wanted}.".startswith(f"{path}.") and bool(depth or package)
            if is_meant and _imported_as(scopes).get(package, package) in ("", outer[-1 - depth]):
                return MovedModule(entry.module, key, entry, False)
    return None


def _imported_as(scopes: Scopes) -> dict[str, str]:
    """The other names that a file has for what it imports, with the last part of the first."""
    return {
        alias.asname: alias.name.rpartition(".")[2]
        for statement in scopes.statement_scopes
        if isinstance(statement, (ast.Import, ast.ImportFrom))
        for alias in statement.names
        if alias.asname
    }


def _unmovable(
    node: ast.Constant,
    moved: MovedModule,
    document: Document,
    obstacle: str,
    *,
    is_looked_up: bool = False,
    is_guess: bool = False,
) -> StringReference:
    start, _ = document.span(node)
    reference = StringReference(node, moved, frozenset(), start, start, "", obstacle)
    return replace(reference, is_looked_up=is_looked_up, is_guess=is_guess)


def _built_names(document: Document, moves: Moves) -> dict[str, MovedModule]:
    """Last parts of moved modules, when the file imports modules by names that are built at run
    time or relative: a string such as ``"old"`` or ``".old"`` may then be part of one."""
    names = {
        entry.module.rpartition(".")[2]: MovedModule(entry.module, key, entry, False)
        for key, entry in moves.by_key.items()
    }
    facts = moves.project.facts.get(document.path) if is_package(document.path) else None
    if facts is not None and (facts.opaque or "__getattr__" in facts.bindings):
        folder = document.path.rpartition("/")[0]
        return {n: m for n, m in names.items() if m.key.rpartition("/")[0] == folder}
    for node in document.index.calls:
        if node.args:
            name = (call_name(node) or "").rpartition(".")[2]
            value = string_value(node.args[0])
            is_built = value is None and not isinstance(node.args[0], (ast.Name, ast.Attribute))
            if (name in TAKES_MODULE and (value is None or value.startswith("."))) or (
                name in ("patch", "setattr", "delattr") and is_built
            ):
                return names
    return {}


def _is_own_text(reference: StringReference, path: str) -> bool:
    """Whether a shim names itself, as in the text of its own warning."""
    return reference.moved.key == path and bool(reference.obstacle)


def _absolute_name(
    node: ast.Constant, parents: dict[ast.AST, ast.AST], package: str, path: str
) -> str | None:
    """What the name of a module that is to be imported means in a file of a ``package``; None for
    any other string, and where only a run tells."""
    call = parents.get(node)
    if not isinstance(call, ast.Call) or node not in call.args[:1]:
        return None
    is_import = (call_name(call) or "").rpartition(".")[2] in ("import_module", "find_spec")
    return imported_by_name(call, package, path) if is_import else None


def written_alike(written: str, old: str, new: str) -> str:
    """The name of a ``new`` module; relative if that of the ``old`` one is ``written`` so, and both
    are below one package."""
    rest = written.lstrip(".")
    package = old.removesuffix(rest)
    if rest == written or not old.endswith(f".{rest}") or not new.startswith(package):
        return new
    return written.removesuffix(rest) + new.removeprefix(package)


def _read(
    node: ast.Constant,
    value: str,
    document: Document,
    scopes: Scopes,
    parents: dict[ast.AST, ast.AST],
    moves: Moves,
    *,
    full_name: bool,
) -> StringReference | None:
    setter, _ = moves.project.aliases.get(value, ("", None))
    if setter == document.path and not is_test_path(setter):
        return None  # the entry of sys.modules itself; what a test puts there is its double
    found = split_dotted(value, moves, document.path)
    if found is None:
        return None
    context, call = ("type", None) if full_name else context_of(node, parents, scopes)
    if "." not in value and ":" not in value and context not in _NAME_A_MODULE:
        # One word may mean anything; where modules are listed it means the module.
        if not lists_modules(node, parents):
            return None
        return _unmovable(node, found.moved, document, "it names the module")
    if found.attribute == "__dict__":
        return _unmovable(node, found.moved, document, "it names all of it", is_looked_up=True)
    answer = moved_name(found, moves, document.path)
    if answer is None:
        return None
    replacement, obstacle, unsafe = answer
    if context in ("", "logger") and not obstacle:
        obstacle, unsafe = "nothing shows that this string is a reference", False
    names = frozenset({found.attribute} if found.attribute else ())
    if not found.attribute and context in ("multiple", "prefix"):
        names = patched_names(node, call, scopes, parents)
        replacement, obstacle = _multiple(names, found.moved, moves, document.path)
    if context == "reload":
        # To load the shim again is harmless; the home would become another object.
        obstacle = "the module is to be loaded again"
    place = parents[node]
    is_taken = context == "entry" and _is_taken(place)
    if is_taken and (call_name(parents[place]) or "").rpartition(".")[2] == "reload":
        obstacle = "the module is to be loaded again"
    if is_taken and is_test_path(document.path):
        replaced = replaced_names(place, parents, scopes)
        names = replaced or names
        obstacle = obstacle or (HANDED_ON if replaced is None else "")
    if context == "target" and not found.attribute:
        obstacle = "it names the module itself"
    if context in ("target", "type", "multiple", "prefix") and not obstacle:
        obstacle = hidden_module(replacement.partition(":")[0], moves.resolver, document.path)
    if context == "module" and call is not None and _gives_the_package(call, value, parents):
        obstacle = "__import__ gives the package that the name begins with, not the module"
    watched = context == "module" and call is not None and tests_the_import(call, parents)
    if watched and not obstacle:
        obstacle, unsafe = watched_import(document.path), False
    span = plain_string_span(document, node)
    plain = span is not None
    if span is None:
        start, _ = document.span(node)
        span = (start, start)
        obstacle = obstacle or "the string is not written in one plain piece"
    return StringReference(
        node,
        found.moved,
        names,
        *span,
        replacement,
        obstacle,
        unsafe and bool(obstacle),
        call if context == "module" else None,
        plain,
        context not in ("type", "logger"),
        is_entry=is_taken,
        is_below=context == "target" and (bool(found.rest) or _is_patch_of_dict(call)),
        is_stand_in=stands_in(node, parents, scopes),
        is_watched=watched,
    )


def _is_taken(place: ast.AST | None) -> bool:
    """Whether an entry of ``sys.modules`` is read, and not put there."""
    if isinstance(place, ast.Subscript):
        return isinstance(place.ctx, ast.Load)
    return (call_name(place) or "") == "sys.modules.get"


def _is_patch_of_dict(call: ast.Call | None) -> bool:
    """https://docs.python.org/3/library/unittest.mock.html#patch-dict"""
    return call is not None and (call_name(call) or "").rpartition(".")[2] == "dict"


def _gives_the_package(call: ast.Call, module: str, parents: dict[ast.AST, ast.AST]) -> bool:
    """``__import__("lib.old").old``: without names to take, the value is ``lib``.

    https://docs.python.org/3/library/functions.html#import__
    """
    takes_names = len(call.args) > 3 or any(k.arg in ("fromlist", None) for k in call.keywords)
    is_used = not isinstance(parents.get(call), ast.Expr)
    name = (call_name(call) or "").rpartition(".")[2]
    return name == "__import__" and "." in module and is_used and not takes_names


def _multiple(
    names: frozenset[str], moved: MovedModule, moves: Moves, path: str
) -> tuple[str, str]:
    """The one home of the names that ``patch.multiple`` patches, and what stands in the way."""
    targets = {name: moves.target(moved, name, path) for name in sorted(names)}
    homes = set()
    for name, target in targets.items():
        if target is None or target.obstacle:
            return "", (target.obstacle if target else "") or f"{name} stays in {moved.name}"
        if target.name != name:
            return "", f"{name} has another name in {target.module}"
        homes.add(target.module)
    return (homes.pop(), "") if len(homes) == 1 else ("", "its names have no single home")
