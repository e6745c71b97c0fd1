"""Removes children whose trial was deleted."""

import mlflow
from mlflow.entities import ViewType


def prune(task):
    client = mlflow.MlflowClient()
    exp = client.get_experiment_by_name(f"gripper-{task}")
    if exp is None:
        return 0
    gone = client.search_runs([exp.experiment_id], run_view_type=ViewType.DELETED_ONLY)
    removed = 0
    for parent in gone:
        children = client.search_runs([exp.experiment_id], f"tags.`mlflow.parentRunId` = '{parent.info.run_id}'")
        for child in children:
            client.delete_run(child.info.run_id)
            removed += 1
    return removed


if __name__ == "__main__":
    print(sum(prune(t) for t in ("pick", "place", "stack")))
