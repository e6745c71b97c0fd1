"""Rows for the audit table."""

from __future__ import annotations

import datetime as dt

import mlflow
import pandas as pd
from mlflow.entities import Run

from scorelib.mlruns import experiment_id_of, run_by_name, validation_id_of
from scorelib.settings import Segment


def monthly_run(segment: Segment, month: dt.date) -> Run:
    return run_by_name(segment, f"pd-{segment.value}-{month:%Y%m}")


def audit_frame(segment: Segment) -> pd.DataFrame:
    frame = mlflow.search_runs([experiment_id_of(segment)], max_results=10_000)
    keep = [c for c in frame.columns if c.startswith(("tags.gov.", "metrics."))]
    return frame[["run_id", "start_time", "status", *keep]].sort_values("start_time")


def audit_line(segment: Segment, month: dt.date) -> dict[str, str]:
    run = monthly_run(segment, month)
    return {"run": run.info.run_id, "validation": validation_id_of(run), "month": f"{month:%Y-%m}"}


class Champion:
    """The run in production, for the audit API."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment

    def run(self) -> Run:
        client = mlflow.MlflowClient()
        hits = client.search_runs(
            experiment_ids=[experiment_id_of(self.segment)],
            filter_string="tags.lifecycle = 'champion'",
            max_results=1,
            order_by=["start_time DESC"],
        )
        if len(hits) != 1:
            raise LookupError(f"{self.segment} has no champion")
        return hits[0]

    def age_days(self) -> int:
        started = dt.datetime.fromtimestamp(self.run().info.start_time / 1000)
        return (dt.datetime.now() - started).days
