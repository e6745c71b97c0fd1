"""Export for the regulator: the models which were used, with their audit trail."""
from __future__ import annotations

import csv
import pathlib
from datetime import datetime, timezone
from typing import Dict, List, Optional, TextIO

from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from pricing_platform.domain.model import ApprovalState, LineOfBusiness

COLUMNS = ["line", "run", "tariff", "gini", "state", "approved_by", "parents", "ticket"]


class RegulatorExport:
    def __init__(self, client: MlflowClient, target: pathlib.Path) -> None:
        self.client = client
        self.target = target

    def _experiment(self, line: LineOfBusiness) -> str:
        experiment = self.client.get_experiment_by_name(f"pricing/{line.value}/calibration")
        if experiment is None:
            raise LookupError(line.value)
        return experiment.experiment_id

    def _champion(self, line: LineOfBusiness, tariff: str) -> Optional[Run]:
        """Highest Gini among the approved calibrations."""
        runs = self.client.search_runs([self._experiment(line)], f"tags.tariff = '{tariff}'", max_results=1000)
        approved = [r for r in runs if r.data.tags.get("approval.state") == ApprovalState.APPROVED.value]
        if not approved:
            return None
        return max(approved, key=lambda r: r.data.metrics.get("gini", float("-inf")))

    def _runner_up(self, line: LineOfBusiness, tariff: str) -> Optional[Run]:
        """The regulator wants to see the alternative too, by deviance."""
        runs = self.client.search_runs([self._experiment(line)], f"tags.tariff = '{tariff}'", max_results=1000)
        rejected = [r for r in runs if r.data.tags.get("approval.state") == ApprovalState.REJECTED.value]
        if not rejected:
            return None
        return min(rejected, key=lambda r: r.data.metrics.get("deviance", float("inf")))

    @staticmethod
    def _state_of(run: Run) -> ApprovalState:
        raw = run.data.tags.get("approval.state", "")
        known = {state.value: state for state in ApprovalState}
        return known.get(raw, ApprovalState.DRAFT)

    def _row(self, line: LineOfBusiness, run: Run) -> Dict[str, str]:
        parents = [p.strip() for p in (run.data.tags.get("lineage.parents") or "").split(",")]
        parents = list(filter(None, parents))
        return {
            "line": line.value,
            "run": run.info.run_id,
            "tariff": run.data.tags["tariff"],
            "gini": f"{run.data.metrics.get('gini', 0):.4f}",
            "state": self._state_of(run).value,
            "approved_by": run.data.tags.get("approval.by", ""),
            "parents": " ".join(parents),
            "ticket": run.data.tags.get("audit.ticket", ""),
        }

    def write(self, tariffs: Dict[LineOfBusiness, List[str]]) -> int:
        count = 0
        with self.target.open("w", newline="", encoding="utf-8") as handle:
            count = self._write(handle, tariffs)
        self._mark(count)
        return count

    def _write(self, handle: TextIO, tariffs: Dict[LineOfBusiness, List[str]]) -> int:
        writer = csv.DictWriter(handle, COLUMNS, delimiter=";")
        writer.writeheader()
        count = 0
        for line, labels in tariffs.items():
            for label in labels:
                run = self._champion(line, label)
                if run is not None:
                    writer.writerow(self._row(line, run))
                    count += 1
        return count

    def _mark(self, count: int) -> None:
        now = datetime.now(timezone.utc)
        self.target.with_suffix(".ok").write_text(f"{count};{now.isoformat()}\n")
