"""What a test does with the double that it puts in the place of the class."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping

from trackfix.project.facts.expressions import call_name, dotted, last_name
from trackfix.project.files_with_words import files_with
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.test_paths import is_test_path
from trackfix_codemods.clients.reference import Reference

_ABOUT_ARGUMENTS = frozenset(
    {"assert_any_call", "assert_called_once_with", "assert_called_with", "assert_has_calls"}
    | {"call_args", "call_args_list", "mock_calls"}
)
_ENTERS = frozenset({"enterContext", "enter_context", "enterClassContext", "enter_async_context"})
MOCK_ATTRIBUTES = _ABOUT_ARGUMENTS | {
    "assert_called",
    "assert_called_once",
    "assert_not_called",
    "call_count",
    "called",
    "reset_mock",
    "return_value",
    "side_effect",
}


def given_double(patch: Reference) -> ast.expr | None:
    """The double that a patch is given; None when the patch makes a mock itself."""
    call = patch.call
    if call is None:
        return None
    for keyword in call.keywords:
        if keyword.arg == "new":
            return keyword.value
    position = 2 if call.args[1:2] == [patch.node] else 1
    return call.args[position] if len(call.args) > position else None


def takes_spec(patch: Reference) -> bool:
    """Whether a mock is modelled on what it replaces: ``autospec=True``."""
    return patch.call is not None and any(
        keyword.arg in ("autospec", "spec", "spec_set")
        and isinstance(keyword.value, ast.Constant)
        and bool(keyword.value.value)
        for keyword in patch.call.keywords
    )


def expects_none(patch: Reference) -> bool:
    """Whether a patch is there only to show that nothing is constructed."""
    call = patch.call
    for keyword in call.keywords if call is not None else ():
        if keyword.arg == "side_effect":
            raised = call_name(keyword.value) or getattr(keyword.value, "id", "")
            return raised == "AssertionError"
    uses = mock_uses(patch)
    return bool(uses) and all(taken == ("assert_not_called",) for taken in uses or ())


def asserts_arguments(patch: Reference) -> bool:
    """Whether a test looks at the arguments with which the double was called; also when what it
    does can't be seen."""
    if given_double(patch) is not None:
        return False
    uses = mock_uses(patch)
    return uses is None or any(taken and taken[0] in _ABOUT_ARGUMENTS for taken in uses)


def mock_uses(patch: Reference) -> list[tuple[str, ...]] | None:
    """What is taken from the mock that a patch makes, for each use of it; None when it is not
    known how the test gets it."""
    name = _mock_name(patch)
    if name is None:
        return None
    if not name:
        return []
    return [*_taken(patch.names, name, _reach(patch, name)), *_taken_by_tests(patch, name)]


def _taken_by_tests(patch: Reference, name: str) -> Iterator[tuple[str, ...]]:
    """What tests take from a mock that a fixture hands to them."""
    part = patch.part
    if not isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return
    decorators = (d.func if isinstance(d, ast.Call) else d for d in part.decorator_list)
    handed = (n.value for n in ast.walk(part) if isinstance(n, (ast.Yield, ast.Return)))
    if "fixture" in map(last_name, decorators) and name in map(dotted, handed):
        meanings = patch.names.meanings
        for path in filter(is_test_path, files_with(meanings.project, (part.name,))):
            names = meanings.file(path)
            if names is not None:
                yield from _taken(names, part.name, names.document.tree)


def _reach(patch: Reference, name: str) -> ast.AST:
    """Where a test can use what it calls by ``name``: ``self.mock`` in all of its class."""
    if "." not in name:
        return patch.part
    current: ast.AST = patch.part
    while not isinstance(current, ast.ClassDef) and current in patch.names.parents:
        current = patch.names.parents[current]
    return current


def _taken(names: FileNames, name: str, inside: ast.AST) -> Iterator[tuple[str, ...]]:
    """The attributes that are taken from what goes by a dotted name, for each time it is read."""
    first, *rest = name.split(".")
    inner = set(map(id, ast.walk(inside)))
    for use in names.scopes.uses:
        is_meant = use.name == first and use.attributes[: len(rest)] == tuple(rest)
        if is_meant and id(use.node) in inner:
            last = use.chain[len(rest) - 1] if rest else use.node
            if isinstance(last.ctx, ast.Load):
                yield use.attributes[len(rest) :]


def _mock_name(patch: Reference) -> str | None:
    """The variable, parameter or attribute by which a test has the mock; empty when it has none."""
    parents, call = patch.names.parents, patch.call
    around = parents.get(call) if call is not None else None
    if isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return _parameter(patch, around)
    if isinstance(around, ast.Expr):
        return ""
    if call is not None and last_name(call.func) == "multiple":
        return None  # a dictionary has the mocks
    if isinstance(around, (ast.Assign, ast.AnnAssign)) and not _is_mocker(call):
        return _started_name(patch, _target(parents, call))
    return _given_name(parents, call)


