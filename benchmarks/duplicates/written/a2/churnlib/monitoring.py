import mlflow
import pandas as pd

from churnlib.consts import DEFAULT_EXPERIMENT, NUMERIC
from churnlib.features import psi
from churnlib.warehouse import load_snapshot


def current_training_run():
    runs = mlflow.search_runs(experiment_names=[DEFAULT_EXPERIMENT], order_by=["attributes.start_time DESC"], max_results=1)
    if len(runs) == 0:
        return None
    return runs.loc[0, "run_id"]


def drift(ds_now):
    run_id = current_training_run()
    if run_id is None:
        return {}
    snapshot = mlflow.get_run(run_id).data.tags["churn.snapshot"]
    then, now = load_snapshot(snapshot), load_snapshot(ds_now)
    return {col: psi(then[col], now[col]) for col in NUMERIC}


def push_drift(run_id, values):
    with mlflow.start_run(run_id=run_id):
        for col, value in values.items():
            mlflow.log_metric(f"psi_{col}", value)


def worst(values, n=3):
    return pd.Series(values, dtype=float).nlargest(n).to_dict()


def owner_of(run_id):
    run = mlflow.get_run(run_id)
    return run.data.tags.get("mlflow.user", "unknown")
