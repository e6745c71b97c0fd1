"""Bob's solution: an Airflow DAG. Each task is one function."""
from datetime import datetime, timedelta

import mlflow
from airflow import DAG
from airflow.operators.python import PythonOperator
from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID, MLFLOW_RUN_NAME

from common.features import DEPOTS, read_month
from common.model import fit, score

EXP = "bikes-bob"
DEFAULT_ARGS = {"owner": "bob", "retries": 1, "retry_delay": timedelta(minutes=2)}


def _exp_id():
    client = mlflow.MlflowClient()
    exp = client.get_experiment_by_name(EXP)
    if exp is None:
        return client.create_experiment(EXP, artifact_location="mlartifacts/bob", tags={"dag": "bikes"})
    return exp.experiment_id


def open_parent(ds, ti, **_):
    client = mlflow.MlflowClient()
    month = ds[:7]
    tags = {"owner": "bob", "flow": "airflow", "dataset": "bikes"}
    tags["train_month"] = month
    tags["train_window"] = "..".join([month, month])
    run = client.create_run(_exp_id(), tags=tags, run_name="dag-" + month)
    ti.xcom_push(key="parent", value=run.info.run_id)


def train_depots(ds, ti, **_):
    client = mlflow.MlflowClient()
    parent = ti.xcom_pull(key="parent", task_ids="open_parent")
    df = read_month(ds[:7])
    maes = []
    for depot in DEPOTS:
        part = df[df["depot"] == depot]
        cut = int(len(part) * 0.8)
        run = client.create_run(
            experiment_id=_exp_id(),
            tags={MLFLOW_PARENT_RUN_ID: parent, MLFLOW_RUN_NAME: f"depot-{depot}", "depot": depot},
        )
        model = fit(part.iloc[:cut], alpha=0.1)
        mae = score(model, part.iloc[cut:])
        client.log_metric(run.info.run_id, "val_mae", mae)
        client.set_terminated(run.info.run_id)
        maes.append(mae)
    client.log_metric(parent, "mean_mae", sum(maes) / len(maes))
    client.set_terminated(parent)


def pick_best(ti, **_):
    df = mlflow.search_runs([_exp_id()], filter_string="status = 'FINISHED'")
    df = df[df["metrics.val_mae"].notnull()]
    if df.empty:
        raise ValueError("nothing was trained")
    best_id = df.loc[df["metrics.val_mae"].idxmin()].run_id
    ti.xcom_push(key="best", value=best_id)


def compare(ds, **_):
    """Compares with the run of the same month one year ago."""
    month = f"{int(ds[:4]) - 1}{ds[4:7]}"
    found = mlflow.search_runs([_exp_id()],
                               "status = 'FINISHED' AND tags.train_month = '{}'".format(month),
                               order_by=["start_time DESC"], output_format="list")
    old = found[0] if len(found) > 0 else None
    if old is None:
        print("no run for", month)
        return
    window = old.data.tags["train_window"]
    first, last = window.split("..")
    print(month, "was trained on", first, "to", last, old.data.metrics)


with DAG("bikes", start_date=datetime(2023, 1, 1), schedule="@monthly", catchup=False, default_args=DEFAULT_ARGS) as dag:
    steps = [PythonOperator(task_id=f.__name__, python_callable=f) for f in (open_parent, train_depots, pick_best, compare)]
    for a, b in zip(steps, steps[1:]):
        a >> b
