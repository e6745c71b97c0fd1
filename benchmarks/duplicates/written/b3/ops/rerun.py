"""Open again the partitions that failed."""
import sys

import mlflow
from mlflow import MlflowClient


def find(client, experiment_id, hint):
    try:
        return client.get_run(hint)
    except mlflow.exceptions.MlflowException:
        pass
    named = client.search_runs([experiment_id], f"attributes.run_name = '{hint}'", max_results=1)
    if named:
        return named[0]
    tagged = client.search_runs([experiment_id], f"tags.`batch.spark_app` = '{hint}'", max_results=1)
    return tagged[0] if tagged else None


def reopen(client, parent, partition, attempt):
    tags = {"batch.partition": partition}
    tags["batch.attempt"] = str(attempt)
    tags["mlflow.parentRunId"] = parent.info.run_id
    new = client.create_run(parent.info.experiment_id, tags=tags, run_name=f"{partition}#{attempt}")
    return new.info.run_id


def fail_zombies(client, experiment_id):
    for run in client.search_runs([experiment_id], "attributes.status = 'RUNNING'"):
        client.set_terminated(run.info.run_id, "FAILED")


def lowest_error(client, experiment_id):
    scored = [r for r in client.search_runs([experiment_id]) if "mape" in r.data.metrics]
    scored.sort(key=lambda r: r.data.metrics["mape"])
    return scored[0] if scored else None


def main(hint, *partitions):
    client = MlflowClient()
    experiment = mlflow.get_experiment_by_name("demand/train")
    fail_zombies(client, experiment.experiment_id)
    parent = find(client, experiment.experiment_id, hint)
    if parent is None:
        raise SystemExit(f"nothing found for {hint}")
    for partition in partitions:
        print(partition, reopen(client, parent, partition, 2))
    print("best so far", lowest_error(client, experiment.experiment_id))


if __name__ == "__main__":
    main(*sys.argv[1:])
