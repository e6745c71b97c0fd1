"""Hours of compute by client and month, for the invoices."""
import collections
import csv
import sys

import mlflow
from mlflow.tracking import MlflowClient

from common.runs import get_or_create_experiment


def billed_runs(client, month):
    out = []
    for experiment in client.search_experiments():
        token = None
        while True:
            page = client.search_runs(
                [experiment.experiment_id], f"tags.billing LIKE '%-{month}'", page_token=token
            )
            out.extend(page)
            token = page.token
            if token is None:
                break
    return out


def hours(run):
    if run.info.end_time is None:
        return 0.0
    return (run.info.end_time - run.info.start_time) / 3.6e6


def billing_code(run):
    code = run.data.tags.get("billing", "")
    name, _, month = code.rpartition("-")
    return name, month


def main(month):
    client = MlflowClient()
    sums = collections.Counter()
    for run in billed_runs(client, month):
        name, _ = billing_code(run)
        sums[name] += hours(run)
    writer = csv.writer(sys.stdout)
    for name, total in sorted(sums.items()):
        writer.writerow([name, month, f"{total:.2f}"])
    with mlflow.start_run(experiment_id=get_or_create_experiment("ops-invoices"), run_name=month):
        mlflow.log_metrics(dict(sums))


if __name__ == "__main__":
    main(sys.argv[1])
