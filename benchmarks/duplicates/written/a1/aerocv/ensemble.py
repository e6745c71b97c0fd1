"""Weighted boxes fusion over the newest models of several backbones."""

from __future__ import annotations

import mlflow
import numpy as np
from mlflow.tracking import MlflowClient

from aerocv import tracking
from aerocv.metrics import iou


def _newest_first(client: MlflowClient, experiment_id: str):
    return client.search_runs([experiment_id], order_by=["attributes.start_time DESC"], max_results=500)


def member(client: MlflowClient, experiment_id: str, backbone: str):
    """Newest run of a backbone."""
    for run in _newest_first(client, experiment_id):
        if tracking.backbone_of(run) == backbone:
            return run
    return None


def for_dataset(client: MlflowClient, experiment_id: str, digest: str):
    matching = filter(
        lambda run: run.data.tags.get(tracking.TAG_DATASET) == digest, _newest_first(client, experiment_id)
    )
    return next(matching, None)


def fuse(boxes: list[np.ndarray], scores: list[np.ndarray], threshold: float = 0.55):
    stacked, weight = np.concatenate(boxes), np.concatenate(scores)
    order = np.argsort(-weight)
    taken = np.zeros(len(stacked), dtype=bool)
    fused = []
    for i in order:
        if taken[i]:
            continue
        near = (iou(stacked[i : i + 1], stacked)[0] >= threshold) & ~taken
        taken |= near
        fused.append((np.average(stacked[near], axis=0, weights=weight[near]), weight[near].mean()))
    return fused


def load_members(experiment: str, backbones: tuple[str, ...]):
    client = MlflowClient()
    experiment_id = tracking.ensure_experiment(client, experiment)
    runs = [member(client, experiment_id, b) for b in backbones]
    return [mlflow.pytorch.load_model(f"runs:/{r.info.run_id}/model") for r in runs if r]
