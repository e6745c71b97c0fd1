"""Tables of what a study found."""

from __future__ import annotations

from typing import Any

import mlflow
import pandas as pd
from mlflow.entities import Run


def leaderboard(experiment: str, metric: str, n: int = 10) -> pd.DataFrame:
    """The n best trials of an experiment."""
    frame = mlflow.search_runs(
        experiment_names=[experiment],
        filter_string="tags.`pinetree.kind` = 'trial'",
        order_by=[f"metrics.{metric} DESC"],
        max_results=n,
    )
    keep = [c for c in frame.columns if c.startswith(("params.", "metrics."))]
    return frame[["run_id", *keep]]


def winner(experiment: str, study_run_id: str, metric: str, direction: str = "maximize") -> "pd.Series | None":
    """The row of the trial that won."""
    rows = mlflow.search_runs(
        experiment_names=[experiment],
        filter_string=f"tags.mlflow.parentRunId = '{study_run_id}'",
    )
    if rows.empty:
        return None
    rows = rows[rows["status"] == "FINISHED"].dropna(subset=[f"metrics.{metric}"])
    rows = rows.sort_values(f"metrics.{metric}", ascending=direction == "minimize")
    return None if rows.empty else rows.iloc[0]


def describe(run: Run) -> dict[str, Any]:
    """One trial as a flat record."""
    number = -1
    if "pinetree.trial" in run.data.tags:
        number = int(run.data.tags["pinetree.trial"])
    return {
        "number": number,
        "run_id": run.info.run_id,
        "seconds": ((run.info.end_time or run.info.start_time) - run.info.start_time) / 1000,
        **run.data.metrics,
    }


def history(experiment: str, study_run_id: str) -> pd.DataFrame:
    """All trials in a table, by their number."""
    exp = mlflow.get_experiment_by_name(experiment)
    if exp is None:
        raise LookupError(experiment)
    runs = mlflow.search_runs(
        [exp.experiment_id], f"tags.mlflow.parentRunId = '{study_run_id}'", output_format="list"
    )
    return pd.DataFrame([describe(r) for r in runs]).sort_values("number")
