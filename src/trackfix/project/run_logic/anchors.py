"""The calls of MLflow from which run logic is read, told by names alone.

A file is read by itself here, so that what was read can be kept for as long as it does not change.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from trackfix.project.facts.expressions import (
    call_name,
    dotted,
    last_name,
    names_in,
    root_name,
    string_value,
)
from trackfix.project.run_logic.values.bodies import Body
from trackfix.project.run_logic.values.holdings import Holding
from trackfix.source.patterns import lazy_pattern

# Nothing but MLflow has methods of these names, or hardly anything.
_TELLING = frozenset(
    {
        "search_runs",
        "list_run_infos",
        "get_experiment_by_name",
        "create_experiment",
        "restore_experiment",
        "set_terminated",
        "active_run",
    }
)
_SHARED = frozenset(
    {
        "create_run",
        "delete_run",
        "get_experiment",
        "get_run",
        "log_batch",
        "set_experiment",
        "set_experiment_tag",
        "set_model_version_tag",
        "set_registered_model_tag",
        "set_tag",
        "set_tags",
        "start_run",
        "end_run",
        "search_experiments",
        "list_experiments",
    }
)
# What calls a function that it is given, or makes what does.
_CALLING = lazy_pattern(
    r"thread|executor|submit|retry|retries|sync|call|page|^partial$", re.IGNORECASE
)
_CLIENT = lazy_pattern(r"client|mlflow|ml_flow|fluent|tracking", re.IGNORECASE)
# The stores below MLflow's clients have methods of the same names, and Databricks' own client, too:
# https://databricks-sdk-py.readthedocs.io/en/latest/workspace/ml/experiments.html
_ANOTHER = lazy_pattern(
    r"(?:^|[._])(?:super|\w*store)(?:$|[.(])|^registry|api_client|\w\.experiments$", re.IGNORECASE
)
# Libraries whose clients have runs and experiments of their own.
# https://kubeflow-pipelines.readthedocs.io/en/stable/source/client.html
# https://databricks-sdk-py.readthedocs.io/en/latest/workspace/jobs/jobs.html
_OTHERS = frozenset({"databricks", "databricks_cli", "kfp"})


def anchors(body: Body) -> Iterator[tuple[ast.Call, str]]:
    """The calls of MLflow in one function, with the names of what they call."""
    for call in body.calls:
        name = anchor_name(call, body)
        if name:
            asked = _asked_to_make(call, body)
            if asked is not None:
                body.file.parents[call] = body.file.parents[asked]
            yield call, name
            continue
        meant = _handed_over(call)
        name = anchor_name(meant, body) if meant is not None else ""
        if meant is not None and name:
            body.handed_over[meant] = call
            body.file.parents[meant] = body.file.parents[call]
            yield meant, name


def _asked_to_make(call: ast.Call, body: Body) -> ast.Call | None:
    """The call that is asked to make another one: ``retry(lambda: client.get_run(run_id))``."""
    function = body.file.parents.get(call)
    asked = body.file.parents.get(function) if isinstance(function, ast.Lambda) else None
    is_asked = isinstance(asked, ast.Call) and function in asked.args[:2]
    if isinstance(asked, ast.Call) and is_asked and _CALLING.search(last_name(asked.func)):
        return asked
    return None


def _handed_over(call: ast.Call) -> ast.Call | None:
    """The call that another one makes of a function and arguments that it is given, such as
    ``asyncio.to_thread(client.search_runs, ids)`` or ``run_in_executor(None, client.get_run, id)``.
    """
    if call.args and _CALLING.search(last_name(call.func)):
        for place, part in enumerate(call.args[:2]):
            if isinstance(part, ast.Attribute):
                return ast.copy_location(
                    ast.Call(part, call.args[place + 1 :], call.keywords), call
                )
    return None


def anchor_name(call: ast.Call, body: Body) -> str:
    """The function or method of MLflow that a call calls; empty for any other call."""
    function = call.func
    if isinstance(function, ast.Name):
        module, source = body.file.imports.get(function.id, ("", ""))
        is_known = source in _TELLING or source in _SHARED
        return source if is_known and module.partition(".")[0] == "mlflow" else ""
    if not isinstance(function, ast.Attribute):
        return ""
    name = function.attr
    if name not in _TELLING and name not in _SHARED:
        return ""
    if isinstance(function.value, ast.Name) and function.value.id in ("self", "cls"):
        # A method of the class itself, whatever it does, unless it is a client.
        is_own = f"{body.owner}.{name}" in body.file.by_name
        return "" if is_own or body.owner not in body.file.clients else name
    receiver = dotted(function.value) or call_name(function.value) or ""
    if _ANOTHER.search(receiver) or _is_of_others(receiver, body, call):
        return ""
    root = receiver.partition(".")[0]
    module, _ = body.file.imports.get(root, ("", ""))
    if module and module.partition(".")[0] != "mlflow" and not _CLIENT.search(module):
        return name if name in _TELLING and _CLIENT.search(receiver) else ""
    if name in _TELLING:
        return name
    told = _description(receiver, body, call)
    is_near = body.file.is_near_mlflow or "mlflow." in body.text
    is_client = receiver.removeprefix("self.") in body.file.client_names
    is_named = is_near and (is_client or _CLIENT.search(told))
    if is_named or "mlflow" in told.lower() or (is_near and _is_of_logger(receiver, call)):
        return name
    # What a function is given may be anything, unless it is told a tag of MLflow's own.
    return name if is_near and body.is_parameter(receiver) and _gives_tag(call) else ""


def _is_of_logger(receiver: str, call: ast.Call) -> bool:
    """Whether a call is that of the client of Lightning's logger, which takes the id of a run.

    https://lightning.ai/docs/pytorch/stable/api/lightning.pytorch.loggers.mlflow.html
    """
    return receiver.endswith(".experiment") and len(call.args) + len(call.keywords) > 2


def _gives_tag(call: ast.Call) -> bool:
    """Whether a call is given one of MLflow's own tags."""
    return any((string_value(part) or "").startswith("mlflow.") for part in ast.walk(call))


