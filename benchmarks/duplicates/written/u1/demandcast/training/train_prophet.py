"""Prophet per store."""
import logging
from datetime import date

import mlflow
import mlflow.prophet
import pandas as pd
from prophet import Prophet

from demandcast.config import ForecastConfig, iso_week
from demandcast.training.helpers import log_params_flat, run_tags, split_holdout, store_run, wape

logger = logging.getLogger(__name__)

PARAMS = {"seasonality_mode": "multiplicative", "changepoint_prior_scale": 0.05, "weekly_seasonality": True}


def fit_one(frame: pd.DataFrame) -> Prophet:
    model = Prophet(**PARAMS)
    model.add_country_holidays("NL")
    for reg in ("promo_week", "avg_price"):
        model.add_regressor(reg)
    return model.fit(frame)


def train_store(store: str, frame: pd.DataFrame, cfg: ForecastConfig):
    if len(frame) < 2 * cfg.horizon_days:
        logger.info("store %s: too little history (%d rows)", store, len(frame))
        return None
    train, hold = split_holdout(frame, cfg.horizon_days)
    with store_run(store, "prophet", run_tags(cfg, "prophet")) as run:
        model = fit_one(train)
        pred = model.predict(hold)["yhat"].clip(lower=0)
        score = wape(hold["y"], pred)
        log_params_flat(PARAMS)
        mlflow.log_metrics({"wape": score, "n_train": len(train)})
        mlflow.prophet.log_model(model, artifact_path="model")
    return run.info.run_id, score


def train_region(frames, cfg: ForecastConfig):
    scores = {}
    with mlflow.start_run(run_name=f"prophet {iso_week(date.today())}"):
        for store, frame in frames:
            result = train_store(store, frame, cfg)
            if result:
                scores[store] = result[1]
        mlflow.log_metric("wape_mean", sum(scores.values()) / max(len(scores), 1))
    return scores
