"""Delete the checkpoints and runs of trials that failed."""

import mlflow

c = mlflow.MlflowClient()
experiment = c.get_experiment_by_name("lumen-detection")
for run in c.search_runs([experiment.experiment_id], "attributes.status = 'FAILED'"):
    if run.data.tags.get("cv.stage") == "sweep":
        c.delete_run(run.info.run_id)
