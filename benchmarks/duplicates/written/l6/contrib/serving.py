"""A small server loop that reloads the forecaster when a new one was fitted."""
import time
import warnings

from tidecast.integrations.mlflow import load_model


class Reloading:
    def __init__(self, name, experiment="tidecast", every=300):
        self.name = name
        self.experiment = experiment
        self.every = every
        self._checked = 0.0
        self._run_id = None
        self._model = None

    def _newest(self):
        import mlflow

        cond = [
            "tags.`tidecast.name` = '%s'" % self.name,
            "tags.`tidecast.stage` = 'fit'",
            "attributes.status = 'FINISHED'",
        ]
        hits = mlflow.search_runs(
            experiment_names=[self.experiment], filter_string=" and ".join(cond), order_by=["start_time DESC"]
        )
        if hits.empty:
            warnings.warn("no fit of " + self.name)
            return None
        return hits.run_id.values[0]

    @property
    def model(self):
        if time.time() - self._checked > self.every:
            self._checked = time.time()
            rid = self._newest()
            if rid is not None and rid != self._run_id:
                self._model = load_model(f"runs:/{rid}/forecaster")
                self._run_id = rid
        return self._model

    def forecast(self):
        if self.model is None:
            raise RuntimeError("nothing to serve yet")
        return self._model.predict()
