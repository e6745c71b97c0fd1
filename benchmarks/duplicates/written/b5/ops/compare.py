"""Which of two studies is better?"""

import argparse
import statistics

from mlflow.tracking import MlflowClient

from tunelab import registry


def newest_parents(client, experiment_id):
    return client.search_runs(
        [experiment_id], "tags.`tune.kind` = 'parent'", order_by=["attributes.start_time DESC"]
    )


def parent_for(client, study):
    experiment = client.get_experiment_by_name("tune/" + study)
    if experiment is None:
        return None
    for run in newest_parents(client, experiment.experiment_id):
        if run.data.tags.get(registry.T_STUDY) == study:
            return run
    return None


def losses(client, parent):
    runs = client.search_runs(
        [parent.info.experiment_id], f"tags.mlflow.parentRunId = '{parent.info.run_id}'"
    )
    return [r.data.metrics["val_loss"] for r in runs if "val_loss" in r.data.metrics]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("studies", nargs=2)
    args = parser.parse_args()
    client = MlflowClient()
    medians = {}
    for study in args.studies:
        parent = parent_for(client, study)
        values = losses(client, parent) if parent else []
        medians[study] = statistics.median(values) if values else float("inf")
    for study, value in sorted(medians.items(), key=lambda pair: pair[1]):
        print(f"{study:24s} {value:.4f}")


if __name__ == "__main__":
    main()
