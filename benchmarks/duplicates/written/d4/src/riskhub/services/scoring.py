"""Nightly scoring, moved over from the old `scoring-batch` repository (2022)."""
import json
import logging
import pickle
from datetime import datetime

import mlflow
import pandas as pd

from riskhub.adapters.warehouse import columns_of
from riskhub.core.model import Portfolio
from riskhub.core.settings import settings

logger = logging.getLogger("riskhub.scoring")


class BatchScorer:
    def __init__(self, portfolio, conf=None):
        self.portfolio = Portfolio(portfolio)
        self.conf = conf or settings()
        mlflow.set_tracking_uri(self.conf.tracking.uri)
        self.run = None

    def _load_champion(self):
        experiment = self.conf.tracking.experiment_prefix + "/" + self.portfolio.value
        flt = (
            "tags.`riskhub.portfolio` = '%s' AND tags.`riskhub.role` = 'champion'" % self.portfolio.value
        )
        df = mlflow.search_runs(experiment_names=[experiment], filter_string=flt)
        if df.empty:
            logger.error("no champion in %s", experiment)
            return None
        if len(df) > 1:
            logger.warning("%d champions in %s, taking the newest", len(df), experiment)
        df = df.sort_values("start_time", ascending=False)
        return df.iloc[0]

    def _approval(self, row):
        by = row.get("tags.riskhub.approved_by")
        if not by or pd.isna(by):
            return None
        on = datetime.strptime(row["tags.riskhub.approved_on"], "%Y-%m-%d").date()
        cutoffs = json.loads(row["tags.riskhub.cutoffs"])
        return by, on, cutoffs

    def decide(self, df):
        row = self._load_champion()
        approval = self._approval(row) if row is not None else None
        if approval is None:
            raise RuntimeError(f"nothing approved for {self.portfolio.value}")
        by, on, cutoffs = approval
        logger.info("champion %s approved by %s on %s", row["run_id"], by, on)
        path = mlflow.artifacts.download_artifacts(f"runs:/{row['run_id']}/scorecard.pkl")
        with open(path, "rb") as f:
            card = pickle.load(f)
        out = df[["application_id"]].copy()
        out["score"] = card.score(df[columns_of(self.portfolio)])
        out["decision"] = "refer"
        out.loc[out["score"] >= cutoffs["accept"], "decision"] = "accept"
        out.loc[out["score"] < cutoffs["reject"], "decision"] = "reject"
        return out
