"""Fit one region."""
from __future__ import annotations

import getpass
import logging
import os

import mlflow
import mlflow.sklearn

from demandcast.infrastructure import git
from demandcast.infrastructure.tracking.lineage import window_tag
from demandcast.settings import HORIZONS, load
from demandcast.training.crossval import cross_validate
from demandcast.training.data import read_region
from demandcast.training.features import snapshot_of, split_xy
from demandcast.training.models import make

logger = logging.getLogger("train")

DEFAULTS = {"gbm": {"max_iter": 300, "learning_rate": 0.06}, "ridge": {"alpha": 2.0}}


def _select_experiment(region: str) -> str:
    cfg = load()
    mlflow.set_tracking_uri(cfg.tracking_uri)
    exp = mlflow.get_experiment_by_name(cfg.experiment_name(region))
    if not exp:
        exp_id = mlflow.create_experiment(
            name=cfg.experiment_name(region), artifact_location=cfg.artifact_location(region)
        )
    else:
        exp_id = exp.experiment_id
    return exp_id


def train(region: str, horizon: str = "day", kind: str = "gbm") -> str:
    """Fit, validate and log; gives back the run id."""
    frame = read_region(region)
    experiment_id = _select_experiment(region)
    tags = {"dc.region": region}
    tags["dc.git_commit"] = git.current_commit()
    tags["dc.snapshot"] = snapshot_of(frame)
    tags["dc.horizon"] = str(HORIZONS[horizon])
    tags["dc.built_by"] = getpass.getuser()
    if os.environ.get("DC_NOTE"):
        tags["mlflow.note.content"] = os.environ["DC_NOTE"]
    tags.update(window_tag(frame.index.min().date(), frame.index.max().date()))
    with mlflow.start_run(experiment_id=experiment_id, run_name=f"{region}-{horizon}-{kind}", tags=tags) as run:
        params = DEFAULTS[kind]
        score = cross_validate(frame, kind, params)
        x, y = split_xy(frame)
        model = make(kind, params).fit(x, y)
        mlflow.sklearn.log_model(model, "model")
        logger.info("%s: cv mape %.4f", region, score)
        return run.info.run_id
