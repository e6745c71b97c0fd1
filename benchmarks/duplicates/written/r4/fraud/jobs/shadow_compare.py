"""Compares shadow with live over a day of logs; opens a promotion when shadow is better."""
from __future__ import annotations

import json
import logging
from datetime import datetime, timezone
from pathlib import Path
from typing import Optional

import mlflow
import numpy as np
from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from ..settings import TAG_TENANT, Settings

LOG = logging.getLogger(__name__)


def read_log(path: Path):
    for line in path.read_text().splitlines():
        try:
            yield json.loads(line)
        except json.JSONDecodeError:
            LOG.debug("bad line in %s", path)


class Comparison:
    def __init__(self, settings: Settings, client: Optional[MlflowClient] = None):
        self.settings = settings
        self.client = client or MlflowClient()

    @property
    def experiment_id(self) -> str:
        exp = self.client.get_experiment_by_name(self.settings.experiment_name)
        if exp is None or exp.lifecycle_stage == "deleted":
            raise LookupError("missing experiment " + self.settings.experiment_name)
        return exp.experiment_id

    def current(self, mode: str) -> Run:
        wanted = {"fraud.tenant": self.settings.tenant, "fraud.mode": mode, "fraud.approval": "approved"}
        flt = " and ".join(f"tags.`{k}` = '{v}'" for k, v in wanted.items())
        runs = self.client.search_runs([self.experiment_id], flt, max_results=1, order_by=["attributes.start_time DESC"])
        if len(runs) == 0:
            raise LookupError(f"{self.settings.tenant}: nothing approved as {mode}")
        return runs[0]

    def last_rejected(self, mode: str) -> Optional[Run]:
        wanted = {"fraud.tenant": self.settings.tenant, "fraud.mode": mode, "fraud.approval": "rejected"}
        flt = " and ".join(f"tags.`{k}` = '{v}'" for k, v in wanted.items())
        runs = self.client.search_runs([self.experiment_id], flt, max_results=1, order_by=["attributes.start_time DESC"])
        return runs[0] if runs else None

    def cut_off(self, run: Run) -> float:
        text = run.data.tags.get("fraud.threshold", "0.5")
        try:
            return min(1.0, max(0.0, float(text)))
        except ValueError:
            return 0.5

    def recall(self, rows, key: str, thr: float) -> float:
        frauds = [r for r in rows if r.get("fraud")]
        if not frauds:
            return float("nan")
        return float(np.mean([r[key] >= thr for r in frauds]))

    def run(self, log: Path) -> bool:
        rows = list(read_log(log))
        live, shadow = self.current("live"), self.current("shadow")
        gain = self.recall(rows, "shadow", self.cut_off(shadow)) - self.recall(rows, "live", self.cut_off(live))
        rejected = self.last_rejected("shadow")
        if rejected is not None and rejected.info.run_id == shadow.info.run_id:
            return False
        with mlflow.start_run(experiment_id=self.experiment_id, run_name="compare"):
            mlflow.set_tags(
                {
                    TAG_TENANT: self.settings.tenant,
                    "fraud.kind": "comparison",
                    "fraud.live_run": live.info.run_id,
                    "fraud.shadow_run": shadow.info.run_id,
                }
            )
            mlflow.log_metric("recall_gain", gain)
        return gain > 0.01

    def note_decision(self, run: Run, ok: bool, who: str) -> None:
        state = "approved"
        if not ok:
            state = "rejected"
        self.client.set_tag(run.info.run_id, "fraud.approval", state)
        self.client.set_tag(run.info.run_id, "fraud.approver", who)
        self.client.set_tag(run.info.run_id, "fraud.decided_at", datetime.now(timezone.utc).isoformat())
