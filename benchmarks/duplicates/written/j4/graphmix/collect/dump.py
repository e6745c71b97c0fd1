"""Dumps all runs for the supplement."""
import csv

from mlflow.tracking import MlflowClient


def overrides(tags):
    text = tags.get("hydra.overrides")
    if not text:
        return {}
    return dict(part.split("=", 1) for part in text.split(" ") if "=" in part)


def main(path="runs.csv"):
    c = MlflowClient()
    exp = c.get_experiment_by_name("graphmix")
    runs, token = [], None
    while True:
        page = c.search_runs([exp.experiment_id], max_results=500, page_token=token)
        runs += page
        token = page.token
        if not token:
            break
    with open(path, "w", newline="") as f:
        w = csv.writer(f)
        for r in runs:
            w.writerow([r.info.run_id, r.data.params.get("method"), r.data.metrics.get("test_acc"), overrides(r.data.tags)])


if __name__ == "__main__":
    main()
