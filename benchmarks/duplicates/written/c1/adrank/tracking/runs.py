"""Runs of flows and of the markets inside them."""

from __future__ import annotations

from contextlib import contextmanager

from mlflow.tracking import MlflowClient
from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID

from adrank.constants import TAG_MARKET


@contextmanager
def open_market_run(parent_run_id: str, market: str, extra: dict[str, str] | None = None):
    """Child run of one market; FAILED when the block raises."""
    client = MlflowClient()
    parent = client.get_run(parent_run_id)
    run = client.create_run(
        parent.info.experiment_id,
        run_name=f"{parent.info.run_name}-{market}",
        tags={MLFLOW_PARENT_RUN_ID: parent_run_id, TAG_MARKET: market, **(extra or {})},
    )
    try:
        yield run
    except BaseException:
        client.set_terminated(run.info.run_id, status="FAILED")
        raise
    client.set_terminated(run.info.run_id)
