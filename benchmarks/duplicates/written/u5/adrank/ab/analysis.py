"""A/B analysis: who wins?"""
from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Optional

import mlflow
import pandas as pd
from mlflow.tracking import MlflowClient
from scipy import stats

from adrank.platform.mlclient import TrackingGateway


@dataclass
class ArmStats:
    arm: str
    impressions: int
    clicks: int

    @property
    def ctr(self) -> float:
        return self.clicks / self.impressions if self.impressions else 0.0


def z_test(a: ArmStats, b: ArmStats) -> float:
    pooled = (a.clicks + b.clicks) / (a.impressions + b.impressions)
    se = math.sqrt(pooled * (1 - pooled) * (1 / a.impressions + 1 / b.impressions))
    return float(2 * stats.norm.sf(abs(a.ctr - b.ctr) / se)) if se else 1.0


class AbAnalysis:
    def __init__(self, tenant: str, kind: str) -> None:
        self.tenant, self.kind = tenant, kind
        self.client = MlflowClient()
        self.gateway = TrackingGateway()

    @property
    def _experiment_id(self) -> str:
        name = f"adrank.{self.tenant}.{self.kind}"
        found = mlflow.get_experiment_by_name(name)
        if found:
            return found.experiment_id
        eid = mlflow.create_experiment(name, tags={"ad.tenant": self.tenant, "ad.kind": self.kind})
        return eid

    def offline_best(self):
        """Best AUC of the tenant, whether it was ever live or not."""
        df = mlflow.search_runs([self._experiment_id], filter_string="status = 'FINISHED'")
        if df.empty or "metrics.auc" not in df.columns:
            return None
        df = df[df["metrics.auc"] > 0]
        if df.empty:
            return None
        return self.client.get_run(df.loc[df["metrics.auc"].idxmax(), "run_id"])

    def best_calibrated(self):
        runs = self.client.search_runs([self._experiment_id], "attributes.status = 'FINISHED'", max_results=1000)
        scored = [r for r in runs if "calibration" in r.data.metrics]
        return min(scored, key=lambda r: abs(r.data.metrics["calibration"] - 1), default=None)

    def last_retired(self, arm: str):
        runs = self.client.search_runs(
            experiment_ids=[self._experiment_id],
            filter_string=f"tags.`ad.state` = 'retired' AND tags.`ad.arm` = '{arm}'",
            max_results=1,
            order_by=["attributes.start_time DESC"],
        )
        return runs[0] if runs else None

    def _shares(self, run) -> dict[str, float]:
        split = self.gateway.traffic_split(run)
        total = sum(split.values()) or 1.0
        return {arm: share / total for arm, share in split.items()}

    def arms(self, events: pd.DataFrame) -> dict[str, ArmStats]:
        grouped = events.groupby("arm").agg(impressions=("ts", "count"), clicks=("label", "sum"))
        return {arm: ArmStats(arm, int(r.impressions), int(r.clicks)) for arm, r in grouped.iterrows()}

    def winner(self, events: pd.DataFrame, alpha: float = 0.05) -> Optional[str]:
        arms = self.arms(events)
        if z_test(arms["a"], arms["b"]) > alpha:
            return None
        return max(arms.values(), key=lambda s: s.ctr).arm

    def log_result(self, events: pd.DataFrame) -> Optional[str]:
        live = self.gateway.live_run(self.tenant, self.kind, "a")
        win = self.winner(events)
        with mlflow.start_run(experiment_id=self._experiment_id, run_name="ab-result"):
            mlflow.set_tags({"ad.tenant": self.tenant, "ad.kind": self.kind, "ad.state": "analysis"})
            mlflow.log_metrics({f"ctr_{a}": s.ctr for a, s in self.arms(events).items()})
            if live is not None:
                mlflow.log_metrics({f"share_{a}": v for a, v in self._shares(live).items()})
        return win

    def rollback(self, run_id: str, release: str) -> None:
        mlflow_tags = dict()
        mlflow_tags["ad.state"] = "rolled_back"
        mlflow_tags["ad.rollback_at"] = str(int(time.time()))
        mlflow_tags["ad.release"] = release
        with mlflow.start_run(run_id=run_id):
            mlflow.set_tags(mlflow_tags)
