"""What a test does with the double that it puts in the place of the class."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from trackfix.project.client_names import FileNames
from trackfix.project.expressions import call_name
from trackfix.project.scopes import Use
from trackfix_codemods.client_reference import Reference

_ABOUT_ARGUMENTS = frozenset(
    {"assert_any_call", "assert_called_once_with", "assert_called_with", "assert_has_calls"}
    | {"call_args", "call_args_list", "mock_calls"}
)
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
    return bool(uses) and all(use.attributes == ("assert_not_called",) for use in uses or ())


def asserts_arguments(patch: Reference) -> bool:
    """Whether a test looks at the arguments with which the double was called; also when what it
    does can't be seen."""
    if given_double(patch) is not None:
        return False
    uses = mock_uses(patch)
    return uses is None or any(
        use.attributes[:1] and use.attributes[0] in _ABOUT_ARGUMENTS for use in uses
    )


def mock_uses(patch: Reference) -> list[Use] | None:
    """The uses of the mock that a patch makes; None when it is not known how the test gets it."""
    name = _mock_name(patch)
    if name is None:
        return None
    inner = set(map(id, ast.walk(patch.part)))
    return [use for use in patch.names.scopes.uses if use.name == name and id(use.node) in inner]


def _mock_name(patch: Reference) -> str | None:
    """The variable or parameter by which a test has the mock; empty when it has none."""
    parents, call = patch.names.parents, patch.call
    around = parents.get(call) if call is not None else None
    if isinstance(around, ast.withitem):
        variable = around.optional_vars
        if variable is None:
            return ""
        return variable.id if isinstance(variable, ast.Name) else None
    if isinstance(around, (ast.Assign, ast.AnnAssign)) and _is_mocker(call):
        targets = around.targets if isinstance(around, ast.Assign) else [around.target]
        return targets[0].id if len(targets) == 1 and isinstance(targets[0], ast.Name) else None
    if isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return _parameter(patch, around)
    if isinstance(around, ast.Expr):
        return ""
    return None


def _is_mocker(call: ast.Call | None) -> bool:
    return (call_name(call) or "").startswith("mocker.")


def _parameter(patch: Reference, test: ast.FunctionDef | ast.AsyncFunctionDef) -> str | None:
    """The parameter that gets the mock of a decorator; the last decorator fills the first."""
    names = [argument.arg for argument in (*test.args.posonlyargs, *test.args.args)]
    if names[:1] in (["self"], ["cls"]):
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
    scope = names.scopes.statement_scopes[names.statement(double)]
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
