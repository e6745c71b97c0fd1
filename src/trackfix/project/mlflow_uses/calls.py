"""The calls of MLflow in one file, however they are spelled."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from trackfix.project.clients.factory import LIBRARY_FACTORY
from trackfix.project.clients.factory_finder import find_client_factory
from trackfix.project.facts.expressions import keyword_value
from trackfix.project.files_with_words import files_with, has_word
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.meaning import CLASS_MODULES, Meaning
from trackfix.project.meaning.meanings import Meanings
from trackfix.project.meaning.scopes import Scope, Use
from trackfix.project.mlflow_uses.receivers import FLUENT_MODULES, Kind, Receivers
from trackfix.project.modules.resolution import Resolver
from trackfix.project.project import Project

_MAIN = FLUENT_MODULES | CLASS_MODULES
# Methods that are hardly anybody's but an MLflow client's.
_TELLING = frozenset(
    {
        "create_experiment",
        "create_run",
        "delete_run",
        "get_experiment",
        "get_experiment_by_name",
        "get_metric_history",
        "get_run",
        "list_experiments",
        "list_run_infos",
        "log_artifact",
        "log_artifacts",
        "log_batch",
        "log_metric",
        "log_metrics",
        "log_param",
        "log_params",
        "restore_experiment",
        "search_experiments",
        "search_runs",
        "set_experiment_tag",
        "set_tag",
        "set_tags",
        "set_terminated",
        "update_run",
    }
)


@dataclass(frozen=True, eq=False)
class MlflowCall:
    """One call of MLflow.

    ``api`` is the name of the function or method, dotted below ``mlflow``: ``search_runs``,
    ``sklearn.log_model``, ``MlflowClient``. ``kind`` is ``fluent`` for a function of the module,
    ``client`` for a method of a client. Where it is not ``is_certain``, only names speak for it.
    """

    node: ast.Call
    api: str
    kind: Kind
    is_certain: bool
    scope: Scope

    def argument(self, name: str, position: int | None = None) -> ast.expr | None:
        """The argument given as ``name`` or, without ``*``, at a position from 0."""
        given = keyword_value(self.node, name)
        if given is not None or position is None:
            return given
        before = self.node.args[: position + 1]
        if len(before) <= position or any(isinstance(part, ast.Starred) for part in before):
            return None
        return before[position]


class MlflowCalls:
    """The calls of MLflow in all files of one project."""

    def __init__(self, project: Project, resolver: Resolver) -> None:
        self.project = project
        self._resolver = resolver

    @cached_property
    def _factories(self) -> frozenset[Meaning]:
        factory = self._resolver.analysis(find_client_factory)
        return frozenset({factory.definition, LIBRARY_FACTORY})

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Words of which one stands in every file that could call MLflow: who takes clients from
        the project's factory need not name MLflow."""
        names = {factory.name for factory in self._factories}
        return ("mlflow", *sorted(name for name in names if "mlflow" not in name))

    def files(self) -> Iterator[str]:
        """The files that could call MLflow."""
        return files_with(self.project, self.words)

    def file(self, path: str) -> FileCalls | None:
        """The calls in one file; None when it has none, or is no Python."""
        if path not in self.project.facts or path.endswith(".pyi"):
            return None
        if not has_word(self.project, path, self.words):
            return None
        names = self._resolver.analysis(Meanings).file(path)
        if names is None:
            return None
        return names.document.analysis(
            self, lambda: FileCalls(names, Receivers(names, self._factories))
        )


class FileCalls:
    """The calls of MLflow in one file."""

    def __init__(self, names: FileNames, receivers: Receivers) -> None:
        self.names = names
        self.receivers = receivers

    @cached_property
    def calls(self) -> tuple[MlflowCall, ...]:
        """All of them, in the order of the text."""
        uses = {id(u.chain[-1] if u.chain else u.node): u for u in self.names.scopes.uses}
        nodes = self.names.document.index.calls
        found = (self._read(node, uses.get(id(node.func))) for node in nodes)
        return tuple(call for call in found if call is not None)

    @cached_property
    def by_node(self) -> dict[ast.Call, MlflowCall]:
        """The same by their nodes in the syntax tree."""
        return {call.node: call for call in self.calls}

    def _read(self, node: ast.Call, use: Use | None) -> MlflowCall | None:
        if use is not None:
            scope = use.scope
            meaning, depth = self.names.of_use(use)
            if meaning is not None and meaning.name and _is_mlflow(meaning.module):
                rest = use.attributes[depth:]
                api = _below_mlflow(meaning.module, ".".join((meaning.name, *rest)))
                return MlflowCall(node, api, "fluent", True, scope)
        else:
            scope = self.names.scope_at(node)
        if not isinstance(node.func, ast.Attribute):
            return None
        receiver = self.receivers.of(node.func.value, scope)
        if receiver is None or self.receivers.is_own_method(node.func, scope):
            return None
        if not (receiver.is_certain or node.func.attr in _TELLING):
            return None
        return MlflowCall(node, node.func.attr, receiver.kind, receiver.is_certain, scope)


def _is_mlflow(module: str) -> bool:
    return module == "mlflow" or module.startswith("mlflow.")


def _below_mlflow(module: str, name: str) -> str:
    full = f"{module}.{name}"
    main = max((m for m in _MAIN if full.startswith(f"{m}.")), key=len, default="mlflow")
    return full.removeprefix(f"{main}.")
