"""Pipelines, steps and the order they run in."""

from __future__ import annotations

import inspect
import logging
import uuid
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List, Optional

import networkx as nx

logger = logging.getLogger(__name__)


@dataclass
class Step:
    name: str
    func: Callable[..., Any]
    retries: int = 0

    @property
    def inputs(self) -> List[str]:
        return list(inspect.signature(self.func).parameters)


@dataclass
class StepContext:
    pipeline: str
    run_key: str
    step: str
    attempt: int = 0
    labels: Dict[str, str] = field(default_factory=dict)


class Plugin:
    """What a plug-in may do around pipelines and steps."""

    def pipeline_started(self, pipeline: "Pipeline", run_key: str) -> None: ...

    def step_started(self, context: StepContext) -> None: ...

    def step_ended(self, context: StepContext, error: Optional[BaseException]) -> None: ...

    def pipeline_ended(self, pipeline: "Pipeline", run_key: str, error: Optional[BaseException]) -> None: ...


@dataclass
class Pipeline:
    name: str
    steps: List[Step] = field(default_factory=list)
    plugins: List[Plugin] = field(default_factory=list)

    def order(self) -> List[Step]:
        graph = nx.DiGraph()
        by_name = {s.name: s for s in self.steps}
        for one in self.steps:
            graph.add_node(one.name)
            for name in one.inputs:
                if name in by_name:
                    graph.add_edge(name, one.name)
        return [by_name[n] for n in nx.topological_sort(graph)]

    def run(self, run_key: Optional[str] = None, **inputs: Any) -> Dict[str, Any]:
        run_key = run_key or uuid.uuid4().hex
        values = dict(inputs)
        for plugin in self.plugins:
            plugin.pipeline_started(self, run_key)
        error: Optional[BaseException] = None
        try:
            for one in self.order():
                values[one.name] = self._run_step(one, run_key, values)
        except BaseException as e:
            error = e
            raise
        finally:
            for plugin in self.plugins:
                plugin.pipeline_ended(self, run_key, error)
        return values

    def _run_step(self, one: Step, run_key: str, values: Dict[str, Any]) -> Any:
        for attempt in range(one.retries + 1):
            context = StepContext(self.name, run_key, one.name, attempt)
            for plugin in self.plugins:
                plugin.step_started(context)
            try:
                result = one.func(**{k: values[k] for k in one.inputs})
            except Exception as e:
                for plugin in self.plugins:
                    plugin.step_ended(context, e)
                if attempt == one.retries:
                    raise
                logger.warning("step %s failed, try again", one.name)
            else:
                for plugin in self.plugins:
                    plugin.step_ended(context, None)
                return result


def step(func: Optional[Callable[..., Any]] = None, *, retries: int = 0) -> Any:
    def wrap(f: Callable[..., Any]) -> Step:
        return Step(f.__name__, f, retries)

    return wrap(func) if func else wrap
