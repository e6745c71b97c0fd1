"""Evaluation helpers (own copy: the training package pulls in prophet)."""
import datetime as dt
from typing import List, Optional, Tuple

import pandas as pd
from mlflow import MlflowClient
from mlflow.entities import Run


class NoSuchExperiment(LookupError):
    pass


def region_experiment_id(client: MlflowClient, name: str) -> str:
    exp = client.get_experiment_by_name(name)
    if exp is None:
        raise NoSuchExperiment(name)
    return exp.experiment_id


def window_of(run: Run) -> Tuple[dt.date, dt.date]:
    """Training window of a run as two dates."""
    raw = run.data.tags["dc.train_window"]
    start, end = raw.split(":")
    return dt.date.fromisoformat(start), dt.date.fromisoformat(end)


def children(client: MlflowClient, parent: Run) -> List[Run]:
    out, token = [], None
    while True:
        page = client.search_runs(
            [parent.info.experiment_id],
            f"tags.mlflow.parentRunId = '{parent.info.run_id}'",
            max_results=500,
            page_token=token,
        )
        out.extend(page)
        token = page.token
        if not token:
            return out


def latest_store_run(client: MlflowClient, experiment_id: str, store: str) -> Optional[Run]:
    """The newest finished run of a store, whatever its score."""
    clauses = [f"tags.`dc.store` = '{store}'", "attributes.status = 'FINISHED'"]
    runs = client.search_runs([experiment_id], " and ".join(clauses), order_by=["start_time DESC"], max_results=1)
    return runs[0] if runs else None


def metrics_frame(runs: List[Run]) -> pd.DataFrame:
    rows = []
    for r in runs:
        rows.append({"run_id": r.info.run_id, "store": r.data.tags.get("dc.store"), **r.data.metrics})
    return pd.DataFrame(rows)


def bias(y, yhat) -> float:
    return float((yhat - y).sum() / max(abs(y).sum(), 1e-9))


def coverage(y, lo, hi) -> float:
    return float(((y >= lo) & (y <= hi)).mean())
