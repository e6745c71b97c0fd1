"""Delete scoring runs that are older than the law lets us keep them."""

import time

from mlflow.tracking import MlflowClient

KEEP_DAYS = 400

client = MlflowClient()
experiment = client.get_experiment_by_name("churn-scoring")
oldest = int((time.time() - KEEP_DAYS * 86400) * 1000)
runs = client.search_runs(
    [experiment.experiment_id], f"attributes.end_time < {oldest}", max_results=1000
)
for run in runs:
    client.delete_run(run.info.run_id)
print(len(runs), "runs deleted")
