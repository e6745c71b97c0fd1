"""Nodes and pipelines."""

from __future__ import annotations

import hashlib
import inspect
from dataclasses import dataclass
from typing import Any, Callable, Iterable


@dataclass(frozen=True)
class Node:
    """A function with names for what it takes and gives."""

    func: Callable[..., Any]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.func.__name__

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        result = self.func(*(data[name] for name in self.inputs))
        if len(self.outputs) == 1:
            return {self.outputs[0]: result}
        return dict(zip(self.outputs, result or ()))

    def fingerprint(self) -> str:
        return hashlib.sha1(inspect.getsource(self.func).encode()).hexdigest()


def node(inputs: Iterable[str], outputs: Iterable[str]) -> Callable[[Callable], Node]:
    def wrap(func: Callable[..., Any]) -> Node:
        return Node(func, tuple(inputs), tuple(outputs))

    return wrap


class Pipeline:
    """Nodes in the order in which they run."""

    def __init__(self, name: str, nodes: Iterable[Node]) -> None:
        self.name = name
        self.nodes = self._sorted(list(nodes))

    @staticmethod
    def _sorted(nodes: list[Node]) -> list[Node]:
        made_by = {out: n for n in nodes for out in n.outputs}
        done: list[Node] = []

        def visit(n: Node, path: tuple[Node, ...]) -> None:
            if n in done:
                return
            if n in path:
                raise ValueError(f"{n.name} needs itself")
            for name in n.inputs:
                if name in made_by:
                    visit(made_by[name], (*path, n))
            done.append(n)

        for n in nodes:
            visit(n, ())
        return done

    def fingerprint(self) -> str:
        whole = "".join(n.fingerprint() for n in self.nodes)
        return hashlib.sha1(f"{self.name}{whole}".encode()).hexdigest()[:16]
