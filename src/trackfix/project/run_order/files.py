"""The files of a project, ready to follow calls in them."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import NamedTuple

from trackfix.project.facts.expressions import keyword_value
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.meaning import Meaning
from trackfix.project.meaning.meanings import Meanings
from trackfix.project.mlflow_uses.calls import MlflowCall, MlflowCalls
from trackfix.project.mlflow_uses.setup import find_setup_steps
from trackfix.project.modules.resolution import Resolver
from trackfix.project.project import Project

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = Function | ast.ClassDef
DEFINITIONS = (*Function.__args__, ast.ClassDef, ast.Lambda)

_LIBRARY = "trackfix.tracking"
LIBRARY_SETUPS = ("setup_mlflow", "setup_mlflow_for_stage", "setup_mlflow_tracking_env")
LIBRARY_CREATIONS = ("create_run_safe", "create_training_mlflow_run")
# With one of these a run is created where it says, whatever was set up.
_SAYS_WHERE = ("run_id", "tracking_uri", "client")


class OrderFile(NamedTuple):
    """One file: ``setups`` are the nodes that configure MLflow, with what they do."""

    names: FileNames
    calls: Mapping[ast.Call, MlflowCall]
    setups: Mapping[ast.expr, str]

    def meaning(self, node: ast.expr) -> Meaning | None:
        """What an expression means where it stands."""
        return self.names.of(node, self.names.scope_at(node))

    def outer(self, node: ast.AST, *kinds: type[ast.AST]) -> ast.AST | None:
        """The innermost node of these kinds around a node."""
        found = self.names.parents.get(node)
        while found is not None and not isinstance(found, kinds):
            found = self.names.parents.get(found)
        return found


class OrderFiles:
    """The files of a project, each read once, and what their functions are called."""

    def __init__(self, project: Project, resolver: Resolver) -> None:
        self.project = project
        self._resolver = resolver
        config = project.config
        self.setup_functions = {Meaning(_LIBRARY, name) for name in LIBRARY_SETUPS}
        self.setup_functions |= {self._home(home) for home in config.setup_functions}
        self.creations = {Meaning(_LIBRARY, name) for name in LIBRARY_CREATIONS}
        create_run = config.sources_of_truth.get("create-run", "")
        if create_run:
            self.creations.add(self._home(create_run))

    def _home(self, function: str) -> Meaning:
        module, _, name = function.partition(":")
        found = self._resolver.resolve(module, name)
        if found.path and found.movable:
            return Meaning(self.project.primary_name(found.path) or found.module, found.name)
        return Meaning(module, name)

    @property
    def creation_words(self) -> tuple[str, ...]:
        """What a file that creates a run holds one of."""
        return ("start_run", *sorted(creation.name for creation in self.creations))

    def file(self, path: str) -> OrderFile | None:
        """One file; None if it is no Python."""
        names = self._resolver.analysis(Meanings).file(path)
        if names is None:
            return None
        return names.document.analysis(self, lambda: self._read(names))

    def _read(self, names: FileNames) -> OrderFile:
        calls = self._resolver.analysis(MlflowCalls).file(names.path)
        steps = {step.node: step.what for step in find_setup_steps(names, calls)}
        return OrderFile(names, calls.by_node if calls is not None else {}, steps)

    def definition(self, meaning: Meaning, importer: str) -> tuple[OrderFile, Definition] | None:
        """The function or class of the project that a name means, and its file."""
        module = self.project.find(meaning.module, importer)
        if module is None or not module.path.endswith((".py", ".ipynb")):
            return None
        file = self.file(module.path)
        if file is None:
            return None
        nodes = file.names.scopes.module.bindings.get(meaning.name, [])
        return (file, nodes[-1]) if nodes and isinstance(nodes[-1], Definition) else None

    def is_setup(self, node: ast.expr, file: OrderFile) -> str:
        """What configures MLflow at a node; empty if nothing does."""
        if node in file.setups:
            return file.setups[node]
        meaning = file.meaning(node.func) if isinstance(node, ast.Call) else None
        return meaning.name if meaning is not None and meaning in self.setup_functions else ""

    def is_creation(self, node: ast.Call, file: OrderFile) -> str:
        """What creates a run at a call, in the store that is set up; empty if nothing does."""
        if any(keyword_value(node, name) for name in _SAYS_WHERE):
            return ""
        if any(keyword.arg is None for keyword in node.keywords) or any(
            isinstance(argument, ast.Starred) for argument in node.args
        ):
            return ""
        call = file.calls.get(node)
        if call is not None and call.api == "start_run" and call.kind == "fluent":
            return "mlflow.start_run" if call.is_certain and not node.args else ""
        meaning = file.meaning(node.func)
        return meaning.name if meaning is not None and meaning in self.creations else ""
