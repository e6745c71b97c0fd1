"""Helpers for the tests of the users."""
import contextlib
import tempfile

import mlflow

from trackkit.config import Config
from trackkit.facade import Tracker


@contextlib.contextmanager
def temporary_tracker(**config):
    old = mlflow.get_tracking_uri()
    with tempfile.TemporaryDirectory() as folder:
        cfg = Config(tracking_uri=f"sqlite:///{folder}/mlflow.db", **config)
        mlflow.set_tracking_uri(cfg.tracking_uri)
        try:
            yield Tracker(cfg, plugins=())
        finally:
            mlflow.set_tracking_uri(old)


def seed_run(tracker, metrics, status="FINISHED", **tags):
    run = tracker.client.create_run(tracker.experiment.experiment_id, tags={"seeded": "1", **tags})
    for key, value in metrics.items():
        tracker.client.log_metric(run.info.run_id, key, value)
    tracker.client.set_terminated(run.info.run_id, status)
    return run.info.run_id


def assert_logged(tracker, run_id, *names):
    logged = tracker.client.get_run(run_id).data
    missing = [n for n in names if n not in logged.metrics and n not in logged.params]
    assert not missing, f"not logged: {missing}"
