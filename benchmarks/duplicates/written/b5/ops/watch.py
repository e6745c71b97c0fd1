"""Console view of what is being tuned."""

import argparse
import time

import mlflow
from mlflow import MlflowClient

client = MlflowClient()


def current(experiment_name):
    experiment = client.get_experiment_by_name(experiment_name)
    if experiment is None:
        return None
    ordered = sorted(
        client.search_runs([experiment.experiment_id]), key=lambda r: r.info.start_time, reverse=True
    )
    return ordered[0] if ordered else None


def lookup(experiment_id, text):
    """A run id, else a run name, else a study."""
    try:
        return client.get_run(text)
    except mlflow.exceptions.MlflowException:
        pass
    for clause in (f"attributes.run_name = '{text}'", f"tags.`tune.study` = '{text}'"):
        hits = client.search_runs([experiment_id], clause, max_results=1)
        if hits:
            return hits[0]
    return None


def kill_stale(experiment_name, hours=6):
    experiment = client.get_experiment_by_name(experiment_name)
    border = int((time.time() - hours * 3600) * 1000)
    for run in client.search_runs([experiment.experiment_id], "attributes.status = 'RUNNING'"):
        if run.info.start_time < border:
            client.set_terminated(run.info.run_id, "KILLED")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("experiment")
    parser.add_argument("--every", type=float, default=10)
    parser.add_argument("--kill", action="store_true")
    args = parser.parse_args()
    if args.kill:
        kill_stale(args.experiment)
    while True:
        run = current(args.experiment)
        if run is not None:
            print(run.info.run_name, run.info.status, run.data.metrics.get("val_loss"))
        time.sleep(args.every)


if __name__ == "__main__":
    main()
