"""Archives the oldest runs; a cron job."""

from __future__ import annotations

import mlflow
from mlflow.tracking import MlflowClient

from mlutils.experiments import components


def archive(component: str, keep: int = 200) -> int:
    client = MlflowClient()
    experiment = client.get_experiment_by_name(f"search/{component}")
    frame = mlflow.search_runs([experiment.experiment_id], order_by=["attributes.start_time ASC"])
    surplus = frame.head(max(len(frame) - keep, 0))
    for run_id in surplus["run_id"]:
        client.delete_run(run_id)
    return len(surplus)


def last_activity() -> dict[str, str]:
    out = {}
    for component in components():
        frame = mlflow.search_runs(experiment_names=[f"search/{component}"])
        out[component] = "never" if frame.empty else frame["start_time"].max().isoformat()
    return out


if __name__ == "__main__":
    for name in components():
        print(name, archive(name))
