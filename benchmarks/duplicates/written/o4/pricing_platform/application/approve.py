"""Use case: approve or reject a calibration."""
from __future__ import annotations

from typing import Optional

from pricing_platform.application.ports import CalibrationRepository, Notifier
from pricing_platform.domain.model import Actor, ApprovalState, NotFound, TariffVersion
from pricing_platform.domain.services import FourEyesPolicy
from pricing_platform.infrastructure.audit import AuditTrail


class ApproveCalibration:
    def __init__(
        self, runs: CalibrationRepository, trail: AuditTrail, notifier: Notifier, policy: Optional[FourEyesPolicy] = None
    ) -> None:
        self._runs = runs
        self._trail = trail
        self._notifier = notifier
        self._policy = policy or FourEyesPolicy()

    def approve(self, run_id: str, approver: Actor) -> None:
        run = self._runs.get(run_id)
        self._policy.check(run, self._trail.author_of(run_id), approver)
        self._runs.set_state(run_id, ApprovalState.APPROVED, approver)
        self._trail.record(run_id, "approved", approver, {"tariff": str(run.tariff)})

    def reject(self, run_id: str, approver: Actor, reason: str) -> None:
        run = self._runs.get(run_id)
        self._policy.check(run, self._trail.author_of(run_id), approver)
        self._runs.set_state(run_id, ApprovalState.REJECTED, approver)
        self._trail.record(run_id, "rejected", approver, {"reason": reason})
        self._notifier.notify("ACT", f"{run.tariff} rejected", reason)

    def best(self, tariff: TariffVersion) -> str:
        run = self._runs.best_approved(tariff)
        if run is None:
            raise NotFound(str(tariff))
        return run.run_id
