"""`with session(...)`: for notebooks."""
from __future__ import annotations

import contextlib
import logging
import sys
import time
import traceback

import mlflow

from trackkit.facade import Tracker

logger = logging.getLogger(__name__)


@contextlib.contextmanager
def session(name=None, tracker=None, capture_errors=True, **tags):
    """Starts a run, logs its duration and the traceback if there is one."""
    tracker = tracker or Tracker()
    started = time.monotonic()
    with tracker.start(name, **tags) as run:
        try:
            yield run
        except Exception:
            if capture_errors:
                mlflow.log_text(traceback.format_exc(), "error.txt")
                mlflow.set_tag("platform.error", sys.exc_info()[0].__name__)
            raise
        finally:
            mlflow.log_metric("platform.seconds", time.monotonic() - started)


@contextlib.contextmanager
def resumed(ref, tracker=None):
    """Goes on in an old run."""
    tracker = tracker or Tracker()
    run = tracker.resolve(ref)
    mlflow.set_tracking_uri(tracker.config.tracking_uri)
    with mlflow.start_run(run_id=run.info.run_id) as active:
        mlflow.set_tag("platform.resumed", "true")
        yield active
