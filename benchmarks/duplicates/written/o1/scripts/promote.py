#!/usr/bin/env python
"""Set the champion alias of a region to the best run.

usage: promote.py REGION [--min-gain 0.01] [--yes]
"""
import argparse
import sys

import mlflow
from mlflow import MlflowClient

from shelfcast.settings import Settings


def pick_champion(settings, code):
    runs = mlflow.search_runs(experiment_names=[settings.experiment],
                              filter_string="tags.region = '%s'" % code)
    if len(runs) == 0:
        return None
    runs = runs[runs.status == "FINISHED"]
    runs = runs.dropna(subset=["metrics.backtest_wape"]).sort_values("metrics.backtest_wape")
    if len(runs) == 0:
        return None
    return MlflowClient().get_run(runs.iloc[0].run_id)


def experiment_for_promotions(name):
    e = mlflow.get_experiment_by_name(name)
    if e is not None:
        if e.lifecycle_stage == "deleted":
            MlflowClient().restore_experiment(e.experiment_id)
        eid = e.experiment_id
    else:
        eid = mlflow.create_experiment(name)
    return eid


def version_of(client, name, run_id):
    for v in client.search_model_versions(f"name='{name}'"):
        if v.run_id == run_id:
            return v
    return None


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("region")
    ap.add_argument("--min-gain", type=float, default=0.01)
    ap.add_argument("--yes", action="store_true")
    args = ap.parse_args()
    settings = Settings()
    mlflow.set_tracking_uri(settings.tracking_uri)
    client = MlflowClient()
    model = f"demand-{args.region}"

    best = pick_champion(settings, args.region)
    if best is None:
        sys.exit("no finished run")
    current = client.get_run(client.get_model_version_by_alias(model, "champion").run_id)
    gain = current.data.metrics["backtest_wape"] - best.data.metrics["backtest_wape"]
    if gain < args.min_gain:
        sys.exit(f"gain {gain:.4f} is too small")
    version = version_of(client, model, best.info.run_id)
    if version is None:
        sys.exit("run %s has no version" % best.info.run_id)
    if not args.yes and input(f"promote version {version.version}? [y/N] ") != "y":
        sys.exit(0)
    client.set_registered_model_alias(model, "champion", version.version)
    eid = experiment_for_promotions(f"/shelfcast/{settings.stage}/promotions")
    with mlflow.start_run(experiment_id=eid, run_name=f"promote-{args.region}"):
        mlflow.set_tag("region", args.region)
        mlflow.set_tag("promoted_run", best.info.run_id)
        mlflow.set_tag("previous_run", current.info.run_id)
        mlflow.log_metric("gain", gain)


if __name__ == "__main__":
    main()
