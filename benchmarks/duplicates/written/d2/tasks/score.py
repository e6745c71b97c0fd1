"""Forecast of the next two days (Marek, 2023; moved from cron to prefect in 2024)."""
import json
from datetime import date, timedelta

import joblib
import mlflow
import pandas as pd
from mlflow.tracking import MlflowClient
from prefect import get_run_logger, task

import settings
from tasks import features


def _find_training(region, day):
    mlflow.set_tracking_uri(settings.TRACKING_URI)
    hits = mlflow.search_runs(
        experiment_names=[settings.experiment_name(region)],
        filter_string=(
            f"tags.region = '{region}' AND tags.window_end = '{day:%Y-%m-%d}' AND tags.step = 'train'"
        ),
    )
    hits = hits[hits.status == "FINISHED"]
    if hits.empty:
        return None
    run_id = hits.sort_values("start_time", ascending=False).run_id.values[0]
    return MlflowClient().get_run(run_id)


def _newest_training(region, until, tries=7):
    """yesterday's, else the one of the day before, ..."""
    for back in range(tries):
        run = _find_training(region, until - timedelta(days=back))
        if run is not None:
            return run
    raise RuntimeError("no training of %s in the last %d days" % (region, tries))


@task(name="score-region")
def score_region(df: pd.DataFrame, region: str, day: date) -> pd.DataFrame:
    logger = get_run_logger()
    run = _newest_training(region, day)
    first, last = json.loads(run.data.tags["window"])
    first = date.fromisoformat(first)
    last = date.fromisoformat(last)
    if (day - last).days > 3:
        logger.warning("model of %s saw data only until %s", region, last)
    logger.info("trained on %d days", (last - first).days)

    path = mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path="model.joblib")
    model = joblib.load(path)
    x, _ = features.matrix(df)
    x = x.tail(settings.FORECAST_HOURS)
    out = pd.DataFrame({"mw_hat": model.predict(x)}, index=x.index)
    out["model_run"] = run.info.run_id
    return out
