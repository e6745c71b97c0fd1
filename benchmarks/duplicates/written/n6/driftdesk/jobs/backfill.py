"""Measure days that were missed. Written before the store was there."""

from __future__ import annotations

import argparse
import datetime as dt

import mlflow
import pandas as pd
from mlflow.tracking import MlflowClient

from driftdesk.config import watched
from driftdesk.stats import drift

client = MlflowClient()


def _experiment(model):
    exp = mlflow.get_experiment_by_name("/monitoring/" + model.model)
    if exp:
        return exp.experiment_id
    exp_id = mlflow.create_experiment("/monitoring/" + model.model)
    client.set_experiment_tag(exp_id, "owner", model.owner)
    return exp_id


def _exists(exp_id, model, day):
    found = mlflow.search_runs(
        [exp_id],
        f"tags.`drift.model` = '{model.model}' AND tags.`drift.day` = '{day}' "
        "AND tags.`drift.kind` = 'daily' AND status = 'FINISHED'",
    )
    return None if found.empty else found.run_id[0]


def _reference(exp_id, model):
    tagged = client.search_runs(
        [exp_id],
        f"tags.`drift.reference` = 'true' and tags.`drift.model` = '{model.model}'",
        order_by=["start_time DESC"],
    )
    if tagged:
        return tagged[0]
    named = client.search_runs([exp_id], f"run_name = 'reference-{model.model}'")
    if named:
        return named[0]
    oldest = client.search_runs(
        [exp_id],
        f"tags.`drift.model` = '{model.model}' and status = 'FINISHED'",
        order_by=["start_time ASC"],
        max_results=1,
    )
    if not oldest:
        raise SystemExit(f"no reference of {model.model}")
    return oldest[0]


def backfill(model, first, last):
    exp_id = _experiment(model)
    reference = _reference(exp_id, model)
    path = mlflow.artifacts.download_artifacts(f"runs:/{reference.info.run_id}/data.parquet")
    frame = pd.read_parquet(path)
    day = first
    while day <= last:
        if _exists(exp_id, model, day) is None:
            current = pd.read_parquet(model.table, filters=[("day", "=", str(day))])
            with mlflow.start_run(
                experiment_id=exp_id,
                run_name="{}-{}".format(model.model, day.strftime("%Y%m%d")),
            ):
                mlflow.set_tag("drift.model", model.model)
                mlflow.set_tag("drift.day", str(day))
                mlflow.set_tag("drift.kind", "daily")
                mlflow.set_tag("owner", model.owner)
                mlflow.set_tag("drift.backfilled", "true")
                mlflow.log_metrics(drift(frame, current))
        day += dt.timedelta(days=1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("first", type=dt.date.fromisoformat)
    parser.add_argument("last", type=dt.date.fromisoformat)
    args = parser.parse_args()
    for model in watched():
        backfill(model, args.first, args.last)


if __name__ == "__main__":
    main()
