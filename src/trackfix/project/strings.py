"""References in strings: ``mock.patch`` targets and other dotted names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from trackfix.project.expressions import call_name, dotted, string_value
from trackfix.project.moves import MovedModule, Moves
from trackfix.project.scopes import Scopes, Use, plain_string_span
from trackfix.source.document import Document

_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?::[A-Za-z_][\w.]*)?")

_MODULE_LISTS = frozenset({"py_modules", "modules", "packages", "hiddenimports", "autoload"})
_TOKEN = re.compile(r"(?<![\w.])[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
_TAKES_TARGET = frozenset({"patch", "setattr", "delattr", "dict", "resolve_name", "AsyncPatch"})
# https://docs.python.org/3/library/unittest.mock.html#patch-multiple
_PATCH_OPTIONS = frozenset({"spec", "create", "spec_set", "autospec", "new_callable"})
_TAKES_MODULE = frozenset({"import_module", "importorskip", "__import__", "find_spec"})


@dataclass(frozen=True, slots=True)
class StringReference:
    """A string that names a moved module, or a name in one.

    ``start`` and ``end`` are the offsets of the text between the quotes; ``replacement`` is what
    should stand there. With an ``obstacle`` it is left alone. ``names`` are the names of the
    module that it is about, none of them means all. ``call`` is the ``import_module(...)`` that
    it is the argument of; ``is_plain`` tells that the text can be replaced as it stands, and
    ``may_patch`` that what is named may be replaced by a test.
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
    may_patch: bool = True


class DottedNames:
    """Finds the dotted names of moved modules in running text."""

    def __init__(self, moves: Moves) -> None:
        self._project = moves.project
        self.keys = dict.fromkeys((name for name in moves.module_renames if "." in name), "")
        for key, entry in moves.by_key.items():
            for name in moves.names_of(entry):
                if "." in name:
                    self.keys[name] = key
        self.by_file = {
            entry.path.rpartition("/")[2]: MovedModule(entry.module, key, entry, False)
            for key, entry in moves.by_key.items()
            if not entry.virtual and not entry.path.endswith("__init__.py")
        }
        self._tops = frozenset(name.partition(".")[0] for name in self.keys)

    def find(self, text: str) -> Iterator[tuple[int, str]]:
        """Offset and name of each place where ``text`` names one of them, or a name in one."""
        for match in _TOKEN.finditer(text):
            name = match.group()
            if name.partition(".")[0] not in self._tops or name.endswith((".py", ".pyi")):
                continue
            while "." in name and name not in self.keys:
                if self._project.find(name) is not None:
                    break  # another module, perhaps below a moved package
                name = name.rpartition(".")[0]
            if name in self.keys:
                yield match.start(), name


@dataclass(frozen=True, slots=True)
class DottedName:
    """A dotted string taken apart: the moved module, the name in it, and what follows."""

    moved: MovedModule
    attribute: str
    rest: str
    separator: str


def split_dotted(value: str, moves: Moves, path: str) -> DottedName | None:
    """The moved module that the dotted name ``value`` begins with, if any."""
    before, colon, after = value.partition(":")
    parts = before.split(".")
    for count in range(len(parts), 0, -1):
        prefix = ".".join(parts[:count])
        moved = moves.find(prefix, path)
        if moved is not None:
            names = parts[count:] + (after.split(".") if colon else [])
            separator = ":" if colon and count == len(parts) else "."
            return DottedName(moved, names[0] if names else "", ".".join(names[1:]), separator)
        if moves.project.find(prefix, path) is not None:
            return None
    return None


def moved_name(found: DottedName, moves: Moves, path: str) -> tuple[str, str, bool] | None:
    """What ``found`` should read instead, the obstacle, and whether that is only unsafe;
    None when the name stays where it is."""
    if not found.attribute:
        home = moves.only_home(found.moved, path)
        if home is None:
            return "", "not all its names are in one module under the same names", False
        return home.module, home.obstacle, home.unsafe
    target = moves.target(found.moved, found.attribute, path)
    if target is None:
        return None
    rest = f".{found.rest}" if found.rest else ""
    if not target.name:
        return f"{target.module}{rest}", target.obstacle or "it names a module", False
    text = f"{target.module}{found.separator}{target.name}{rest}"
    return text, target.obstacle, target.unsafe


