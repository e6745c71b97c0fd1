"""Trains again when the last model is old or the data moved."""

import logging
import time
from datetime import date
from typing import Optional

import mlflow
import mlflow.lightgbm
import lightgbm as lgb
import numpy as np
from mlflow.entities import Run
from mlflow.tracking import MlflowClient
from sklearn.model_selection import train_test_split

from churncast import tracking
from churncast.features import load
from churncast.jobs.drift import drifted
from churncast.settings import TAG_JOB, TAG_TARGET, TARGETS, Target

logger = logging.getLogger(__name__)
JOB = "nightly"
MAX_AGE_DAYS = 7


def last_nightly(experiment_id: str, target: Target) -> Optional[Run]:
    wanted = {TAG_JOB: JOB, TAG_TARGET: target.name}
    runs = MlflowClient().search_runs(
        experiment_ids=[experiment_id],
        filter_string=" and ".join(f"tags.{key} = '{value}'" for key, value in wanted.items()),
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return runs[0] if runs else None


def is_due(run: Optional[Run]) -> bool:
    if run is None or run.info.status != "FINISHED":
        return True
    return time.time() - run.info.start_time / 1000 > MAX_AGE_DAYS * 86400


def retrain(target: Target, day: str) -> Optional[str]:
    experiment_id = tracking.experiment_for(target)
    before = last_nightly(experiment_id, target)
    if not is_due(before) and not drifted(target, day):
        logger.info("%s is still fine", target.name)
        return None
    x, y = load(target, day)
    x_train, x_val, y_train, y_val = train_test_split(x, y, test_size=0.2, random_state=3)
    tags = tracking.training_tags(target, JOB, len(x))
    with mlflow.start_run(experiment_id=experiment_id, run_name=f"nightly-{day}", tags=tags) as run:
        tracking.remember_features(list(x.columns))
        model = lgb.LGBMRegressor(n_estimators=500).fit(x_train, y_train)
        error = float(np.sqrt(np.mean((model.predict(x_val) - y_val) ** 2)))
        mlflow.log_metric("val_rmse", error)
        mlflow.lightgbm.log_model(model, "model")
    return run.info.run_id


def main() -> None:
    day = date.today().isoformat()
    for target in TARGETS:
        try:
            retrain(target, day)
        except FileNotFoundError as error:
            logger.error("No data for %s: %s", target.name, error)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    main()
