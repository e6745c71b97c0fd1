"""Which base model is the best for each task?"""
from __future__ import annotations

import mlflow
import pandas as pd

from ticketlm.config import TASKS
from ticketlm.names import BASE_MODEL, METRIC


def by_base(task: str) -> pd.Series:
    runs = mlflow.search_runs(experiment_names=[f"ticketlm/{task}"], filter_string="status = 'FINISHED'")
    if runs.empty:
        return pd.Series(dtype=float, name=task)
    return runs.groupby(f"tags.{BASE_MODEL}")[f"metrics.{METRIC}"].max().rename(task)


def cheapest(task: str, floor: float = 0.8) -> str | None:
    """The fastest run that is good enough."""
    runs = mlflow.search_runs(
        experiment_names=[f"ticketlm/{task}"], filter_string=f"metrics.{METRIC} >= {floor}", output_format="list"
    )
    if not runs:
        return None
    return min(runs, key=lambda r: r.info.end_time - r.info.start_time).info.run_id


def main() -> None:
    print(pd.concat([by_base(task) for task in TASKS], axis=1).to_string())
    for task in TASKS:
        print(task, cheapest(task))


if __name__ == "__main__":
    main()
