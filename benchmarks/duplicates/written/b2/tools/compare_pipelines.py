"""Compare the metrics of two pipeline runs."""
import sys

import mlflow
from mlflow import MlflowClient


class Comparison:
    def __init__(self, experiment_id):
        self.experiment_id = experiment_id
        self.client = MlflowClient()

    def lookup(self, pipeline):
        for run in self.client.search_runs([self.experiment_id], order_by=["attributes.start_time DESC"]):
            if run.data.tags.get("azureml.pipeline_run") == pipeline:
                return run.info.run_id
        raise SystemExit(f"no run for pipeline {pipeline}")

    def rows(self, left, right):
        a = self.client.get_run(self.lookup(left)).data.metrics
        b = self.client.get_run(self.lookup(right)).data.metrics
        for key in sorted(a.keys() & b.keys()):
            yield key, a[key], b[key], b[key] - a[key]


def pick(experiment_id, hint):
    client = MlflowClient()
    by_name = client.search_runs([experiment_id], f"attributes.run_name = '{hint}'", max_results=1)
    if by_name:
        return by_name[0]
    by_tag = client.search_runs([experiment_id], f"tags.`docclass.model` = '{hint}'", max_results=1)
    return by_tag[0] if by_tag else None


if __name__ == "__main__":
    name, left, right = sys.argv[1:4]
    experiment = mlflow.get_experiment_by_name(name)
    for key, x, y, d in Comparison(experiment.experiment_id).rows(left, right):
        print(f"{key:24s} {x:10.4f} {y:10.4f} {d:+10.4f}")
