# LightGBM variant - Joost, 2022
import json
import logging
from datetime import date

import lightgbm as lgb
import mlflow
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

from demandcast.config import ForecastConfig, iso_week
from demandcast.training.helpers import feature_columns, git_sha, split_holdout, wape

log = logging.getLogger("demandcast.lgbm")
client = MlflowClient()

DEFAULTS = dict(objective="tweedie", tweedie_variance_power=1.2, learning_rate=0.05, num_leaves=63)


class LgbmTrainer:
    def __init__(self, cfg: ForecastConfig):
        self.cfg = cfg
        self.params = {**DEFAULTS, **cfg.lgbm_params}
        self.exp_id = None

    def setup(self):
        """Find experiment, or make it"""
        exp_name = "{}/{}".format(self.cfg.mlflow.experiment_prefix, self.cfg.region)
        location = "{}/{}".format(self.cfg.mlflow.artifact_root, self.cfg.region)
        try:
            self.exp_id = mlflow.create_experiment(exp_name, artifact_location=location)
        except MlflowException:
            existing = mlflow.get_experiment_by_name(exp_name)
            if existing.lifecycle_stage != "active":
                client.restore_experiment(existing.experiment_id)
            self.exp_id = existing.experiment_id

    def parent_for(self, week):
        runs = mlflow.search_runs([self.exp_id], order_by=["start_time DESC"])
        if runs.empty or "tags.dc.week" not in runs.columns:
            return None
        runs = runs[(runs["tags.dc.level"] == "week") & (runs["tags.dc.week"] == week)]
        return None if runs.empty else client.get_run(runs.iloc[0].run_id)

    def _open_store_run(self, store, parent_id):
        run = client.create_run(
            self.exp_id,
            tags={
                "mlflow.parentRunId": parent_id,
                "mlflow.runName": store + "-lgbm",
                "dc.store": store,
                "dc.family": "lgbm",
                "dc.level": "store",
            },
        )
        return run.info.run_id

    def fit_store(self, store, frame, parent_id):
        cols = feature_columns(frame)
        train, hold = split_holdout(frame, self.cfg.horizon_days)
        run_id = self._open_store_run(store, parent_id)
        client.set_tag(run_id, "dc.region", self.cfg.region)
        client.set_tag(run_id, "dc.family", "lgbm")
        client.set_tag(run_id, "dc.git_sha", git_sha())
        client.set_tag(run_id, "dc.train_window", f"{self.cfg.window.start}:{self.cfg.window.end}")
        client.set_tag(run_id, "dc.features", json.dumps(cols))
        try:
            booster = lgb.train(self.params, lgb.Dataset(train[cols], train["y"]), num_boost_round=400)
        except lgb.basic.LightGBMError as err:
            client.set_terminated(run_id, "FAILED")
            log.error("%s: %s", store, err)
            return None
        score = wape(hold["y"], booster.predict(hold[cols]))
        client.log_metric(run_id, "wape", score)
        with mlflow.start_run(run_id=run_id):
            mlflow.lightgbm.log_model(booster, "model")
        return score

    def run(self, frames):
        self.setup()
        week = iso_week(date.today())
        parent = self.parent_for(week)
        if parent is None:
            raise RuntimeError("no weekly run for %s, start weekly_retrain first" % week)
        done = {}
        for store, frame in frames:
            done[store] = self.fit_store(store, frame, parent.info.run_id)
        return {s: v for s, v in done.items() if v is not None}
