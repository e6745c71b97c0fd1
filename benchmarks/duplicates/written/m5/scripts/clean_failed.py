"""Delete failed runs and those without any metric."""

import sys

from mlflow.tracking import MlflowClient


def main(experiment_name):
    client = MlflowClient()
    experiment = client.get_experiment_by_name(experiment_name)
    if experiment is None:
        return 1
    for run in client.search_runs([experiment.experiment_id], max_results=5000):
        if run.info.status == "FAILED" or not run.data.metrics:
            client.delete_run(run.info.run_id)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
