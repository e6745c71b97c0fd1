"""What happens when a module gets the client factory, and with it modules that it did not load."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trackfix.project.clients.constructions import Clients
from trackfix.project.clients.factory import ClientFactory
from trackfix.project.clients.factory_calls import find_factory_calls
from trackfix.project.facts.expressions import last_call_name
from trackfix.project.loading.cycles import ImportGraph
from trackfix.project.loading.entry_blocks import is_main_block
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.meaning import Meaning
from trackfix.project.meaning.meanings import Meanings
from trackfix.project.mlflow_uses.calls import MlflowCalls
from trackfix.project.mlflow_uses.setup import find_setup_steps
from trackfix.project.modules.resolution import Resolver
from trackfix.source.patterns import lazy_pattern
from trackfix_codemods.clients.sites import runs_late

# What the text of a file that acts holds.
_ACTING = lazy_pattern(rb"environ|putenv|load_dotenv|set_tracking_uri|set_registry_uri|set_exper")
_ENVIRON = Meaning("os", "environ")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class FactoryLoading:
    """What the module of the factory, and those that it imports, do when they are loaded."""

    def __init__(self, factory: ClientFactory, graph: ImportGraph, resolver: Resolver) -> None:
        self._factory = factory
        self._graph = graph
        self._resolver = resolver
        self._clients = resolver.analysis(Clients)
        self._known: dict[str, tuple[int, str]] = {}

    def problem(self, path: str) -> str:
        """What a file would do when it is loaded, or when it first calls the factory, and does not
        do so far: set MLflow up, make a client, or ask for a variable that may be missing."""
        if not self._factory.path:
            return ""
        there = self._graph.reachable(path) | self._graph.around(path)
        for other in sorted(self._graph.reachable(self._factory.path) - there):
            line, what = self._act(other)
            if what:
                return f"{other}:{line} {what} when {self._factory.module} is imported"
        return ""

    def _act(self, path: str) -> tuple[int, str]:
        """The first such line of a file, and what it does; empty for none."""
        if path not in self._known:
            acts = [*self._acts(path), *self._makes_client(path)]
            self._known[path] = min(acts, default=(0, ""))
        return self._known[path]

    def _makes_client(self, path: str) -> Iterator[tuple[int, str]]:
        """Where a file makes a client: that may create a store, or fail, before MLflow is set
        up."""
        made = self._clients.constructions(path)
        made = [item for item in made if item.form.kind in ("call", "getattr")]
        called = find_factory_calls(self._clients, self._factory, path)
        calls = [item.call for item in made if not runs_late(item.scope)]
        calls += (item.call for item in called if not runs_late(item.scope))
        names = self._resolver.analysis(Meanings).file(path) if calls else None
        if names is None:
            return
        for call in filter(None, calls):
            if not is_main_block(call, names.parents):
                yield names.line(call), "makes a client"

    def _acts(self, path: str) -> Iterator[tuple[int, str]]:
        project = self._resolver.project
        may_act = path.endswith(".py") and _ACTING.search(project.read_if_possible(path))
        names = self._resolver.analysis(Meanings).file(path) if may_act else None
        if names is None:
            return
        calls = self._resolver.analysis(MlflowCalls).file(path)
        for step in find_setup_steps(names, calls):
            if _is_executed(names, step.node):
                does = "calls" if step.what.startswith("mlflow.") else "sets"
                yield names.line(step.node), f"{does} {step.what}"
        for call in names.document.index.calls:
            if last_call_name(call) == "load_dotenv" and _is_executed(names, call):
                yield names.line(call), "loads the environment from a file"
        for node in ast.walk(names.document.tree):
            if isinstance(node, ast.Subscript) and _is_needed(names, node):
                yield names.line(node), f"needs {ast.unparse(node)}"


def _is_executed(names: FileNames, node: ast.AST) -> bool:
    """Whether a node is executed when its module is loaded."""
    outer = names.parents.get(node)
    while outer is not None:
        if isinstance(outer, _FUNCTIONS):
            return False
        outer = names.parents.get(outer)
    return not is_main_block(node, names.parents)


def _is_needed(names: FileNames, node: ast.Subscript) -> bool:
    """``os.environ["URI"]`` at the top of a module, which raises an error where it is missing."""
    if not isinstance(node.ctx, ast.Load) or not _is_executed(names, node):
        return False
    outer = names.parents.get(node)
    while outer is not None:
        # Whoever asks on some condition has an answer for when it is missing.
        if isinstance(outer, (ast.Try, ast.If, ast.IfExp)):
            return False
        outer = names.parents.get(outer)
    return names.of(node.value, names.scopes.module) == _ENVIRON
