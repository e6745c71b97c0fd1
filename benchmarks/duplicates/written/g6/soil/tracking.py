"""MLflow helpers; new notebooks should use these."""

from __future__ import annotations

import mlflow
import pandas as pd

EXPERIMENT = "/Shared/soil-moisture"


def use(experiment: str = EXPERIMENT) -> str:
    """Set the experiment and give its id."""
    return mlflow.set_experiment(experiment).experiment_id


def best_run(station: str, metric: str = "rmse", experiment: str = EXPERIMENT) -> pd.Series:
    """Give the finished run of a station with the lowest error."""
    runs = mlflow.search_runs(
        experiment_names=[experiment],
        filter_string=f"params.station = '{station}' and attributes.status = 'FINISHED'",
        order_by=[f"metrics.{metric} ASC"],
        max_results=1,
    )
    if runs.empty:
        raise LookupError(f"no finished run of {station}")
    return runs.iloc[0]


def table(experiment: str = EXPERIMENT) -> pd.DataFrame:
    """All runs with short column names."""
    runs = mlflow.search_runs(experiment_names=[experiment])
    keep = [c for c in runs.columns if c.startswith(("metrics.", "params."))]
    return runs[["run_id", "status", *keep]].rename(columns=lambda c: c.split(".", 1)[-1])


def lags_of(row: pd.Series) -> tuple[int, ...]:
    """The lags of a run, from its tag."""
    text = row.get("tags.soil.lags")
    if not isinstance(text, str) or not text:
        return (1, 2, 7)
    return tuple(int(part) for part in text.split(","))
