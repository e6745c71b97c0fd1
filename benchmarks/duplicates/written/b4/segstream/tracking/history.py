from __future__ import annotations

from dataclasses import dataclass

from segstream.tracking.lookup import client


@dataclass(frozen=True)
class Best:
    epoch: int
    value: float


def best_epoch(run_id: str, metric: str = "val/miou") -> Best | None:
    points = client().get_metric_history(run_id, metric)
    if not points:
        return None
    top = max(points, key=lambda m: m.value)
    return Best(top.step, top.value)


def rows(experiment_id: str):
    token = None
    while True:
        page = client().search_runs([experiment_id], page_token=token, max_results=200)
        for run in page:
            yield {"id": run.info.run_id, **run.data.params, **run.data.metrics}
        token = page.token
        if not token:
            return


def plateau(run_id: str, metric: str = "val/miou", window: int = 5, eps: float = 1e-3) -> bool:
    values = [m.value for m in client().get_metric_history(run_id, metric)]
    if len(values) <= window:
        return False
    return max(values[-window:]) - max(values[:-window]) < eps