def string_references(
    document: Document, scopes: Scopes, parents: dict[ast.AST, ast.AST], moves: Moves
) -> list[StringReference]:
    """The strings of a document that name moved modules."""
    quoted = [use for use in scopes.uses if use.quoted]
    bound = [u.start for u in quoted if scopes.binding_scope(u.name, u.scope) is not None]
    unbound = {u.start for u in quoted} - set(bound)
    names = DottedNames(moves)
    docstrings = {id(node) for node in document.index.docstrings}
    built = _built_names(document.index.calls, moves)
    found = []
    for node in document.index.strings:
        if id(node) in docstrings or not isinstance(node.value, str):
            continue
        reference: StringReference | None = None
        if _DOTTED.fullmatch(node.value):
            span = plain_string_span(document, node)
            full_name = span is not None and span[0] in unbound
            reference = _read(node, document, scopes, parents, moves, full_name=full_name)
        if reference is None and node.value.lstrip(".") in built:
            moved = built[node.value.lstrip(".")]
            reference = _unmovable(node, moved, document, "it may be part of a name to import")
        if reference is None and node.value.endswith(".py"):
            named = names.by_file.get(node.value.rpartition("/")[2])
            if named is not None:
                reference = _unmovable(node, named, document, "it may name the file")
        if reference is None and "." in node.value and not _DOTTED.fullmatch(node.value):
            mention = next(names.find(node.value), None)
            named = moves.find(mention[1], document.path) if mention else None
            if named is not None:
                # The beginning of a patch target, perhaps, but not a word in a sentence.
                begins = _DOTTED.fullmatch(node.value.rstrip(".")) is not None
                reference = _unmovable(
                    node, named, document, "part of a longer string", may_patch=begins
                )
        if reference is None or _is_own_text(reference, document.path):
            continue
        first, last = document.span(node)
        if not any(first <= start < last for start in bound):
            found.append(reference)
    return found


def _lists_modules(node: ast.Constant, parents: dict[ast.AST, ast.AST]) -> bool:
    """Whether a string stands in a keyword such as ``py_modules`` of a ``setup`` call."""
    current: ast.AST | None = parents.get(node)
    while isinstance(current, (ast.List, ast.Tuple, ast.Set)):
        current = parents.get(current)
    return isinstance(current, ast.keyword) and current.arg in _MODULE_LISTS


def _unmovable(
    node: ast.Constant,
    moved: MovedModule,
    document: Document,
    obstacle: str,
    *,
    may_patch: bool = False,
) -> StringReference:
    start, _ = document.span(node)
    return StringReference(
        node, moved, frozenset(), start, start, "", obstacle, may_patch=may_patch
    )


def _built_names(calls: Iterable[ast.Call], moves: Moves) -> dict[str, MovedModule]:
    """Last parts of moved modules, when the file imports modules by names that are built at run
    time or relative: a string such as ``"old"`` or ``".old"`` may then be part of one."""
    for node in calls:
        if node.args:
            name = (call_name(node) or "").rpartition(".")[2]
            value = string_value(node.args[0])
            if name in _TAKES_MODULE and (value is None or value.startswith(".")):
                return {
                    entry.module.rpartition(".")[2]: MovedModule(entry.module, key, entry, False)
                    for key, entry in moves.by_key.items()
                }
    return {}


def _is_own_text(reference: StringReference, path: str) -> bool:
    """Whether a shim names itself, as in the text of its own warning."""
    return reference.moved.key == path and bool(reference.obstacle)


def _read(
    node: ast.Constant,
    document: Document,
    scopes: Scopes,
    parents: dict[ast.AST, ast.AST],
    moves: Moves,
    *,
    full_name: bool,
) -> StringReference | None:
    value = str(node.value)
    if moves.project.aliases.get(value, ("",))[0] == document.path:
        return None  # the entry of sys.modules itself
    found = split_dotted(value, moves, document.path)
    if found is None:
        return None
    context, call = ("type", None) if full_name else _context(node, parents, scopes)
    if "." not in value and ":" not in value and context not in ("module", "entry", "reload"):
        # One word may mean anything; where modules are listed it means the module.
        if not _lists_modules(node, parents):
            return None
        return _unmovable(node, found.moved, document, "it names the module")
    answer = moved_name(found, moves, document.path)
    if answer is None:
        return None
    replacement, obstacle, unsafe = answer
    if not context and not obstacle:
        obstacle, unsafe = "nothing shows that this string is a reference", False
    names = frozenset({found.attribute} if found.attribute else ())
    if not found.attribute and context in ("multiple", "prefix"):
        names = _patched_names(node, call, scopes, parents)
        replacement, obstacle = _multiple(names, found.moved, moves, document.path)
    if context == "reload":
        # To load the shim again is harmless; the home would become another object.
        obstacle = "the module is to be loaded again"
    if context == "target" and not found.attribute:
        obstacle = "it names the module itself"
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
    )


