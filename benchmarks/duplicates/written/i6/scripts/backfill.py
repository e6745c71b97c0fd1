"""Backtests each business day of a range that has no run yet."""

import argparse
import logging
from datetime import date
from pathlib import Path

import mlflow
from mlflow.tracking import MlflowClient

from tideline.backtest import simulate
from tideline.dates import business_days
from tideline.market import PriceStore
from tideline.strategies import STRATEGIES

logger = logging.getLogger("backfill")


def existing(client, experiment_id, strategy, day):
    parts = [
        "attributes.status = 'FINISHED'",
        "tags.`tl.as_of` = '" + str(day) + "'",
        "tags.`tl.strategy` = '" + strategy + "'",
    ]
    hits = client.search_runs(experiment_ids=[experiment_id], filter_string=" and ".join(parts))
    if len(hits) == 0:
        return None
    if len(hits) > 1:
        logger.warning("%s has %s runs on %s", strategy, len(hits), day)
    return sorted(hits, key=lambda run: run.info.start_time)[-1]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("strategy", choices=sorted(STRATEGIES))
    parser.add_argument("first", type=date.fromisoformat)
    parser.add_argument("last", type=date.fromisoformat)
    parser.add_argument("--experiment", default="tideline")
    parser.add_argument("--prices", type=Path, default=Path("prices"))
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO)
    client = MlflowClient()
    experiment_id = mlflow.set_experiment(args.experiment).experiment_id
    strategy = STRATEGIES[args.strategy]()
    prices = PriceStore(args.prices)
    for day in business_days(args.first, args.last):
        if existing(client, experiment_id, strategy.name, day) is not None:
            continue
        with mlflow.start_run(run_name=f"{strategy.name}-{day}"):
            mlflow.set_tags(
                {
                    "tl.strategy": strategy.name,
                    "tl.universe": strategy.universe,
                    "tl.as_of": str(day),
                    "tl.calendar": "XNYS",
                    "tl.desk": "systematic",
                }
            )
            mlflow.set_tag("tl.backfill", "true")
            mlflow.log_params(strategy.params())
            mlflow.log_metrics(simulate(strategy, prices, day))
            logger.info("Wrote %s", day)


if __name__ == "__main__":
    main()
