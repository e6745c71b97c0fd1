"""Callback for trainers (HF / Lightning duck-typed)."""
import getpass
import platform
import time
import warnings

import mlflow


class ShelfCallback:
    """Logs to the shelf while a trainer is running.

    Parameters
    ----------
    experiment : str
    run_name : str, optional
        an existing run of this name is continued
    every : int
        log each n-th step only
    """

    def __init__(self, experiment="shelf", run_name=None, every=10, tags=None):
        self.experiment = experiment
        self.run_name = run_name
        self.every = max(1, int(every))
        self.extra = dict(tags or {})
        self._run = None
        self._t0 = None
        self._steps = 0

    def _ensure(self):
        client = mlflow.MlflowClient()
        e = client.get_experiment_by_name(self.experiment)
        if e is not None and e.lifecycle_stage == "active":
            return e.experiment_id
        if e is None:
            return client.create_experiment(self.experiment)
        client.restore_experiment(e.experiment_id)
        return e.experiment_id

    def _existing(self, eid):
        if not self.run_name:
            return None
        df = mlflow.search_runs([eid])
        if df.empty or "tags.mlflow.runName" not in df:
            return None
        df = df[df["tags.mlflow.runName"] == self.run_name]
        if df.empty:
            return None
        return df.sort_values("start_time", ascending=False)["run_id"].iloc[0]

    def on_train_begin(self, *args, **kwargs):
        eid = self._ensure()
        rid = self._existing(eid)
        if rid is not None:
            self._run = mlflow.start_run(run_id=rid)
        else:
            self._run = mlflow.start_run(
                experiment_id=eid,
                run_name=self.run_name,
                tags={
                    "shelf.host": platform.node(),
                    "shelf.user": getpass.getuser(),
                    "shelf.python": platform.python_version(),
                    "shelf.mlflow": mlflow.__version__,
                    **self.extra,
                },
            )
        self._t0 = time.monotonic()

    def on_step_end(self, step, logs=None, **kwargs):
        self._steps += 1
        if self._steps % self.every or not logs:
            return
        numbers = {}
        for k, v in logs.items():
            try:
                numbers[k] = float(v)
            except (TypeError, ValueError):
                warnings.warn(f"{k} is not a number", stacklevel=2)
        mlflow.log_metrics(numbers, step=step)

    def on_train_end(self, *args, **kwargs):
        if self._run is None:
            return
        mlflow.log_metric("seconds", time.monotonic() - self._t0)
        mlflow.end_run()

    def on_exception(self, exc, **kwargs):
        if self._run is not None:
            mlflow.set_tag("shelf.error", type(exc).__name__)
            mlflow.end_run("FAILED")
