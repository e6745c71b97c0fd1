"""Markdown report of the newest cross validation."""

import csv
import sys

from mlflow.tracking import MlflowClient

EXPERIMENT = "aerocv/detection"
client = MlflowClient()


def last_run():
    experiment = client.get_experiment_by_name(EXPERIMENT)
    runs = client.search_runs(experiment.experiment_id, "attributes.status = 'FINISHED'")
    runs = sorted(runs, key=lambda r: r.info.start_time, reverse=True)
    return runs[0] if len(runs) > 0 else None


def top_fold(parent_id):
    parent = client.get_run(parent_id)
    best = None
    best_map = float("-inf")
    for child in client.search_runs(
        [parent.info.experiment_id], f"tags.mlflow.parentRunId = '{parent_id}'"
    ):
        value = child.data.metrics.get("val_map")
        if value is not None and value > best_map:
            best, best_map = child, value
    return best.info.run_id if best else None


def export_all(path):
    experiment = client.get_experiment_by_name(EXPERIMENT)
    with open(path, "w", newline="") as f:
        out = csv.writer(f)
        out.writerow(["run", "start", "val_map"])
        token = None
        while True:
            page = client.search_runs([experiment.experiment_id], page_token=token)
            for run in page:
                out.writerow([run.info.run_id, run.info.start_time, run.data.metrics.get("val_map")])
            token = page.token
            if not token:
                break


def delete_failed():
    experiment = client.get_experiment_by_name(EXPERIMENT)
    for run in client.search_runs([experiment.experiment_id], "attributes.status = 'FAILED'"):
        client.delete_run(run.info.run_id)


if __name__ == "__main__":
    if sys.argv[1:] == ["--clean"]:
        delete_failed()
        sys.exit(0)
    newest = last_run()
    if newest is None:
        sys.exit("no runs")
    print(f"# {newest.info.run_name}")
    for key, value in sorted(newest.data.metrics.items()):
        print(f"* {key}: {value:.4f}")
    print("best fold:", top_fold(newest.info.run_id))
