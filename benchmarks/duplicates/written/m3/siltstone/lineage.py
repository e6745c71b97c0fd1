"""The graph of versions and runs."""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass, field
from typing import Dict, List, Optional, Set

import mlflow
from mlflow.entities import Run
from mlflow.tracking import MlflowClient


@dataclass
class Node:
    version: str
    run_id: Optional[str]
    inputs: List[str] = field(default_factory=list)


class LineageGraph:
    """Walks from a version back to its sources."""

    def __init__(self, experiment: str, tracking_uri: Optional[str] = None) -> None:
        self._mlflow = MlflowClient(tracking_uri)
        self._experiment = experiment
        self._exp_id: Optional[str] = None

    @property
    def exp_id(self) -> str:
        if not self._exp_id:
            existing = self._mlflow.get_experiment_by_name(self._experiment)
            if existing is not None:
                if existing.lifecycle_stage != "active":
                    self._mlflow.restore_experiment(existing.experiment_id)
                self._exp_id = existing.experiment_id
            else:
                self._exp_id = self._mlflow.create_experiment(self._experiment)
        return self._exp_id

    def _made_by(self, name: str, digest: str) -> Optional[Run]:
        query = " AND ".join(
            [
                f"tags.`siltstone.dataset` = '{name}'",
                f"tags.`siltstone.digest` = '{digest}'",
                "attributes.status = 'FINISHED'",
            ]
        )
        matches = list(self._mlflow.search_runs([self.exp_id], query))
        matches.sort(key=lambda run: run.info.start_time, reverse=True)
        return matches[0] if matches else None

    def _inputs(self, run: Run) -> List[str]:
        try:
            value = json.loads(run.data.tags["siltstone.parents"])
        except (KeyError, json.JSONDecodeError):
            value = []
        return [str(item) for item in value]

    def upstream(self, version: str) -> List[Node]:
        todo = deque([version])
        seen: Set[str] = set()
        out: List[Node] = []
        while todo:
            current = todo.popleft()
            if current in seen:
                continue
            seen.add(current)
            name, _, digest = current.partition("@")
            run = self._made_by(name, digest)
            node = Node(current, run.info.run_id if run else None, self._inputs(run) if run else [])
            todo.extend(node.inputs)
            out.append(node)
        return out


def rows_by_version(experiment: str) -> Dict[str, int]:
    frame = mlflow.search_runs(experiment_names=[experiment])
    keep = frame.dropna(subset=["tags.siltstone.digest"])
    return dict(zip(keep["tags.siltstone.digest"], keep["tags.siltstone.rows"].astype(int)))
