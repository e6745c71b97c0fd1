"""Weekly training of one region."""
import argparse
import logging
import tempfile
from pathlib import Path

import mlflow
from mlflow.tracking import MlflowClient

from shelfcast import tracking
from shelfcast.data import features, loader
from shelfcast.evaluation import score_frame
from shelfcast.models import wrappers
from shelfcast.settings import Settings

log = logging.getLogger("shelfcast.train")

NOT_FEATURES = {"y", "ds"}


def backtest(frame, region):
    """Hold out the last horizon, fit on the rest."""
    edge = frame["ds"].max() - __import__("pandas").Timedelta(days=region.horizon)
    head, tail = frame[frame["ds"] <= edge], frame[frame["ds"] > edge].copy()
    cols = [c for c in frame.columns if c not in NOT_FEATURES]
    booster = wrappers.fit_lgbm(head.dropna(), cols, **region.extra)
    tail["yhat"] = booster.predict(tail[cols]).clip(min=0)
    return score_frame(tail)


def train(settings, region, cutoff):
    client = MlflowClient(tracking_uri=settings.tracking_uri)
    experiment_id = tracking.ensure_experiment(client, settings.experiment)
    sales = loader.load_sales(settings.lake, region, cutoff)
    frame = features.add_lags(features.add_calendar(sales, []), region.horizon)

    with mlflow.start_run(
        experiment_id=experiment_id,
        run_name=f"{region.code}-{cutoff:%Y%m%d}",
        tags=tracking.region_tags(region, cutoff),
    ) as run:
        mlflow.log_params({"family": region.family, "stores": len(region.stores), **region.extra})
        scores = backtest(frame, region)
        for category, values in scores.items():
            prefix = "backtest" if category == "all" else f"backtest_{category}"
            mlflow.log_metrics({f"{prefix}_{k}": v for k, v in values.items()})
        with tempfile.TemporaryDirectory() as tmp:
            cols = [c for c in frame.columns if c not in NOT_FEATURES]
            booster = wrappers.fit_lgbm(frame.dropna(), cols, **region.extra)
            path = Path(tmp) / "booster.txt"
            booster.save_model(str(path))
            mlflow.pyfunc.log_model(
                artifact_path="model",
                python_model=wrappers.LgbmBundle(cols),
                artifacts={"booster": str(path)},
                registered_model_name=f"demand-{region.code}",
            )
        log.info("trained %s in %s", region.code, run.info.run_id)
        return run.info.run_id


def main(argv=None):
    parser = argparse.ArgumentParser()
    parser.add_argument("region")
    args = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO)
    settings = Settings()
    mlflow.set_tracking_uri(settings.tracking_uri)
    region = settings.regions()[args.region]
    cutoff = loader.latest_day(settings.lake, region)
    train(settings, region, cutoff)


if __name__ == "__main__":
    main()
