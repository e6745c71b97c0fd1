"""Worker of the triage team (chest X-ray).  Predates workers.base."""
from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from pathlib import Path

import mlflow
import numpy as np
from mlflow.tracking import MlflowClient

from imgplat.core.hashing import describe
from imgplat.core.types import DatasetRef, DeviceClass, Modality

logger = logging.getLogger("triage")


@dataclass
class TriageSettings:
    experiment: str = "triage/cxr"
    protocol: str = "CXR-07"
    architecture: str = "densenet121"
    udi: str = "04012345678901"
    epochs: int = 12


class TriageRunner:
    def __init__(self, settings: TriageSettings):
        self.s = settings
        self.mlc = MlflowClient()

    def _exp(self) -> str:
        e = self.mlc.get_experiment_by_name(self.s.experiment)
        if e is None:
            return self.mlc.create_experiment(self.s.experiment)
        if e.lifecycle_stage != "active":
            self.mlc.restore_experiment(e.experiment_id)
        return e.experiment_id

    def _seen(self, eid: str, digest: str):
        frame = mlflow.search_runs(
            experiment_ids=[eid],
            filter_string="tags.`lineage.dataset_sha256` = '%s'" % digest,
        )
        frame = frame[frame["status"] == "FINISHED"] if not frame.empty else frame
        if frame.empty:
            return None
        newest = frame.sort_values("start_time", ascending=False).iloc[0]
        return self.mlc.get_run(newest["run_id"])

    def _lineage(self, ds: DatasetRef) -> dict:
        t = {}
        t["lineage.dataset_sha256"] = ds.digest
        t["lineage.dataset_name"] = ds.name
        t["lineage.n_studies"] = str(ds.n_studies)
        t["lineage.modality"] = ds.modality.value
        t["study.protocol"] = self.s.protocol
        return t

    def _regulatory(self) -> dict:
        return {
            "reg.iec62304_class": DeviceClass.B.value,
            "reg.sop": "SOP-0417 rev 6",
            "reg.udi_di": self.s.udi,
            "reg.intended_use": "triage of chest X-ray",
        }

    def _site(self, site: str, scanner: str, field_strength: str) -> dict:
        t = {}
        t["site.name"] = site
        t["site.scanner"] = scanner
        t["site.field_strength"] = field_strength
        return t

    async def handle(self, root: Path, site: str, scanner: str) -> str:
        ds = await asyncio.to_thread(describe, root, Modality.XR)
        eid = await asyncio.to_thread(self._exp)
        seen = await asyncio.to_thread(self._seen, eid, ds.digest)
        if seen is not None:
            logger.info("skip %s, see %s", ds.name, seen.info.run_id)
            return seen.info.run_id
        run = self.mlc.create_run(eid, run_name=f"{self.s.architecture}-{ds.digest[:8]}", tags=self._lineage(ds))
        rid = run.info.run_id
        for k, v in {**self._regulatory(), **self._site(site, scanner, "n/a")}.items():
            self.mlc.set_tag(rid, k, v)
        try:
            auc = await asyncio.to_thread(self._train, ds)
            self.mlc.log_metric(rid, "auc_val", auc)
        except Exception:
            logger.exception("triage training failed")
            self.mlc.set_terminated(rid, "FAILED")
            raise
        self.mlc.set_terminated(rid)
        return rid

    def _train(self, ds: DatasetRef) -> float:
        rng = np.random.default_rng(int(ds.digest[:8], 16))
        losses = np.cumsum(-rng.random(self.s.epochs)) + self.s.epochs
        return float(1 - losses[-1] / losses[0] / 4)

    def best_auc(self):
        hits = self.mlc.search_runs(
            [self._exp()],
            f"tags.`study.protocol` = '{self.s.protocol}' and attributes.status = 'FINISHED'",
            order_by=["metrics.auc_val DESC"],
            max_results=1,
        )
        if not hits:
            raise LookupError(self.s.protocol)
        return hits[0]
