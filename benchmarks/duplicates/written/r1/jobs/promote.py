"""Puts the champion of a market into the registry. Called on the 3rd of each month."""
import argparse
import logging
from datetime import date

import mlflow
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

log = logging.getLogger(__name__)


def get_exp(user):
    exp = mlflow.get_experiment_by_name(f"/Users/{user}/churn/train")
    if exp is None:
        raise SystemExit("no training experiment of " + user)
    return exp


def best_of_market(exp_id, market):
    df = mlflow.search_runs(experiment_ids=[exp_id], output_format="pandas")
    df = df.loc[(df["tags.churn.market"] == market) & (df.status == "FINISHED")]
    df = df.dropna(subset=["metrics.val_auc"])
    if df.empty:
        raise ValueError(f"{market}: there is no run to promote")
    return df.loc[df["metrics.val_auc"].idxmax()]


def production_run(client, market):
    """run of what is in production now"""
    versions = client.get_latest_versions(f"churn_{market}", stages=["Production"])
    if not versions:
        return None
    return client.get_run(versions[0].run_id)


def snapshot_age(run):
    month = run.data.tags.get("churn.snapshot_month")
    if not month:
        return None
    y, m = month.split("-")
    d = date(int(y), int(m), 1)
    today = date.today()
    return (today.year - d.year) * 12 + today.month - d.month


def promote(user, market, min_gain=0.002):
    client = MlflowClient()
    row = best_of_market(get_exp(user).experiment_id, market)
    live = production_run(client, market)
    if live is not None:
        gain = row["metrics.val_auc"] - live.data.metrics.get("val_auc", 0.0)
        age = snapshot_age(live)
        if gain < min_gain and (age is None or age < 6):
            log.info("%s stays, gain is %.4f", market, gain)
            return None
    name = f"churn_{market}"
    try:
        client.create_registered_model(name)
    except MlflowException:
        pass
    mv = client.create_model_version(name, f"runs:/{row['run_id']}/model", row["run_id"])
    client.set_model_version_tag(name, mv.version, "promoted_on", date.today().isoformat())
    client.transition_model_version_stage(name, mv.version, "Production", archive_existing_versions=True)
    client.set_tag(row["run_id"], "churn.promoted", "true")
    return mv.version


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("user")
    p.add_argument("--market", default="de")
    a = p.parse_args()
    promote(a.user, a.market)