def _started_name(patch: Reference, patcher: str | None) -> str | None:
    """The name of the mock of a ``patcher`` that is started, or entered, in one place."""
    if not patcher:
        return None
    region = set(map(id, ast.walk(_reach(patch, patcher))))
    parents = patch.names.parents
    found: list[str | None] = []
    for node in parents:
        if id(node) in region and dotted(node) == patcher:
            is_start = isinstance(around := parents[node], ast.Attribute) and around.attr == "start"
            if is_start or isinstance(around, ast.withitem):
                found.append(_given_name(parents, node))
    return found[0] if len(found) == 1 else None


def _given_name(parents: Mapping[ast.AST, ast.AST], patcher: ast.AST | None) -> str | None:
    """The name that gets the mock where a patcher is started, or entered."""
    around = parents.get(patcher) if patcher is not None else None
    if isinstance(around, ast.withitem):
        return "" if around.optional_vars is None else dotted(around.optional_vars)
    if isinstance(around, ast.Attribute) and around.attr == "start":
        return _target(parents, parents[around])
    if isinstance(around, ast.Call) and last_name(around.func) in _ENTERS:
        return _target(parents, around)
    return _target(parents, patcher)


def _target(parents: Mapping[ast.AST, ast.AST], value: ast.AST | None) -> str | None:
    """The one name that a value is assigned to; empty when it is dropped."""
    around = parents.get(value) if value is not None else None
    if isinstance(around, ast.Expr):
        return ""
    targets: list[ast.expr] = []
    if isinstance(around, ast.Assign):
        targets = around.targets
    elif isinstance(around, ast.AnnAssign):
        targets = [around.target]
    return dotted(targets[0]) if len(targets) == 1 else None


def _is_mocker(call: ast.Call | None) -> bool:
    return (call_name(call) or "").startswith("mocker.")


def _parameter(patch: Reference, test: ast.FunctionDef | ast.AsyncFunctionDef) -> str | None:
    """The parameter that gets the mock of a decorator; the last decorator fills the first."""
    names = [argument.arg for argument in (*test.args.posonlyargs, *test.args.args)]
    if isinstance(patch.names.parents.get(test), ast.ClassDef) and names[:1] in (["self"], ["cls"]):
        names = names[1:]
    for decorator in reversed(test.decorator_list):
        word = (call_name(decorator) or "").split(".")
        is_patch = word[-1] == "patch" or word[-2:] == ["patch", "object"]
        if not is_patch or not isinstance(decorator, ast.Call):
            continue
        by_object = word[-1] == "object"
        has_new = len(decorator.args) > (2 if by_object else 1) or any(
            keyword.arg == "new" for keyword in decorator.keywords
        )
        if decorator is patch.call:
            return "" if has_new else next(iter(names), None)
        if not has_new:
            names = names[1:]
    return None


def accepts_arguments(patch: Reference, given: Collection[str]) -> bool | None:
    """Whether the double of a patch can be called as the factory calls the class, with what is
    ``given`` by name; None when that is not known."""
    if not given:
        return True
    double = given_double(patch)
    if double is None:
        return True
    if isinstance(double, ast.Call):
        last = (call_name(double) or "").rpartition(".")[2]
        return True if last in ("Mock", "MagicMock") else None
    if isinstance(double, ast.Lambda):
        return _accepts(double.args, given)
    if isinstance(double, (ast.Name, ast.Attribute)):
        found = [_accepts(arguments, given) for arguments in _definitions(patch.names, double)]
        return all(found) if found else None
    return None


def _definitions(names: FileNames, double: ast.Name | ast.Attribute) -> Iterator[ast.arguments]:
    """The parameters of the function, or of the ``__init__`` of the class, that is meant."""
    scope = names.scope_at(double)
    meaning = names.of(double, scope)
    nodes: list[ast.AST] = []
    if meaning is not None and meaning.name:
        found = names.meanings.project.find(meaning.module, names.path)
        holder = names.meanings.file(found.path) if found is not None and found.path else None
        if holder is not None:
            nodes = holder.scopes.module.bindings.get(meaning.name, [])
    elif isinstance(double, ast.Name):
        owner = names.scopes.binding_scope(double.id, scope)
        nodes = owner.bindings[double.id] if owner is not None else []
    for node in nodes:
        if isinstance(node, ast.FunctionDef):
            yield node.args
        elif isinstance(node, ast.ClassDef):
            yield from (
                part.args
                for part in node.body
                if isinstance(part, ast.FunctionDef) and part.name == "__init__"
            )


def _accepts(arguments: ast.arguments, given: Collection[str]) -> bool:
    names = {argument.arg for argument in (*arguments.args, *arguments.kwonlyargs)}
    return arguments.kwarg is not None or names >= set(given)