def _context(
    node: ast.Constant, parents: dict[ast.AST, ast.AST], scopes: Scopes
) -> tuple[str, ast.Call | None]:
    """What shows that a string is a reference: ``target`` (of a patch), ``prefix`` (a constant that
    patch targets begin with), ``module`` (an import by name), ``multiple`` (``patch.multiple``),
    ``entry`` (of ``sys.modules``), ``reload`` (taken out of it), ``config``, or nothing."""
    parent = parents.get(node)
    if _is_plugin_list(node, parents):
        return "module", None
    if isinstance(parent, ast.Assign) and len(parent.targets) == 1:
        name = parent.targets[0]
        if isinstance(name, ast.Name) and _only_patched(name, scopes, parents):
            return "target", None
        if isinstance(name, ast.Name) and _prefixed_names(name, scopes, parents):
            return "prefix", None
        return "", None
    if isinstance(parent, ast.Dict):
        return _dict_context(node, parent, parents), None
    if isinstance(parent, ast.Subscript) and dotted(parent.value) == "sys.modules":
        return "entry", None
    if isinstance(parent, ast.keyword):
        keyword, parent = parent, parents.get(parent)
        if keyword.arg not in ("target", "name", "modname"):
            return "", None
    if not isinstance(parent, ast.Call):
        return "", None
    name_of_call = call_name(parent) or ""
    if not name_of_call and isinstance(parent.func, ast.Attribute):
        name_of_call = parent.func.attr
    owner, _, last = name_of_call.rpartition(".")
    first = (bool(parent.args) and parent.args[0] is node) or node not in parent.args
    if last in ("setitem", "delitem") and parent.args and dotted(parent.args[0]) == "sys.modules":
        return "entry", parent
    if not first:
        return "", None
    if name_of_call in ("sys.modules.get", "sys.modules.pop"):
        return ("entry" if last == "get" else "reload"), None
    if last == "multiple":
        return "multiple", parent
    if last in _TAKES_MODULE:
        return "module", parent
    if last in _TAKES_TARGET and (last not in ("setattr", "delattr", "dict") or owner):
        return "target", parent
    return "", None


def _is_plugin_list(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    """``pytest_plugins = ["pkg.plugin"]``

    https://docs.pytest.org/en/stable/reference/reference.html#globalvar-pytest_plugins
    """
    current = parents.get(node)
    while isinstance(current, (ast.List, ast.Tuple)):
        current = parents.get(current)
    return isinstance(current, ast.Assign) and any(
        isinstance(target, ast.Name) and target.id == "pytest_plugins" for target in current.targets
    )


def _dict_context(node: ast.Constant, parent: ast.Dict, parents: dict[ast.AST, ast.AST]) -> str:
    if node in parent.keys:
        call = parents.get(parent)
        if isinstance(call, ast.Call) and (call_name(call) or "").endswith("patch.dict"):
            target = call.args[0] if call.args else None
            if dotted(target) == "sys.modules" or string_value(target) == "sys.modules":
                return "entry"
        return ""
    key = parent.keys[parent.values.index(node)]
    return "config" if string_value(key) == "_target_" else ""


def _constant_uses(name: ast.Name, scopes: Scopes) -> list[Use]:
    """The uses of a name that is bound once; none when it is bound again, or used by attribute."""
    scope = next((s for s in scopes.all if name in s.bindings.get(name.id, ())), None)
    if scope is None or len(scope.bindings[name.id]) != 1:
        return []
    uses = scopes.uses_of(name.id, scope)
    return [] if any(use.chain for use in uses) else uses


def _is_target(node: ast.AST | None, parents: dict[ast.AST, ast.AST]) -> bool:
    """Whether an expression is the first argument of ``patch``."""
    call = parents.get(node) if node is not None else None
    return (
        isinstance(call, ast.Call)
        and call.args[:1] == [node]
        and (call_name(call) or "").rpartition(".")[2] in ("patch", "setattr", "delattr")
    )


def _only_patched(name: ast.Name, scopes: Scopes, parents: dict[ast.AST, ast.AST]) -> bool:
    """Whether a constant is used for nothing but as the first argument of ``patch``."""
    uses = _constant_uses(name, scopes)
    return bool(uses) and all(_is_target(use.node, parents) for use in uses)


def _prefixed_names(
    name: ast.Name, scopes: Scopes, parents: dict[ast.AST, ast.AST]
) -> frozenset[str]:
    """The names ``f`` of all patch targets ``f"{MODULE}.f"`` and ``MODULE + ".f"``; none when the
    constant is used in another way as well."""
    found = set()
    for use in _constant_uses(name, scopes):
        part: ast.AST = parents[use.node]
        whole: ast.AST | None = part
        rest: str | None = None
        if isinstance(part, ast.FormattedValue):
            whole = parents.get(part)
            if isinstance(whole, ast.JoinedStr) and len(whole.values) == 2:
                rest = string_value(whole.values[1]) if whole.values[0] is part else None
        elif isinstance(part, ast.BinOp) and part.left is use.node:
            rest = string_value(part.right)
        if rest is None or not rest.startswith(".") or not _is_target(whole, parents):
            return frozenset()
        found.add(rest[1:].partition(".")[0])
    return frozenset(found)


def _patched_names(
    node: ast.Constant, call: ast.Call | None, scopes: Scopes, parents: dict[ast.AST, ast.AST]
) -> frozenset[str]:
    """The names that are patched in the module that a string names."""
    if call is not None:
        return frozenset(
            keyword.arg
            for keyword in call.keywords
            if keyword.arg and keyword.arg not in _PATCH_OPTIONS
        )
    assignment = parents[node]
    assert isinstance(assignment, ast.Assign)
    name = assignment.targets[0]
    assert isinstance(name, ast.Name)
    return _prefixed_names(name, scopes, parents)


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
