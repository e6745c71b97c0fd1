"""A/B comparison of two known runs."""

from __future__ import annotations

import mlflow
import pandas as pd
from mlflow.entities import Run


def compare(left_id: str, right_id: str) -> pd.DataFrame:
    left, right = mlflow.get_run(left_id), mlflow.get_run(right_id)
    metrics = sorted(set(left.data.metrics) & set(right.data.metrics))
    return pd.DataFrame(
        {"left": [left.data.metrics[m] for m in metrics], "right": [right.data.metrics[m] for m in metrics]},
        index=metrics,
    )


def children(parent: Run) -> list[Run]:
    client, out, token = mlflow.MlflowClient(), [], None
    where = f"tags.mlflow.parentRunId = '{parent.info.run_id}'"
    while True:
        page = client.search_runs([parent.info.experiment_id], where, page_token=token)
        out.extend(page)
        token = page.token
        if token is None:
            return out


def spread(parent_id: str, metric: str) -> float:
    values = [c.data.metrics[metric] for c in children(mlflow.get_run(parent_id)) if metric in c.data.metrics]
    return max(values) - min(values) if values else 0.0
