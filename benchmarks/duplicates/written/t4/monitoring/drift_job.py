"""Weekly drift of the champions (scheduled pipeline)."""
import logging
import os
from datetime import date

import mlflow
import pandas as pd
from mlflow.tracking import MlflowClient

from mlops.gates import psi
from mlops.registry import Registry

log = logging.getLogger("drift")
MODELS = os.environ.get("DRIFT_MODELS", "scoring-retail,scoring-pyme").split(",")


def last_drift(client: MlflowClient, experiment_id: str, model: str):
    """Newest drift run of a model, for the comparison with last week."""
    out = client.search_runs([experiment_id], f"tags.monitored_model = '{model}'", order_by=["attributes.start_time DESC"], max_results=1)
    return out[0] if out else None


def reference_scores(run_id: str) -> pd.Series:
    path = mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path="scores/dev.parquet")
    return pd.read_parquet(path)["score"]


def measure(model: str, production: pd.Series) -> float:
    registry = Registry()
    champion = registry.champion_run(model)
    if champion is None:
        log.warning("%s has no champion", model)
        return float("nan")
    exp = mlflow.set_experiment("drift")
    previous = last_drift(registry.client, exp.experiment_id, model)
    value = psi(reference_scores(champion.info.run_id), production)
    with mlflow.start_run(run_name=f"{model}-{date.today():%G%V}"):
        mlflow.set_tags({"monitored_model": model, "champion_run": champion.info.run_id})
        mlflow.log_metric("psi", value)
        if previous is not None:
            mlflow.log_metric("psi_change", value - previous.data.metrics["psi"])
    return value


def main():
    logging.basicConfig(level=logging.INFO)
    worst = 0.0
    for model in MODELS:
        prod = pd.read_parquet(f"/mnt/scores/{model}/latest.parquet")["score"]
        worst = max(worst, measure(model, prod))
    raise SystemExit(worst > 0.25)


if __name__ == "__main__":
    main()
