"""A plain training loop that can be stopped and started again."""

import logging
import signal

import mlflow
import numpy as np

from embertrack import dist, runs
from embertrack.checkpoints import CheckpointStore

logger = logging.getLogger(__name__)


class Trainer:
    """Trains anything with step(batch), state() and load(state)."""

    def __init__(self, model, experiment="ember", max_epochs=10, run_id=None):
        self.model = model
        self.experiment = experiment
        self.max_epochs = max_epochs
        self.run_id = run_id
        self.client = mlflow.MlflowClient()
        self._stop = False

    def _handle(self, signum, frame):
        logger.warning("signal %d: stop after this epoch", signum)
        self._stop = True

    def _find_previous(self, experiment_id):
        """Look for the run of this job before it was put off."""
        job = dist.job_id()
        if not job:
            return None
        table = mlflow.search_runs(
            [experiment_id],
            filter_string="tags.ember.job_id = '%s' AND tags.ember.rank = '0'" % job,
            order_by=["start_time DESC"],
        )
        return None if table.empty else table.iloc[0].run_id

    def _start(self, experiment_id):
        if self.run_id:
            return mlflow.start_run(run_id=self.run_id, experiment_id=experiment_id)
        tags = dict(
            [
                (runs.FRAMEWORK, "plain"),
                (runs.WORLD, str(dist.world_size())),
                (runs.JOB, dist.job_id() or ""),
                (runs.RANK, str(dist.rank())),
            ]
        )
        return mlflow.start_run(experiment_id=experiment_id, tags=tags)

    def fit(self, batches, write, read):
        """Train, and go on where an earlier start of the job ended."""
        experiment_id = mlflow.set_experiment(self.experiment).experiment_id
        self.run_id = self.run_id or self._find_previous(experiment_id)
        signal.signal(signal.SIGUSR1, self._handle)
        with self._start(experiment_id) as run:
            store = CheckpointStore(self.client, run.info.run_id)
            epoch = step = 0
            last = store.fetch()
            if last is not None:
                self.model.load(read(last))
                fresh = self.client.get_run(run.info.run_id)
                epoch = int(fresh.data.tags.get("ember.ckpt.epoch", "0"))
                step = int(fresh.data.tags.get("ember.ckpt.step", "0"))
            while epoch < self.max_epochs and not self._stop:
                losses = []
                for batch in batches(epoch):
                    losses.append(float(self.model.step(batch)))
                    step += 1
                epoch += 1
                mlflow.log_metric("loss", float(np.mean(losses)), step=step)
                store.save(self.model.state(), epoch, step, write)
        return run.info.run_id
