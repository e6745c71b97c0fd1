"""Calibrates the month's champion; runs as a wheel task after training."""
from __future__ import annotations

import argparse
import logging
import sys
from typing import Optional

import mlflow
import numpy as np
from mlflow.entities import Run
from mlflow.tracking import MlflowClient
from sklearn.isotonic import IsotonicRegression

from churn_ml.config import MARKETS
from churn_ml.tracking import champion_candidate, use_experiment

logger = logging.getLogger("calibrate")


class CalibrationJob:
    """One calibration of one market."""

    def __init__(self, market: str, month: str, client: Optional[MlflowClient] = None):
        self.market = market
        self.month = month
        self.client = client or MlflowClient()
        self.experiment = use_experiment("calibrate")

    def previous(self) -> Optional[Run]:
        """The last calibration which went through in this market."""
        newest = None
        for run in self.client.search_runs([self.experiment.experiment_id], "attributes.status = 'FINISHED'"):
            tags = run.data.tags
            if tags.get("churn.job") == "calibrate" and tags.get("churn.market") == self.market:
                if newest is None or run.info.start_time > newest.info.start_time:
                    newest = run
        return newest

    def tags(self) -> dict[str, str]:
        return {"churn.job": "calibrate", "churn.snapshot_month": self.month, "churn.market": self.market}

    def holdout(self, spark) -> tuple[np.ndarray, np.ndarray]:
        pdf = spark.table(f"churn_lab.holdout_{self.market}").toPandas()
        return pdf["score"].to_numpy(), pdf["churned"].to_numpy()

    def execute(self, spark) -> float:
        train_exp = use_experiment("train")
        champion = champion_candidate(train_exp.experiment_id, self.market)
        before = self.previous()
        mlflow.set_experiment(experiment_id=self.experiment.experiment_id)
        with mlflow.start_run(run_name=f"calibrate-{self.market}", tags=self.tags()):
            score, label = self.holdout(spark)
            iso = IsotonicRegression(out_of_bounds="clip").fit(score, label)
            brier = float(np.mean((iso.predict(score) - label) ** 2))
            mlflow.log_metric("brier", brier)
            mlflow.log_param("champion", champion.info.run_id)
            mlflow.sklearn.log_model(iso, "calibrator")
            if before is not None:
                delta = brier - before.data.metrics.get("brier", brier)
                mlflow.log_metric("brier_delta", delta)
                if delta > 0.01:
                    logger.warning("calibration of %s became worse by %.4f", self.market, delta)
        return brier

    def least_brier(self) -> Optional[Run]:
        runs = self.client.search_runs(
            [self.experiment.experiment_id],
            f"tags.`churn.market` = '{self.market}' and attributes.status = 'FINISHED'",
            order_by=["metrics.brier ASC"],
            max_results=1,
        )
        return next(iter(runs), None)


def main(argv=None):
    ap = argparse.ArgumentParser()
    ap.add_argument("--market", choices=MARKETS, required=True)
    ap.add_argument("--month", required=True)
    ns = ap.parse_args(argv)
    from pyspark.sql import SparkSession

    spark = SparkSession.builder.getOrCreate()
    print(CalibrationJob(ns.market, ns.month).execute(spark))


if __name__ == "__main__":
    sys.exit(main())
