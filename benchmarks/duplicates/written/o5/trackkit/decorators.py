"""@tracked, older than the facade; kept since about ten teams use it."""
import functools
import getpass
import inspect
import logging
import os
from datetime import date, timedelta

import mlflow
from mlflow.exceptions import MlflowException

from trackkit.config import load_config

log = logging.getLogger(__name__)


def _activate(cfg):
    name = "/".join([cfg.team, cfg.project])
    root = cfg.artifact_root
    try:
        eid = mlflow.create_experiment(
            name,
            artifact_location=(root + "/" + name) if root else None,
            tags={"platform.cost_center": cfg.cost_center, "platform.team": cfg.team},
        )
    except MlflowException as err:
        log.debug("create_experiment: %s", err)
        eid = mlflow.get_experiment_by_name(name).experiment_id
    return mlflow.set_experiment(experiment_id=eid)


def _loggable(value):
    return isinstance(value, (str, int, float, bool)) or value is None


def tracked(fn=None, *, name=None, log_args=True, log_result=False, extra_tags=None):
    """Runs a function in a run.

    >>> @tracked(name="train")
    ... def train(lr=0.1): ...
    """
    if fn is None:
        return functools.partial(
            tracked, name=name, log_args=log_args, log_result=log_result, extra_tags=extra_tags
        )

    @functools.wraps(fn)
    def wrapper(*args, **kwargs):
        cfg = load_config()
        mlflow.set_tracking_uri(cfg.tracking_uri)
        experiment = _activate(cfg)
        with mlflow.start_run(
            experiment_id=experiment.experiment_id, run_name=name or fn.__name__, nested=bool(mlflow.active_run())
        ):
            mlflow.set_tag("platform.team", cfg.team)
            mlflow.set_tag("platform.cost_center", cfg.cost_center)
            mlflow.set_tag("platform.owner", cfg.owner or getpass.getuser())
            mlflow.set_tag("platform.expires", str(date.today() + timedelta(days=cfg.retention_days)))
            if extra_tags:
                mlflow.set_tags(extra_tags)
            if log_args:
                bound = inspect.signature(fn).bind(*args, **kwargs)
                bound.apply_defaults()
                mlflow.log_params({k: v for k, v in bound.arguments.items() if _loggable(v)})
            result = fn(*args, **kwargs)
            if log_result and isinstance(result, dict):
                mlflow.log_metrics({k: v for k, v in result.items() if isinstance(v, (int, float))})
            return result

    return wrapper


def skip_if_done(key):
    """Does nothing when a finished run with the same key tag is there."""

    def outer(fn):
        @functools.wraps(fn)
        def inner(*args, **kwargs):
            cfg = load_config()
            found = mlflow.search_runs(
                experiment_names=[f"{cfg.team}/{cfg.project}"],
                filter_string=f"tags.done_key = '{key}' and status = 'FINISHED'",
                max_results=1,
            )
            if len(found) and not os.environ.get("TRACKKIT_FORCE"):
                log.info("%s is done", key)
                return None
            return fn(*args, **kwargs)

        return inner

    return outer
