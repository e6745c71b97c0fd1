"""Marks runs that the cluster killed."""

import time

import mlflow
from mlflow.entities import ViewType

HOUR = 3_600_000


def close_hanging(study, hours=48):
    client = mlflow.MlflowClient()
    exp = client.get_experiment_by_name(study)
    border = int(time.time() * 1000) - hours * HOUR
    for run in client.search_runs([exp.experiment_id], "attributes.status = 'RUNNING'", ViewType.ACTIVE_ONLY):
        if run.info.start_time < border:
            client.set_terminated(run.info.run_id, "KILLED")
            print("closed", run.info.run_id)


if __name__ == "__main__":
    for name in ("liver", "spleen"):
        close_hanging(name)
