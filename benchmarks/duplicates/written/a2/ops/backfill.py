"""Backfill scores for a range of Mondays."""
import argparse
from datetime import date, timedelta

import mlflow

from churnlib.lookups import try_run_for_ds
from churnlib.scoring import load_champion, score_frame
from churnlib.warehouse import load_snapshot, write_scores


def mondays(start: date, end: date):
    day = start + timedelta(days=-start.weekday() % 7)
    while day < end:
        yield day.isoformat()
        day += timedelta(days=7)


def backfill(start, end):
    experiment = mlflow.get_experiment_by_name("/churn/backfill")
    experiment_id = experiment.experiment_id if experiment else mlflow.create_experiment("/churn/backfill")
    booster, champion_run = load_champion()
    with mlflow.start_run(experiment_id=experiment_id, run_name=f"{start}..{end}"):
        written = 0
        for ds in mondays(start, end):
            run_id = try_run_for_ds(ds) or champion_run
            written += write_scores(score_frame(booster, load_snapshot(ds), ds, run_id))
            mlflow.log_metric("written", written)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("start", type=date.fromisoformat)
    parser.add_argument("end", type=date.fromisoformat)
    ns = parser.parse_args()
    backfill(ns.start, ns.end)
