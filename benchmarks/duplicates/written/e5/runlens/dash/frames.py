"""Tables for the dashboards."""

from __future__ import annotations

import json
from typing import Any

import mlflow
import pandas as pd


def load(experiment_name: str, days: int = 30) -> pd.DataFrame:
    """The runs of the last days."""
    frame = mlflow.search_runs(experiment_names=[experiment_name], max_results=5000)
    if frame.empty:
        return frame
    oldest = pd.Timestamp.now(tz="UTC") - pd.Timedelta(days=days)
    return frame[frame["start_time"] >= oldest].reset_index(drop=True)


def _dataset_column(value: Any) -> tuple[str | None, str | None]:
    if not isinstance(value, str):
        return None, None
    try:
        parsed = json.loads(value)
        return parsed.get("name"), parsed.get("digest")
    except json.JSONDecodeError:
        return value, None


def with_dataset(frame: pd.DataFrame) -> pd.DataFrame:
    """Add the columns dataset and digest."""
    if "tags.runlens.dataset" not in frame:
        return frame.assign(dataset=None, digest=None)
    pairs = [_dataset_column(value) for value in frame["tags.runlens.dataset"]]
    return frame.assign(dataset=[p[0] for p in pairs], digest=[p[1] for p in pairs])


def champion(experiment_name: str, metric: str, smaller: bool) -> pd.Series | None:
    """The row of the best finished run."""
    df = mlflow.search_runs(experiment_names=[experiment_name], filter_string="status = 'FINISHED'")
    column = f"metrics.{metric}"
    if df.empty or column not in df.columns or df[column].isna().all():
        return None
    row = df.loc[df[column].idxmin() if smaller else df[column].idxmax()]
    return row


def per_day(frame: pd.DataFrame) -> pd.DataFrame:
    """How many runs were started on each day, by state."""
    days = frame["start_time"].dt.floor("D")
    return frame.groupby([days, "status"]).size().unstack(fill_value=0)


def durations(frame: pd.DataFrame) -> pd.Series:
    """How long the runs took, in minutes."""
    return (frame["end_time"] - frame["start_time"]).dt.total_seconds() / 60


def by_user(frame: pd.DataFrame) -> pd.Series:
    """How many runs each person has."""
    return frame["tags.mlflow.user"].fillna("?").value_counts()
