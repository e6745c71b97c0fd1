import sys

import mlflow
from mlflow.tracking import MlflowClient

from detlab.mlf import children

client = MlflowClient()
exp = mlflow.set_experiment(sys.argv[1])
for run in client.search_runs([exp.experiment_id], "attributes.status != 'RUNNING'"):
    if "train/loss" not in run.data.metrics:
        for ch in children(run.info.run_id):
            client.delete_run(ch.info.run_id)
        client.delete_run(run.info.run_id)
