"""Registers the best model of each market."""

from __future__ import annotations

import mlflow
from prefect import flow, get_run_logger, task

from adrank.tracking.experiments import ensure_experiment
from adrank.tracking.lookup import calibration_of


@task
def champion(market: str) -> str:
    exp = ensure_experiment(market)
    df = mlflow.search_runs([exp], filter_string="metrics.val_pr_auc > 0")
    if df.empty:
        raise LookupError(market)
    winner = df.loc[df["metrics.val_pr_auc"].idxmax()]
    return str(winner.run_id)


@task
def register(run_id: str, market: str) -> int:
    version = mlflow.register_model(f"runs:/{run_id}/model", f"adrank-{market}")
    client = mlflow.MlflowClient()
    client.set_registered_model_alias(version.name, "champion", version.version)
    client.set_model_version_tag(
        version.name, version.version, "calibration", calibration_of(client.get_run(run_id))
    )
    return int(version.version)


@flow(name="adrank-promote")
def promote(markets: list[str]) -> None:
    for market in markets:
        run_id = champion(market)
        get_run_logger().info("%s v%d", market, register(run_id, market))
