from __future__ import annotations

import mlflow
from hydra.experimental.callback import Callback


class RunCallback(Callback):
    """Opens a run around each hydra job."""

    def __init__(self, experiment: str) -> None:
        self.experiment = experiment

    def on_job_start(self, config, **kwargs) -> None:
        mlflow.set_experiment(self.experiment)
        mlflow.start_run(run_name=str(config.get("study", "job")))

    def on_job_end(self, config, job_return, **kwargs) -> None:
        status = "FINISHED" if job_return.status.name == "COMPLETED" else "FAILED"
        mlflow.end_run(status)
