"""Monthly drift monitor; runs as a job."""

from __future__ import annotations

from collections.abc import Iterable

import mlflow
import pandas as pd
from mlflow.tracking import MlflowClient

from scorelib.metrics import psi
from scorelib.mlruns import experiment_id_of
from scorelib.settings import Segment

LIMITS = {"psi": 0.25, "gini_gap": -0.05}


def retired(segment: Segment) -> list[str]:
    found = MlflowClient().search_runs([experiment_id_of(segment)], "tags.lifecycle = 'retired'", max_results=1000)
    return [run.info.run_id for run in found]


def incident_tags(ticket: str, severity: str, reporter: str) -> dict[str, str]:
    return {"incident.ticket": ticket, "incident.severity": severity, "incident.reporter": reporter}


def open_incident(run_id: str, ticket: str, severity: str) -> None:
    for key, value in incident_tags(ticket, severity, "monitor").items():
        MlflowClient().set_tag(run_id, key, value)


def drifted(reference: pd.DataFrame, current: pd.DataFrame, variables: Iterable[str]) -> dict[str, float]:
    values = {v: psi(reference[v].to_numpy(), current[v].to_numpy()) for v in variables}
    return {v: x for v, x in values.items() if x > LIMITS["psi"]}


def record(segment: Segment, values: dict[str, float]) -> None:
    mlflow.set_experiment("/Shared/monitoring")
    with mlflow.start_run(run_name=f"drift-{segment.value}"):
        mlflow.log_metrics({f"psi_{k}": v for k, v in values.items()})
