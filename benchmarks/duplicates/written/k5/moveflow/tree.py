"""Nested runs as a tree."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Iterator

from mlflow.entities import Run
from mlflow.tracking import MlflowClient


@dataclass
class TreeNode:
    """A run with its children."""

    run: Run
    children: list["TreeNode"] = field(default_factory=list)

    def walk(self, depth: int = 0) -> Iterator[tuple[int, Run]]:
        """This run and all below it."""
        yield depth, self.run
        for child in sorted(self.children, key=lambda c: c.run.info.start_time):
            yield from child.walk(depth + 1)


def build(runs: list[Run]) -> list[TreeNode]:
    """The roots of the runs."""
    nodes = {run.info.run_id: TreeNode(run) for run in runs}
    roots = []
    for node in nodes.values():
        up = node.run.data.tags.get("mlflow.parentRunId")
        if not up:
            up = node.run.data.tags.get("mlflow.parentRunID")
        if up and up in nodes:
            nodes[up].children.append(node)
        else:
            roots.append(node)
    return roots


def children(client: MlflowClient, run: Run) -> list[Run]:
    """The direct children of a run."""
    return list(
        client.search_runs(
            [run.info.experiment_id], filter_string=f"tags.mlflow.parentRunId = '{run.info.run_id}'"
        )
    )


def render(roots: list[TreeNode]) -> str:
    """The tree as text."""
    lines = []
    for root in roots:
        for depth, run in root.walk():
            lines.append("  " * depth + f"{run.info.run_name} ({run.info.run_id[:8]}, {run.info.status})")
    return "\n".join(lines)
