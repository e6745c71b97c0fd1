"""Whether a project names the runs that it creates, and which ones it doesn't."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property

from trackfix.project.facts.expressions import is_none, last_name, string_value
from trackfix.project.files_with_words import files_with
from trackfix.project.mlflow_uses.calls import FileCalls, MlflowCall, MlflowCalls
from trackfix.project.modules.resolution import Resolver
from trackfix.project.project import Project
from trackfix.project.test_paths import is_test_path

CREATORS = ("start_run", "create_run")
_NAME_TAG = "mlflow.runName"
_NAME_CONSTANT = "MLFLOW_RUN_NAME"


class RunNames:
    """The names that a project gives to its runs. It does name them if most of those that it
    creates outside of its tests have a name, and no fewer than ``named-runs-minimum``."""

    def __init__(self, project: Project, resolver: Resolver) -> None:
        self._project = project
        self._calls = resolver.analysis(MlflowCalls)

    @cached_property
    def named(self) -> tuple[int, int]:
        """How many creations have a name, and of how many that is known."""
        named = total = 0
        for path in files_with(self._project, CREATORS):
            file = None if is_test_path(path) else self._calls.file(path)
            for call in creations(file) if file is not None else ():
                has_name = is_named(call)
                total += has_name is not None
                named += bool(has_name)
        return named, total

    @property
    def are_usual(self) -> bool:
        """Whether the project names its runs."""
        named, total = self.named
        return named >= self._project.config.named_runs_minimum and 2 * named > total


def creations(file: FileCalls) -> Iterator[MlflowCall]:
    """The calls of a file that create runs, and don't resume one."""
    for call in file.calls:
        is_start = (call.kind, call.api) == ("fluent", "start_run")
        if not call.is_certain or not (
            is_start or (call.kind, call.api) == ("client", "create_run")
        ):
            continue
        resumed = call.argument("run_id", 0) if is_start else None
        if resumed is None or is_none(resumed):
            yield call


def is_named(call: MlflowCall) -> bool | None:
    """Whether a run gets a name when it is created; None if that can't be told."""
    node = call.node
    if any(isinstance(part, ast.Starred) for part in node.args):
        return None
    if any(keyword.arg is None for keyword in node.keywords):
        return None
    is_start = call.api == "start_run"
    name = call.argument("run_name", 2 if is_start else 3)
    if name is not None and not is_none(name):
        return True
    tags = call.argument("tags", None if is_start else 2)
    if tags is None or is_none(tags):
        return False
    if not isinstance(tags, ast.Dict) or None in tags.keys:
        return None
    return any(string_value(k) == _NAME_TAG or last_name(k) == _NAME_CONSTANT for k in tags.keys)


def stands_in(call: MlflowCall) -> bool:
    """Whether a run is only created where none is active: the caller's, which has the name."""
    return any(last_name(node) == "active_run" for node in ast.walk(call.scope.node))


def names_later(file: FileCalls) -> bool:
    """Whether a file may give a run its name after it was created."""
    text = file.names.document.text
    return _NAME_TAG in text or _NAME_CONSTANT in text or "update_run" in text
