"""Week 5: register the best run and move the alias."""
import argparse
import logging

import mlflow
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

log = logging.getLogger(__name__)
MODEL = "bikes"
METRIC = "val_mae"


def best_candidate(experiment_name):
    """The finished run with the lowest error, None if there is none."""
    client = MlflowClient()
    exp = client.get_experiment_by_name(experiment_name)
    if exp is None:
        return None
    runs = client.search_runs(
        [exp.experiment_id],
        filter_string=f"attributes.status = 'FINISHED' and metrics.{METRIC} > 0",
        order_by=[f"metrics.{METRIC} ASC"],
        max_results=1,
    )
    return runs[0] if runs else None


def current_champion():
    client = MlflowClient()
    try:
        mv = client.get_model_version_by_alias(MODEL, "champion")
    except MlflowException:
        return None
    return client.get_run(mv.run_id)


def promote(experiment_name, dry=False):
    cand = best_candidate(experiment_name)
    if cand is None:
        log.error("nothing to promote")
        return None
    champ = current_champion()
    if champ is not None and champ.data.metrics[METRIC] <= cand.data.metrics[METRIC]:
        log.info("the champion stays")
        return None
    if dry:
        return cand.info.run_id
    mv = mlflow.register_model(f"runs:/{cand.info.run_id}/model", MODEL)
    MlflowClient().set_registered_model_alias(MODEL, "champion", mv.version)
    return mv.version


def prune_versions(keep=5):
    client = MlflowClient()
    versions = sorted(client.search_model_versions(f"name = '{MODEL}'"), key=lambda v: int(v.version))
    for v in versions[:-keep]:
        client.delete_model_version(MODEL, v.version)


if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--month")
    ap.add_argument("--experiment", default="bikes-alice")
    ap.add_argument("--dry", action="store_true")
    a = ap.parse_args()
    logging.basicConfig(level=logging.INFO)
    print(promote(a.experiment, a.dry))
    prune_versions()
