"""Graphs of what came from what."""

import json
from collections import deque
from typing import Dict, List, Set

from cardwright._mlflow import client, paged
from cardwright.vocabulary import GovTag


class Graph:
    """A directed graph of run ids."""

    def __init__(self):
        self.edges: Dict[str, Set[str]] = {}
        self.labels: Dict[str, str] = {}

    def add(self, source, target):
        self.edges.setdefault(source, set()).add(target)
        self.edges.setdefault(target, set())

    def descendants(self, node) -> List[str]:
        seen, queue = [], deque([node])
        while queue:
            current = queue.popleft()
            for child in sorted(self.edges.get(current, ())):
                if child not in seen:
                    seen.append(child)
                    queue.append(child)
        return seen

    def to_dot(self):
        lines = ["digraph lineage {"]
        for node, label in sorted(self.labels.items()):
            lines.append(f'  "{node}" [label="{label}"];')
        for source, targets in sorted(self.edges.items()):
            lines += [f'  "{source}" -> "{target}";' for target in sorted(targets)]
        return "\n".join(lines + ["}"])


def root_of(run):
    """Return the topmost parent of a run."""
    seen = set()
    while True:
        parent_id = run.data.tags.get("mlflow.parentRunId")
        if parent_id is None or parent_id in seen:
            return run
        seen.add(parent_id)
        run = client().get_run(parent_id)


def upstream_of(run):
    """Return ids of the runs whose outputs a run used."""
    raw = run.data.tags.get(GovTag.UPSTREAM.value, "[]")
    try:
        ids = json.loads(raw)
    except ValueError:
        ids = [part.strip() for part in raw.split(",") if part.strip()]
    return ids


def build(experiment_ids):
    """Build the graph of all runs of some experiments."""
    graph = Graph()
    for run in paged(client().search_runs, experiment_ids=experiment_ids):
        run_id = run.info.run_id
        graph.labels[run_id] = run.info.run_name or run_id[:8]
        for source in upstream_of(run):
            graph.add(source, run_id)
        parent = run.data.tags.get("mlflow.parentRunId")
        if parent:
            graph.add(parent, run_id)
    return graph


def trained_on(digest, experiment_ids):
    """Return runs that read a dataset with the digest."""
    hits = []
    for run in paged(client().search_runs, experiment_ids=experiment_ids):
        if any(entry.dataset.digest == digest for entry in run.inputs.dataset_inputs):
            hits.append(run)
    return hits


def link(run_id, upstream):
    """Write the upstream runs of a run."""
    client().set_tag(run_id, GovTag.UPSTREAM.value, json.dumps(sorted(upstream)))
