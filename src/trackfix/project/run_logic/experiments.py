"""Where an experiment comes from, and the functions that get or create one."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from trackfix.project.expressions import dotted
from trackfix.project.run_logic.bodies import Body
from trackfix.project.run_logic.fragments import Fragment, Step
from trackfix.project.run_logic.texts import text_of

_DEEPEST = 6


def experiment_origin(
    node: ast.expr | None, body: Body, line: int, depth: int = 0
) -> tuple[str, list[Step]]:
    """Where the experiment of an expression comes from, as `Fragment` says, and the steps there."""
    if node is None or depth > _DEEPEST:
        return "", []
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return experiment_origin(node.elts[0], body, line, depth + 1) if node.elts else ("", [])
    if isinstance(node, ast.Constant):
        return "literal", []
    if isinstance(node, (ast.ListComp, ast.GeneratorExp)):
        text = ast.unparse(node.generators[0].iter)
        is_all = "search_experiments" in text or "list_experiments" in text
        return ("all", []) if is_all else ("", [])
    if isinstance(node, ast.Attribute):
        return _of_attribute(node, body, line, depth)
    if isinstance(node, ast.Subscript):
        return experiment_origin(node.value, body, line, depth + 1)
    if isinstance(node, ast.Name):
        return _of_name(node.id, body, line, depth)
    if isinstance(node, (ast.IfExp, ast.BoolOp)):
        parts = [node.body, node.orelse] if isinstance(node, ast.IfExp) else node.values
        found = [experiment_origin(part, body, line, depth + 1) for part in parts]
        return next((origin for origin in found if origin[0] not in ("", "literal")), found[0])
    if isinstance(node, (ast.Await, ast.NamedExpr)):
        return experiment_origin(node.value, body, line, depth + 1)
    if isinstance(node, ast.Call):
        return _of_call(node, body, line, depth)
    return "", []


def _of_attribute(node: ast.Attribute, body: Body, line: int, depth: int) -> tuple[str, list[Step]]:
    full = dotted(node) or ""
    if full and body.held(full, line):
        return _of_name(full, body, line, depth)
    if ".info." in f".{ast.unparse(node)}.":
        text = ast.unparse(node)
        if "active_run" in text:
            return "active", [Step(body.file.line(node), "experiment of the active run")]
        root = full.partition(".")[0]
        held = [ast.unparse(part.value) for part in body.held(root, line)] if root else []
        is_active = any("active_run" in text for text in held)
        told = "experiment of the active run" if is_active else f"experiment of the run {root}"
        return "active" if is_active else "run", [Step(body.file.line(node), told.rstrip())]
    if isinstance(node.value, (ast.Name, ast.Call, ast.Attribute)):
        root = dotted(node.value) or ""
        if root in ("self", "cls"):
            return "parameter", []
        return experiment_origin(node.value, body, line, depth + 1)
    return "", []


def _of_name(name: str, body: Body, line: int, depth: int) -> tuple[str, list[Step]]:
    held = body.held(name, line)
    for holding in held:
        if isinstance(holding.value, ast.Constant) and holding.value.value is None:
            continue
        origin = experiment_origin(
            holding.value, body, min(holding.line, line), body.depth_below(held, depth)
        )
        if origin[0]:
            return origin
    return ("parameter", []) if body.is_parameter(name) or name.startswith("self.") else ("", [])


def _of_call(node: ast.Call, body: Body, line: int, depth: int) -> tuple[str, list[Step]]:
    name = (dotted(node.func) or "").rpartition(".")[2]
    if not name and isinstance(node.func, ast.Attribute):
        name = node.func.attr
    if name in ("get_experiment_by_name", "create_experiment", "set_experiment"):
        return "name", [Step(body.file.line(node), "experiment from its name")]
    if name == "get_experiment":
        return "parameter", [Step(body.file.line(node), "experiment from its id")]
    if name in ("search_experiments", "list_experiments"):
        return "all", [Step(body.file.line(node), "all experiments")]
    if name in ("str", "list", "int") and node.args:
        return experiment_origin(node.args[0], body, line, depth + 1)
    if name == "active_run":
        return "active", [Step(body.file.line(node), "experiment of the active run")]
    if name == "get_run":
        return "run", [Step(body.file.line(node), "experiment of a known run")]
    if "experiment" in name.lower():
        return "helper", [Step(body.file.line(node), f"experiment from {name}(...)")]
    return "", []


def find_resolution(body: Body, calls: list[tuple[ast.Call, str]]) -> Fragment | None:
    """The steps of a function that get an experiment by its name and create one that is missing."""
    got = [call for call, name in calls if name == "get_experiment_by_name"]
    created = [call for call, name in calls if name == "create_experiment"]
    if not got:
        return None
    if not created:
        return _mapped(body, got)
    same = [
        (first, second)
        for first in got
        for second in created
        if _name_asked(first, body) == _name_asked(second, body)
    ]
    if not same:
        return None
    first, second = same[0]
    steps = [
        Step(body.file.line(first), "get_experiment_by_name(name)"),
        Step(body.file.line(second), "create_experiment(name), if there is none"),
    ]
    marks = []
    for call, name in calls:
        if name == "restore_experiment":
            steps.append(Step(body.file.line(call), "restore_experiment, if it is deleted"))
            marks.append("restores")
        elif name == "set_experiment":
            steps.append(Step(body.file.line(call), "set_experiment"))
            marks.append("activates")
    if any(len(call.args) > 1 or call.keywords[1:] for call in created):
        marks.append("artifact location or tags")
    lines = [step.line for step in steps]
    return Fragment(
        kind="resolve-experiment",
        path=body.file.document.path,
        function=body.name,
        line=body.file.line(first),
        column=first.col_offset + 1,
        first=min(lines),
        last=max(lines),
        steps=tuple(sorted(steps, key=lambda step: step.line)),
        experiment="name",
        marks=tuple(sorted(set(marks))),
    )


def _mapped(body: Body, got: Sequence[ast.Call]) -> Fragment | None:
    """An experiment by its name whose errors become others, and that may be missing."""
    for call in got:
        statement = body.file.statement(call)
        attempt = body.file.parents.get(statement)
        if not (isinstance(attempt, ast.Try) and isinstance(statement, ast.Assign)):
            continue
        handlers = [node for handler in attempt.handlers for node in handler.body]
        raising = [node for node in handlers if isinstance(node, ast.Raise) and node.exc]
        name = dotted(statement.targets[0])
        tests = [node for node in body.of(ast.If) if node.lineno > call.lineno]
        missing = [
            n for n in tests if name and ast.unparse(n.test) in (f"not {name}", f"{name} is None")
        ]
        if not (raising and missing):
            continue
        steps = (
            Step(body.file.line(call), "get_experiment_by_name(name)"),
            Step(body.file.line(raising[0]), "its errors become others"),
            Step(body.file.line(missing[0]), "what happens if there is none"),
        )
        return Fragment(
            kind="resolve-experiment",
            path=body.file.document.path,
            function=body.name,
            line=body.file.line(call),
            column=call.col_offset + 1,
            first=steps[0].line,
            last=steps[-1].line,
            steps=steps,
            experiment="name",
            marks=("maps errors",),
        )
    return None


def _name_asked(call: ast.Call, body: Body) -> str:
    given = call.args[0] if call.args else next((k.value for k in call.keywords if k.arg), None)
    return text_of(given, body, call.lineno)
