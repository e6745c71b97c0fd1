"""Domain objects. No MLflow in here (checked by the build)."""
from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from enum import Enum
from typing import Dict, List, Optional


class LineOfBusiness(Enum):
    MOTOR = "motor"
    HOUSEHOLD = "household"
    LIABILITY = "liability"


class ApprovalState(Enum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"

    @property
    def is_final(self) -> bool:
        return self in (ApprovalState.APPROVED, ApprovalState.REJECTED)


@dataclass(frozen=True)
class Actor:
    """A person or a technical user."""

    user_id: str
    department: str
    is_technical: bool = False


@dataclass(frozen=True)
class ChangeTicket:
    number: str
    summary: str = ""

    def __post_init__(self) -> None:
        if not self.number.startswith(("CHG", "INC")):
            raise ValueError(f"not a ticket number: {self.number}")


@dataclass(frozen=True)
class TariffVersion:
    """A version of a tariff, such as 2024-10."""

    line: LineOfBusiness
    label: str

    def __str__(self) -> str:
        return f"{self.line.value}:{self.label}"


@dataclass
class CalibrationRun:
    """A calibration as the domain sees it."""

    run_id: str
    tariff: TariffVersion
    started: datetime.datetime
    state: ApprovalState = ApprovalState.DRAFT
    metrics: Dict[str, float] = field(default_factory=dict)
    parents: List[str] = field(default_factory=list)
    approver: Optional[str] = None

    @property
    def gini(self) -> float:
        return self.metrics.get("gini", float("nan"))


class ApprovalError(Exception):
    """An approval which is not allowed."""


class NotFound(Exception):
    """Something should be there and is not."""
