#!/usr/bin/env python3
"""Removes job runs older than 90 days; never the last good one of a job (healthz needs it)."""
import argparse
import time

from mlflow.tracking import MlflowClient

JOBS = ["daily_score", "daily_drift", "train_challenger"]


def newest_good(client, exp_id, job):
    best = None
    for run in client.search_runs([exp_id], filter_string="attributes.status = 'FINISHED'", max_results=5000):
        if run.data.tags.get("job") != job:
            continue
        if best is None or run.info.start_time > best.info.start_time:
            best = run
    return best


def newest_bad(client, exp_id, job):
    res = client.search_runs(
        [exp_id],
        filter_string="tags.job = '%s' and attributes.status = 'FAILED'" % job,
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return res[0] if res else None


def old_runs(client, exp_id, days):
    limit = int((time.time() - days * 86400) * 1000)
    token = ""
    while token is not None:
        page = client.search_runs([exp_id], f"attributes.start_time < {limit}", page_token=token)
        yield from page
        token = page.token or None


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--days", type=int, default=90)
    ap.add_argument("--yes", action="store_true")
    opts = ap.parse_args()
    client = MlflowClient("http://mlflow.ctr.svc:5000")
    exp = client.get_experiment_by_name("ctr/jobs")
    if exp is None:
        return
    keep = set()
    for job in JOBS:
        for run in (newest_good(client, exp.experiment_id, job), newest_bad(client, exp.experiment_id, job)):
            if run is not None:
                keep.add(run.info.run_id)
    n = 0
    for run in list(old_runs(client, exp.experiment_id, opts.days)):
        if run.info.run_id in keep:
            continue
        if opts.yes:
            client.delete_run(run.info.run_id)
        n += 1
    print(n, "runs", "deleted" if opts.yes else "would be deleted")


if __name__ == "__main__":
    main()
