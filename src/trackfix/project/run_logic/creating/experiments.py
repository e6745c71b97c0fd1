"""Where an experiment comes from."""

from __future__ import annotations

import ast

from trackfix.project.facts.expressions import dotted, is_none, last_name
from trackfix.project.run_logic.fragments import Step
from trackfix.project.run_logic.values.bodies import Body
from trackfix.source.patterns import lazy_pattern

_DEEPEST = 6
# Names of functions that give an experiment.
_EXPERIMENT = lazy_pattern(r"experiment|(?:^|_)expt?(?:_|$|id)|^eid$")
_RESOLVING = frozenset({"create_experiment", "get_experiment_by_name", "set_experiment"})


def _resolves(call: ast.Call, body: Body) -> bool:
    """Whether a call is that of a function of the same file that resolves an experiment."""
    name = (dotted(call.func) or "").removeprefix("self.").removeprefix("cls.")
    inner = body.file.by_name.get(name) or body.file.by_name.get(f"{body.owner}.{name}")
    return inner is not None and any(last_name(one.func) in _RESOLVING for one in inner.calls)


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
        if is_none(holding.value):
            continue
        origin = experiment_origin(
            holding.value, body, min(holding.line, line), body.depth_below(held, depth)
        )
        if origin[0]:
            return origin
    return ("parameter", []) if body.is_parameter(name) or name.startswith("self.") else ("", [])


def _of_call(node: ast.Call, body: Body, line: int, depth: int) -> tuple[str, list[Step]]:
    name = (dotted(node.func) or "").rpartition(".")[2]
    asked = (part.body for part in node.args[:2] if isinstance(part, ast.Lambda))
    inner = next((call for call in asked if isinstance(call, ast.Call)), None)
    if inner is not None:
        return _of_call(inner, body, line, depth + 1)
    if name in ("to_thread", "run_in_executor") and node.args:
        name = next((last_name(part) for part in node.args[:2] if last_name(part)), "")
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
    if _EXPERIMENT.search(name.lower()) or _resolves(node, body):
        return "helper", [Step(body.file.line(node), f"experiment from {name}(...)")]
    return "", []
