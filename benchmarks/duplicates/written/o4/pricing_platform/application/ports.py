"""Ports of the application layer."""
from __future__ import annotations

import abc
from typing import Dict, List, Optional

from pricing_platform.domain.model import Actor, ApprovalState, CalibrationRun, ChangeTicket, TariffVersion


class CalibrationRepository(abc.ABC):
    """Where calibrations live."""

    @abc.abstractmethod
    def latest_for_tariff(self, tariff: TariffVersion) -> Optional[CalibrationRun]:
        """The newest finished calibration of a tariff version."""

    @abc.abstractmethod
    def best_approved(self, tariff: TariffVersion) -> Optional[CalibrationRun]:
        """The approved one with the highest Gini."""

    @abc.abstractmethod
    def start(self, tariff: TariffVersion, actor: Actor, ticket: ChangeTicket) -> str:
        """Open a run."""

    @abc.abstractmethod
    def finish(self, run_id: str, metrics: Dict[str, float], ok: bool) -> None:
        """Close a run."""

    @abc.abstractmethod
    def get(self, run_id: str) -> CalibrationRun:
        """By id; raises NotFound."""

    @abc.abstractmethod
    def set_state(self, run_id: str, state: ApprovalState, actor: Actor) -> None:
        """Change the approval state."""

    @abc.abstractmethod
    def all_for_tariff(self, tariff: TariffVersion) -> List[CalibrationRun]:
        """Every calibration of a tariff version."""


class PolicyDataPort(abc.ABC):
    @abc.abstractmethod
    def load(self, tariff: TariffVersion) -> List[Dict[str, float]]:
        """Rows of the exposure table."""


class Notifier(abc.ABC):
    @abc.abstractmethod
    def notify(self, department: str, subject: str, body: str) -> None:
        ...
