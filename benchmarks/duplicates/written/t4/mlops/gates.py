"""Release gates. Each gate returns a GateResult, none raises."""
from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import Callable

import mlflow
import numpy as np
import pandas as pd
from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from mlops.settings import Settings

logger = logging.getLogger(__name__)

REQUIRED_ROLES = {"model_owner", "validation", "risk"}


@dataclass
class GateResult:
    name: str
    passed: bool
    detail: str = ""


Gate = Callable[[Run, Settings], GateResult]


def psi(expected: pd.Series, actual: pd.Series, bins: int = 10) -> float:
    cuts = np.unique(np.quantile(expected, np.linspace(0, 1, bins + 1)))
    e = np.histogram(expected, cuts)[0] / len(expected) + 1e-6
    a = np.histogram(actual, cuts)[0] / len(actual) + 1e-6
    return float(((a - e) * np.log(a / e)).sum())


def gate_ks(run: Run, settings: Settings) -> GateResult:
    ks = run.data.metrics.get("ks_oot")
    if ks is None:
        return GateResult("ks", False, "no ks_oot")
    return GateResult("ks", ks >= settings.min_ks, f"{ks:.3f}")


def gate_psi(run: Run, settings: Settings) -> GateResult:
    value = run.data.metrics.get("psi_oot", 9.9)
    return GateResult("psi", value <= settings.max_psi, f"{value:.3f}")


def gate_four_eyes(run: Run, settings: Settings) -> GateResult:
    text = run.data.tags.get("audit.approvals")
    try:
        entries = json.loads(text) if text else []
    except ValueError:
        entries = []
    if not isinstance(entries, list):
        entries = []
    roles = {e["role"] for e in entries}
    absent = REQUIRED_ROLES - roles
    return GateResult("four_eyes", not absent, ", ".join(sorted(absent)))


def gate_documentation(run: Run, settings: Settings) -> GateResult:
    files = {f.path for f in MlflowClient().list_artifacts(run.info.run_id, "docs")}
    wanted = {"docs/ficha_modelo.pdf", "docs/validacion.pdf"}
    return GateResult("docs", wanted <= files, ", ".join(sorted(wanted - files)))


GATES: list[Gate] = [gate_ks, gate_psi, gate_four_eyes, gate_documentation]


class GateKeeper:
    def __init__(self, settings: Settings):
        self.settings = settings
        self.client = MlflowClient()

    def _run_under_test(self, experiment_name: str) -> Run | None:
        frame = mlflow.search_runs(experiment_names=[experiment_name], order_by=["start_time DESC"])
        if "tags.ci.pipeline_id" not in frame:
            return None
        frame = frame.loc[frame["tags.ci.pipeline_id"] == self.settings.pipeline_id]
        if frame.empty:
            return None
        return self.client.get_run(frame["run_id"].iloc[0])

    def candidate(self, experiment_name: str, segment: str) -> Run | None:
        """Best out-of-time KS in a segment."""
        exp = self.client.get_experiment_by_name(experiment_name)
        if exp is None:
            return None
        runs = self.client.search_runs(
            [exp.experiment_id],
            f"attributes.status = 'FINISHED' and tags.segment = '{segment}'",
            order_by=["metrics.ks_oot DESC"],
            max_results=1,
        )
        return runs[0] if runs else None

    def check(self, experiment_name: str) -> list[GateResult]:
        run = self._run_under_test(experiment_name)
        if run is None:
            return [GateResult("run", False, "pipeline wrote no run")]
        results = [gate(run, self.settings) for gate in GATES]
        for res in results:
            self.client.set_tag(run.info.run_id, f"gate.{res.name}", "ok" if res.passed else "ko")
            logger.info("gate %-10s %s %s", res.name, res.passed, res.detail)
        return results
