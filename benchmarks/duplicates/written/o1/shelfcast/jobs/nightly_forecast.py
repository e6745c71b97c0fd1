"""Scores every region with its newest model and writes parquet."""
import datetime as dt
import logging

import mlflow
import pandas as pd
from mlflow.tracking import MlflowClient

from shelfcast.data import features, loader
from shelfcast.settings import Settings
from shelfcast.tracking import log_frame

log = logging.getLogger("shelfcast.nightly")

MAX_AGE_DAYS = 21


class StaleModel(RuntimeError):
    pass


def _pick_run(experiment_name, region_code):
    df = mlflow.search_runs(
        experiment_names=[experiment_name],
        filter_string=f"status = 'FINISHED' AND tags.region = '{region_code}'",
        order_by=["start_time DESC"],
    )
    if df.empty:
        return None
    run_id = df.iloc[0]["run_id"]
    return mlflow.get_run(run_id)


def _check_age(run, today):
    raw = run.data.tags.get("data_cutoff", "")
    if raw == "":
        log.warning("run %s has no cutoff", run.info.run_id)
        return None
    cutoff = dt.datetime.strptime(raw[:10], "%Y-%m-%d").date()
    age = (today - cutoff).days
    if age > MAX_AGE_DAYS:
        raise StaleModel(f"{run.info.run_id}: data is {age} days old")
    return age


def forecast_region(settings, region, today):
    run = _pick_run(settings.experiment, region.code)
    if run is None:
        log.error("no run for %s", region.code)
        return None
    age = _check_age(run, today)
    model = mlflow.pyfunc.load_model(f"runs:/{run.info.run_id}/model")
    sales = loader.load_sales(settings.lake, region, today, history_days=400)
    full = pd.concat([sales, features.future_frame(sales, region.horizon)], ignore_index=True)
    full = features.add_lags(features.add_calendar(full, []), region.horizon)
    out = model.predict(full[full["y"].isna()])
    out["region"] = region.code
    out["run_id"] = run.info.run_id
    out["model_age"] = age
    return out


def nightly(settings, today):
    mlflow.set_experiment(f"/shelfcast/{settings.stage}/scoring")
    parts, missing = [], []
    with mlflow.start_run(run_name=f"nightly-{today}"):
        mlflow.set_tags({"day": today.isoformat(), "stage": settings.stage, "job": "nightly"})
        for code, region in settings.regions().items():
            try:
                part = forecast_region(settings, region, today)
            except (StaleModel, loader.NoSalesError) as exc:
                log.error("%s: %s", code, exc)
                part = None
            if part is None:
                missing.append(code)
            else:
                parts.append(part)
        mlflow.log_metric("regions_missing", len(missing))
        if parts:
            whole = pd.concat(parts, ignore_index=True)
            whole.to_parquet(settings.out / f"{today}.parquet")
            log_frame(whole.head(1000), "sample.json")
    return missing


def rerun_of(day):
    """The id of the scoring run of a day; it must be there."""
    settings = Settings()
    client = MlflowClient(settings.tracking_uri)
    exp = client.get_experiment_by_name(f"/shelfcast/{settings.stage}/scoring")
    if exp is None:
        raise LookupError("scoring experiment is not there")
    runs = client.search_runs([exp.experiment_id], f"tags.day = '{day}' and tags.job = 'nightly'")
    if not runs:
        raise LookupError(f"nothing was scored on {day}")
    return runs[0].info.run_id


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    cfg = Settings()
    mlflow.set_tracking_uri(cfg.tracking_uri)
    nightly(cfg, dt.date.today())
