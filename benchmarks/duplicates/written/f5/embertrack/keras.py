"""A callback for Keras."""

import os

from embertrack import dist
from embertrack.compat import KerasCallback, get_mlflow


class EmberKerasCallback(KerasCallback):
    """Log a fit to MLflow by the fluent API."""

    def __init__(self, experiment="ember", run_id=None, artifact_location=None, log_every=1):
        super().__init__()
        self._experiment = experiment
        self._given_run_id = run_id or os.environ.get("MLFLOW_RUN_ID")
        self._location = artifact_location
        self._log_every = log_every
        self._owns_run = False

    def _set_experiment(self):
        mlflow = get_mlflow()
        try:
            eid = mlflow.create_experiment(self._experiment, artifact_location=self._location)
        except mlflow.exceptions.MlflowException as err:
            if err.error_code != "RESOURCE_ALREADY_EXISTS":
                raise
            eid = mlflow.get_experiment_by_name(self._experiment).experiment_id
        return eid

    def on_train_begin(self, logs=None):
        mlflow = get_mlflow()
        if dist.rank() != 0:
            return
        if mlflow.active_run() is not None:
            return
        eid = self._set_experiment()
        if self._given_run_id:
            mlflow.start_run(run_id=self._given_run_id)
        else:
            mlflow.start_run(experiment_id=eid)
            mlflow.set_tags({
                "ember.framework": "keras",
                "ember.rank": dist.rank(),
                "ember.world_size": dist.world_size(),
                "ember.job_id": dist.job_id() or "",
            })
        self._owns_run = True
        mlflow.log_params({k: v for k, v in self.params.items() if k in ("epochs", "steps", "batch_size")})

    def on_epoch_end(self, epoch, logs=None):
        if dist.rank() != 0 or epoch % self._log_every:
            return
        get_mlflow().log_metrics({k: float(v) for k, v in (logs or {}).items()}, step=epoch)

    def on_train_end(self, logs=None):
        if self._owns_run:
            get_mlflow().end_run()
