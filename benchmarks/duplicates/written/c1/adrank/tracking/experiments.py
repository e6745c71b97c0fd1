"""One experiment per market."""

from __future__ import annotations

import logging

from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

from adrank.constants import ARTIFACT_BUCKET, EXPERIMENT_PREFIX

log = logging.getLogger(__name__)


def ensure_experiment(market: str, client: MlflowClient | None = None) -> str:
    """Id of the experiment of ``market``; made with our artifact root if there is none."""
    client = client or MlflowClient()
    name = EXPERIMENT_PREFIX + market
    existing = client.get_experiment_by_name(name)
    if existing is not None:
        return existing.experiment_id
    try:
        return client.create_experiment(name, artifact_location=f"{ARTIFACT_BUCKET}/{market}")
    except MlflowException:
        log.info("another worker created %s first", name)
        again = client.get_experiment_by_name(name)
        if again is None:
            raise
        return again.experiment_id


def ensure_all(markets: tuple[str, ...]) -> dict[str, str]:
    client = MlflowClient()
    return {market: ensure_experiment(market, client) for market in markets}
