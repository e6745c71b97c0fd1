"""The parts of conduit that the plug-in needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable


@dataclass
class Node:
    """A function with named inputs and outputs."""

    name: str
    func: Callable[..., Any]
    inputs: list[str]
    outputs: list[str]
    tags: set[str] = field(default_factory=set)


@dataclass
class Pipeline:
    """Nodes in the order in which they run."""

    name: str
    nodes: list[Node]

    def inputs(self) -> set[str]:
        """What the pipeline needs from outside."""
        made = {o for node in self.nodes for o in node.outputs}
        return {i for node in self.nodes for i in node.inputs} - made

    def only(self, *tags: str) -> "Pipeline":
        """The nodes with any of the tags."""
        return Pipeline(self.name, [n for n in self.nodes if n.tags & set(tags)])


class Catalog:
    """Data sets by name."""

    def __init__(self, datasets: dict[str, Any] | None = None) -> None:
        self._datasets = dict(datasets or {})

    def load(self, name: str) -> Any:
        """Load one data set."""
        return self._datasets[name].load()

    def save(self, name: str, data: Any) -> None:
        """Save one data set when it is known."""
        if name in self._datasets:
            self._datasets[name].save(data)

    def items(self) -> Any:
        """All names and data sets."""
        return self._datasets.items()
