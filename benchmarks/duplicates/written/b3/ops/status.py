"""States of last night's jobs."""
import argparse
from collections import Counter
from datetime import date, timedelta

from mlflow import MlflowClient

JOBS = ("train", "forecast", "reconcile")
client = MlflowClient()


def counts(job):
    experiment = client.get_experiment_by_name(f"demand/{job}")
    if experiment is None:
        return Counter()
    runs = client.search_runs([experiment.experiment_id], order_by=["attributes.start_time DESC"])
    return Counter(run.info.status for run in runs)


def latest(job):
    experiment = client.get_experiment_by_name("demand/" + job)
    if not experiment:
        return None
    tagged = (
        r
        for r in client.search_runs([experiment.experiment_id], order_by=["start_time DESC"])
        if r.data.tags.get("batch.job") == job
    )
    return next(tagged, None)


def late(run, days=1):
    raw = run.data.tags["batch.watermark"] if "batch.watermark" in run.data.tags else ""
    mark = date.fromisoformat(raw) if raw else None
    return mark is not None and mark < date.today() - timedelta(days=days)


def main():
    argparse.ArgumentParser(description=__doc__).parse_args()
    for job in JOBS:
        run = latest(job)
        flag = "LATE" if run is not None and late(run) else ""
        print(f"{job:12s} {dict(counts(job))} {flag}")


if __name__ == "__main__":
    main()
