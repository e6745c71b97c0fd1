"""Short helpers for notebooks."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import Any, Iterator

import pandas as pd

from tidewater.settings import get_settings


def use(name: str) -> str:
    """Make an experiment active in the notebook, under the project of the settings."""
    import mlflow

    settings = get_settings()
    exp = mlflow.get_experiment_by_name(name)
    if exp is not None and exp.lifecycle_stage != "active":
        mlflow.MlflowClient().restore_experiment(exp.experiment_id)
    experiment_id = (
        exp.experiment_id
        if exp is not None
        else mlflow.create_experiment(name, settings.artifact_location(name))
    )
    mlflow.set_experiment(experiment_id=experiment_id)
    os.environ["MLFLOW_EXPERIMENT_ID"] = experiment_id
    return experiment_id


@contextmanager
def scratch(name: str = "scratch") -> Iterator[Any]:
    """A run that is deleted when the block ends."""
    import mlflow

    with mlflow.start_run(run_name=name) as run:
        yield run
    mlflow.delete_run(run.info.run_id)


def last_metrics(experiment_name: str) -> pd.Series:
    """The metrics of the newest run that went well."""
    import mlflow

    df = mlflow.search_runs(experiment_names=[experiment_name])
    df = df[df["status"] == "FINISHED"].sort_values("start_time", ascending=False)
    if len(df) == 0:
        raise ValueError(f"nothing finished in {experiment_name}")
    newest = df.iloc[0]
    return newest.filter(like="metrics.").rename(lambda column: column.removeprefix("metrics."))


def history(run_id: str, metric: str) -> pd.DataFrame:
    """All values of one metric."""
    import mlflow

    points = mlflow.MlflowClient().get_metric_history(run_id, metric)
    return pd.DataFrame(
        {"step": [p.step for p in points], "value": [p.value for p in points]}
    ).set_index("step")


def compare(*run_ids: str) -> pd.DataFrame:
    """Params and metrics of some runs side by side."""
    import mlflow

    columns = {}
    for run_id in run_ids:
        run = mlflow.get_run(run_id)
        columns[run.info.run_name or run_id[:8]] = {**run.data.params, **run.data.metrics}
    return pd.DataFrame(columns)
