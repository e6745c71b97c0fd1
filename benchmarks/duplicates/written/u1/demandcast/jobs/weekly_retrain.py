"""Weekly retraining. Started by Airflow on Monday 03:00."""
import argparse
import logging
import sys
from datetime import date

import mlflow

from demandcast.config import iso_week, load_config
from demandcast.data.helpers import add_lags, drop_closed_days, load_sales, spark_session, store_frames
from demandcast.evaluation.champion import ChampionBoard
from demandcast.training import train_prophet
from demandcast.training.helpers import ensure_experiment, find_weekly_run, git_sha
from demandcast.training.train_lgbm import LgbmTrainer

logger = logging.getLogger("weekly")


def baseline_wape(experiment_id, store):
    """Best Prophet run of a store, finished or not: what LightGBM has to beat."""
    parts = ["tags.`dc.store` = '%s'" % store]
    parts.append("tags.`dc.family` = 'prophet'")
    page = mlflow.search_runs(
        [experiment_id], " AND ".join(parts), order_by=["metrics.wape ASC"], output_format="list", max_results=1
    )
    if len(page) == 0:
        return None, None
    top = page[0]
    return top.info.run_id, top.data.metrics["wape"]


def open_week(experiment_id, week, force=False):
    previous = find_weekly_run(experiment_id, week)
    if previous is not None and not force:
        return mlflow.start_run(run_id=previous.info.run_id)
    return mlflow.start_run(
        experiment_id=experiment_id, run_name=week, tags={"dc.level": "week", "dc.week": week}
    )


def drop_failed(client, experiment_id):
    n = 0
    for run in client.search_runs([experiment_id], "attributes.status = 'FAILED'", max_results=5000):
        client.delete_run(run.info.run_id)
        n += 1
    logger.info("deleted %d failed runs", n)


def main(argv=None) -> int:
    ap = argparse.ArgumentParser()
    ap.add_argument("--region", required=True)
    ap.add_argument("--force", action="store_true")
    ap.add_argument("--promote", action="store_true")
    args = ap.parse_args(argv)
    logging.basicConfig(level=logging.INFO)
    cfg = load_config(args.region)
    mlflow.set_tracking_uri(cfg.mlflow.tracking_uri)
    exp_id = ensure_experiment(cfg)
    week = iso_week(date.today())

    spark = spark_session(f"retrain-{cfg.region}")
    sales = drop_closed_days(add_lags(load_sales(spark, cfg.region, cfg.window.start, cfg.window.end)))
    frames = list(store_frames(sales))
    before = {s: baseline_wape(exp_id, s) for s, _ in frames}

    with open_week(exp_id, week, args.force):
        mlflow.set_tag("dc.git_sha", git_sha())
        if "prophet" in cfg.families:
            for store, frame in frames:
                train_prophet.train_store(store, frame, cfg)
    if "lgbm" in cfg.families:
        LgbmTrainer(cfg).run(frames)

    board = ChampionBoard(cfg)
    worse = 0
    for store, champ in board.all_champions().items():
        old = before.get(store, (None, None))[1]
        if old is not None and champ.wape > old * 1.1:
            worse += 1
        elif args.promote:
            board.promote(champ)
    drop_failed(board.client, exp_id)
    logger.info("%d stores worse than before", worse)
    return 0 if worse < len(frames) * 0.2 else 2


if __name__ == "__main__":
    sys.exit(main())
