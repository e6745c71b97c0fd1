"""Re-trains past weeks; run by hand: ``python jobs/backfill.py de 2024w11 2024w12``."""

from __future__ import annotations

import argparse
import sys

import mlflow
from mlflow import MlflowClient

from adrank.constants import ARTIFACT_BUCKET
from adrank.tracking.tags import market_tags  # noqa: F401

client = MlflowClient()


def experiment_for(country):
    path = f"/adrank/{country}"
    experiment_id = next((e.experiment_id for e in [client.get_experiment_by_name(path)] if e), None)
    if experiment_id is None:
        experiment_id = mlflow.create_experiment(path, f"{ARTIFACT_BUCKET}/{country}")
    return experiment_id


def previous(country, bundle_name):
    candidates = client.search_runs([experiment_for(country)], f"tags.`adrank.bundle`='{bundle_name}'")
    done = [r for r in candidates if r.info.status == "FINISHED"]
    return max(done, key=lambda r: r.info.start_time, default=None)


def backfill_week(country, week, bundle_name):
    base = previous(country, bundle_name)
    experiment_id = experiment_for(country)
    with mlflow.start_run(experiment_id=experiment_id, run_name=f"backfill-{week}") as outer:
        mlflow.set_tags(
            {
                "adrank.feature_set": week,
                "adrank.market": country,
                "adrank.placement": "search_top",
                "adrank.family": "lgbm",
                "backfill": "yes",
            }
        )
        if base is not None:
            mlflow.log_param("warm_start", base.info.run_id)
            cal = base.data.tags.get("adrank.calibration") or "platt-v1"
            mlflow.log_param("calibration", cal)
        with mlflow.start_run(
            run_name=f"{outer.info.run_name}-{country}",
            nested=True,
            tags={"adrank.market": country},
        ):
            mlflow.log_param("week", week)


def main(argv):
    parser = argparse.ArgumentParser()
    parser.add_argument("market")
    parser.add_argument("weeks", nargs="+")
    parser.add_argument("--bundle", default="nightly")
    args = parser.parse_args(argv)
    for week in args.weeks:
        backfill_week(args.market, week, args.bundle)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
