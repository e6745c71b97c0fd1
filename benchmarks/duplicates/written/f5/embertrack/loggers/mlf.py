"""A logger in the manner of Lightning."""

import logging
import time

from embertrack import dist, runs
from embertrack.compat import get_mlflow
from embertrack.flatten import chunks, flatten, shorten
from embertrack.loggers.base import Buffer
from embertrack.dist import rank_zero_only

log = logging.getLogger(__name__)


class EmberLogger:
    """Log a training to MLflow; the run is made when it is first needed."""

    LOGGER_JOIN_CHAR = "-"

    def __init__(
        self,
        experiment_name="ember",
        run_name=None,
        tracking_uri=None,
        tags=None,
        artifact_location=None,
        run_id=None,
        resume_job=True,
    ):
        self._experiment_name = experiment_name
        self._run_name = run_name
        self._tracking_uri = tracking_uri
        self._artifact_location = artifact_location
        self._experiment_id = None
        self._run_id = run_id
        self._resume_job = resume_job
        self.tags = dict(tags or {})
        self._buffer = Buffer(self._send)
        self._mlflow_client = get_mlflow().tracking.MlflowClient(tracking_uri)

    @property
    def experiment_id(self):
        if self._experiment_id is None:
            expt = self._mlflow_client.get_experiment_by_name(self._experiment_name)
            if expt is not None:
                self._experiment_id = expt.experiment_id
            else:
                log.warning("Experiment with name %s not found. Creating it.", self._experiment_name)
                self._experiment_id = self._mlflow_client.create_experiment(
                    name=self._experiment_name, artifact_location=self._artifact_location
                )
        return self._experiment_id

    @property
    def experiment(self):
        """The client, once there is a run."""
        if self._run_id is None and self._resume_job and dist.job_id():
            earlier = runs.run_of_job(self._mlflow_client, self.experiment_id, dist.job_id())
            self._run_id = earlier.info.run_id if earlier else None
        if self._run_id is not None:
            self._mlflow_client.update_run(self._run_id, status="RUNNING")
        else:
            self.tags.setdefault(runs.FRAMEWORK, "lightning")
            self.tags.setdefault(runs.JOB, dist.job_id() or "")
            self.tags.setdefault(runs.RANK, str(dist.rank()))
            self.tags.setdefault(runs.WORLD, str(dist.world_size()))
            run = self._mlflow_client.create_run(
                self.experiment_id, tags=self.tags, run_name=self._run_name
            )
            self._run_id = run.info.run_id
        return self._mlflow_client

    @property
    def run_id(self):
        _ = self._run_id or self.experiment
        return self._run_id

    @rank_zero_only
    def log_hyperparams(self, params):
        from mlflow.entities import Param

        for part in chunks(flatten(params)):
            entities = [Param(key=key, value=shorten(value)) for key, value in part]
            self._mlflow_client.log_batch(self.run_id, params=entities)

    @rank_zero_only
    def log_metrics(self, metrics, step=None):
        for key, value in metrics.items():
            if not isinstance(value, str):
                self._buffer.add(key, float(value), step or 0)

    def _send(self, items):
        from mlflow.entities import Metric

        now = int(time.time() * 1000)
        metrics = [Metric(key, value, now, step) for key, value, step in items]
        self._mlflow_client.log_batch(self.run_id, metrics=metrics)

    @rank_zero_only
    def finalize(self, status="success"):
        self._buffer.drain()
        if self._run_id is None:
            return
        words = {"success": "FINISHED", "failed": "FAILED", "finished": "FINISHED"}
        if self._mlflow_client.get_run(self._run_id).info.status == "RUNNING":
            self._mlflow_client.set_terminated(self._run_id, words.get(status, "KILLED"))
