"""What the auction servers report back."""

from __future__ import annotations

import mlflow
from mlflow.exceptions import MlflowException


def server_tags(host: str, release: str, region: str) -> dict[str, str]:
    return {"server.host": host, "server.release": release, "server.region": region, "adrank.market": region[:2]}


def live_version(market: str) -> int | None:
    try:
        version = mlflow.MlflowClient().get_model_version_by_alias(f"adrank-{market}", "champion")
    except MlflowException:
        return None
    return int(version.version)


def record_latency(host: str, release: str, region: str, p50: float, p99: float) -> None:
    mlflow.set_experiment("/adrank/servers")
    with mlflow.start_run(run_name=host, tags=server_tags(host, release, region)):
        mlflow.log_metrics({"latency_p50": p50, "latency_p99": p99})
