"""Models by name: save, load and refresh."""

import json
import logging
import tempfile
from pathlib import Path

import mlflow

from tidecast.models import make_model
from tidecast.tracking.const import TRAINING, Tags

_logger = logging.getLogger("tidecast.store")


class ModelStore:
    """Keeps fitted forecasters as artifacts of training runs."""

    FILE = "forecaster.json"

    def __init__(self, experiment="tidecast-models", artifact_root=None):
        self._client = mlflow.MlflowClient()
        self._experiment = experiment
        self._root = artifact_root

    def _use_experiment(self):
        try:
            exp_id = mlflow.create_experiment(
                self._experiment,
                artifact_location=None if self._root is None else f"{self._root}/{self._experiment}",
            )
        except mlflow.exceptions.MlflowException:
            _logger.debug("experiment %s exists", self._experiment)
            exp_id = mlflow.get_experiment_by_name(self._experiment).experiment_id
        mlflow.set_experiment(experiment_id=exp_id)
        return exp_id

    def save(self, model, series):
        """Save a fitted model and return the id of its run."""
        self._use_experiment()
        tags = dict(zip(
            (Tags.SERIES, Tags.FREQ, Tags.LENGTH, Tags.HASH),
            (series.name, series.freq, str(len(series)), series.fingerprint()),
        ))
        tags.update({Tags.KIND: TRAINING, Tags.MODEL: model.name})
        with mlflow.start_run(run_name=f"{model.name}-{series.name}", tags=tags) as run:
            mlflow.log_dict(model.to_dict(), self.FILE)
            mlflow.log_params(model.params())
        return run.info.run_id

    def load(self, run_id):
        """Load the model of a run; it must be fitted again on fresh values."""
        with tempfile.TemporaryDirectory() as folder:
            path = self._client.download_artifacts(run_id, self.FILE, folder)
            return make_model(json.loads(Path(path).read_text()))

    def latest(self, series_name):
        """Load the newest model of a series."""
        exp_id = self._use_experiment()
        runs = self._client.search_runs(
            [exp_id],
            f"tags.`{Tags.KIND}` = '{TRAINING}' and tags.`{Tags.SERIES}` = '{series_name}'",
            order_by=["start_time DESC"],
            max_results=1,
        )
        if not runs:
            raise KeyError(series_name)
        run_id = runs[0].info.run_id
        return self.load(run_id)

    def is_stale(self, run_id, series):
        """Tell whether the series has changed since the model was saved."""
        tags = self._client.get_run(run_id).data.tags
        return tags.get(Tags.HASH) != series.fingerprint() or int(tags.get(Tags.LENGTH, 0)) != len(series)

    def prune(self, keep=10):
        """Delete all but the newest models."""
        exp_id = self._use_experiment()
        old = self._client.search_runs([exp_id], order_by=["start_time DESC"])[keep:]
        for run in old:
            self._client.delete_run(run.info.run_id)
        return len(old)
