"""Use case: calibrate a tariff."""
from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Dict, Optional

from pricing_platform.application.ports import CalibrationRepository, Notifier, PolicyDataPort
from pricing_platform.domain.model import Actor, ApprovalState, ChangeTicket, TariffVersion
from pricing_platform.domain.services import gini

LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True)
class CalibrateCommand:
    tariff: TariffVersion
    actor: Actor
    ticket: ChangeTicket
    minimum_rows: int = 10_000


class CalibrateTariff:
    def __init__(self, runs: CalibrationRepository, data: PolicyDataPort, notifier: Notifier) -> None:
        self._runs = runs
        self._data = data
        self._notifier = notifier

    def execute(self, command: CalibrateCommand) -> str:
        previous = self._runs.latest_for_tariff(command.tariff)
        run_id = self._runs.start(command.tariff, command.actor, command.ticket)
        metrics: Dict[str, float] = {}
        try:
            rows = self._data.load(command.tariff)
            if len(rows) < command.minimum_rows:
                raise ValueError(f"only {len(rows)} rows")
            metrics = self._fit(rows)
        except Exception:
            self._runs.finish(run_id, metrics, ok=False)
            raise
        self._runs.finish(run_id, metrics, ok=True)
        self._runs.set_state(run_id, ApprovalState.SUBMITTED, command.actor)
        delta = metrics["gini"] - previous.gini if previous else None
        self._tell(command, run_id, delta)
        return run_id

    def _fit(self, rows: list) -> Dict[str, float]:
        from sklearn.linear_model import PoissonRegressor

        features = [[row[k] for k in sorted(row) if k not in ("claims", "exposure")] for row in rows]
        target = [row["claims"] / max(row["exposure"], 1e-6) for row in rows]
        model = PoissonRegressor(alpha=1e-4, max_iter=500).fit(features, target)
        expected = list(model.predict(features))
        return {"gini": gini(expected, target), "rows": float(len(rows))}

    def _tell(self, command: CalibrateCommand, run_id: str, delta: Optional[float]) -> None:
        change = "first calibration" if delta is None else f"Gini {delta:+.4f}"
        self._notifier.notify("ACT-REVIEW", f"{command.tariff} to be reviewed", f"{run_id}: {change}")
