"""Retrain the winner of a sweep on all data."""

import sys

import hydra
import mlflow
from mlflow.tracking import MlflowClient

from tabformer.training import fit


def winner(sweep_run_id):
    sweep = mlflow.get_run(sweep_run_id)
    frame = mlflow.search_runs(
        [sweep.info.experiment_id],
        filter_string=f"tags.mlflow.parentRunId = '{sweep_run_id}' and metrics.rmse > 0",
        order_by=["metrics.rmse ASC"],
        max_results=1,
    )
    if frame.empty:
        sys.exit("no finished trial")
    return mlflow.get_run(frame.run_id.iloc[0])


def main(sweep_run_id):
    best = winner(sweep_run_id)
    overrides = [f"{k}={v}" for k, v in best.data.params.items()]
    with hydra.initialize(config_path="../conf", version_base="1.3"):
        cfg = hydra.compose("config", overrides=overrides)
    tags = mlflow.get_run(sweep_run_id).data.tags
    if "tabformer.study_hash" not in tags:
        raise ValueError("not a sweep")
    digest = tags["tabformer.study_hash"]
    client = MlflowClient()
    with mlflow.start_run(experiment_id=best.info.experiment_id, run_name=f"final-{digest}") as run:
        for key, value in zip(
            ["tabformer.study_hash", "tabformer.objective", "tabformer.sampler"],
            [digest, "rmse", "none"],
        ):
            client.set_tag(run.info.run_id, key, value)
        mlflow.log_metric("rmse", fit(cfg))


if __name__ == "__main__":
    main(sys.argv[1])
