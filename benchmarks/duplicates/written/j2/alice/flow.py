"""Alice's solution: Prefect."""
import argparse
import os

import mlflow
import mlflow.sklearn
import pandas as pd
from mlflow.tracking import MlflowClient
from prefect import flow, get_run_logger, task

from common.features import month_before, read_month
from common.model import fit, score

EXPERIMENT = "bikes-alice"
mlflow.set_tracking_uri(os.getenv("MLFLOW_TRACKING_URI", "sqlite:///mlflow.db"))


@task(retries=2, retry_delay_seconds=5)
def load(month):
    return read_month(month)


@task
def previous_run(month):
    """The run of the month before, to compare with it."""
    log = get_run_logger()
    client = MlflowClient()
    exp = client.get_experiment_by_name(EXPERIMENT)
    runs = client.search_runs(
        experiment_ids=[exp.experiment_id],
        filter_string=f"tags.train_month = '{month_before(month)}' and attributes.status = 'FINISHED'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    if not runs:
        log.warning("no run for the month before %s", month)
        return None
    return runs[0]


@task
def train(train_df, val_df, month, alpha):
    with mlflow.start_run() as run:
        mlflow.set_tags({
            "owner": "alice",
            "train_month": month,
            "train_window": f"{month_before(month)}..{month}",
            "flow": "prefect",
            "dataset": "bikes",
        })
        mlflow.log_param("alpha", alpha)
        model = fit(train_df, alpha=alpha)
        mlflow.log_metric("val_mae", score(model, val_df))
        mlflow.sklearn.log_model(model, "model")
        return run.info.run_id


@task
def register(month):
    log = get_run_logger()
    exp = mlflow.get_experiment_by_name(EXPERIMENT)
    best = MlflowClient().search_runs([exp.experiment_id], "attributes.status = 'FINISHED'",
                                      order_by=["metrics.val_mae ASC"], max_results=1)[0]
    log.info("best run %s", best.info.run_id)
    mv = mlflow.register_model(f"runs:/{best.info.run_id}/model", "bikes")
    MlflowClient().set_model_version_tag("bikes", mv.version, "month", month)
    return mv.version


@flow(name="bikes-training")
def main(month="2023-03"):
    mlflow.set_experiment(EXPERIMENT)
    first = load(month_before(month))
    second = load(month)
    train_df = pd.concat([first, second.iloc[: len(second) // 2]])
    val_df = second.iloc[len(second) // 2:]
    old = previous_run(month)
    for alpha in (0.01, 0.1, 1.0):
        train(train_df, val_df, month, alpha)
    if old is not None:
        get_run_logger().info("mae of the month before: %s", old.data.metrics.get("val_mae"))
    register(month)


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("--month", default="2023-03")
    main(p.parse_args().month)