def _is_of_others(receiver: str, body: Body, call: ast.Call) -> bool:
    """Whether a receiver, or what it is taken from, is a client of another library: made by it, or
    a parameter that is annotated so."""
    root, owner = receiver.partition(".")[0], receiver
    names = {root}
    while owner:
        names |= {root_name(part.value) for part in _held(owner, body, call)}
        owner = owner.rpartition(".")[0]
    for node in ast.walk(body.node.args) if not isinstance(body.node, ast.Module) else ():
        if isinstance(node, ast.arg) and node.arg == root and node.annotation is not None:
            names |= names_in(node.annotation)
    modules = (body.file.imports.get(name, ("", ""))[0] for name in names)
    return any(module.partition(".")[0] in _OTHERS for module in modules)


def _description(receiver: str, body: Body, call: ast.Call) -> str:
    """The words that tell what a receiver is: its own, and those of what it holds."""
    module, source = body.file.imports.get(receiver.partition(".")[0], ("", ""))
    values = [part.value for part in _held(receiver, body, call)]
    owner = getattr(call.func, "value", None)
    makers = [body.file.by_name.get(call_name(each) or "") for each in (*values, owner)]
    returned = (item.value for maker in makers if maker for item in maker.of(ast.Return))
    values += (value for value in returned if value is not None)
    return " ".join((receiver, module, source, *(ast.unparse(value)[:80] for value in values)))


def _held(receiver: str, body: Body, call: ast.Call) -> list[Holding]:
    """What a receiver may hold at a call; an attribute also what its class gives it first."""
    held = body.held(receiver, call.lineno)
    made = body.file.by_name.get(f"{body.owner}.__init__")
    if not held and receiver.startswith("self.") and made is not None:
        held = made.held(receiver, 1 << 30)
    return held
