"""Retrain one segment of an existing weekly run by hand."""
import sys

import mlflow

from churnlib.features import build_matrix
from churnlib.trainer import fit_booster
from churnlib.warehouse import load_snapshot


def newest(experiment="/churn/weekly"):
    client = mlflow.MlflowClient()
    e = client.get_experiment_by_name(experiment)
    page = client.search_runs([e.experiment_id], max_results=1, order_by=["start_time desc"])
    for r in page:
        return r.info.run_id
    return None


def main(segment_name, run_id=None):
    run_id = run_id or newest()
    parent = mlflow.get_run(run_id)
    ds = parent.data.tags.get("churn.snapshot")
    if not ds:
        raise KeyError("parent has no snapshot tag")
    X, y = build_matrix(load_snapshot(ds))
    rows = (X["segment"] == segment_name).to_numpy()
    client = mlflow.MlflowClient()
    child = client.create_run(
        parent.info.experiment_id,
        run_name="/".join([ds, segment_name]),
        tags={"churn.segment": segment_name, "mlflow.parentRunId": run_id},
    )
    child_id = child.info.run_id
    _, metrics = fit_booster(X[rows].drop(columns=["segment"]), y[rows], 300)
    for key, value in metrics.items():
        client.log_metric(child_id, key, value)
    client.set_terminated(child_id)
    print(child_id, metrics)


if __name__ == "__main__":
    main(*sys.argv[1:])
