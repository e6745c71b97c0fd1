"""Audit tags. Compliance reads these; do not rename them (CMP-88)."""
from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from mlflow.entities import Run

from ..settings import TAG_APPROVAL, TAG_APPROVER, TAG_MODE, TAG_SCHEME, TAG_TENANT, TAG_TICKET, Mode, Settings


@dataclass(frozen=True)
class Approval:
    state: str
    approver: str
    ticket: str
    at: dt.datetime | None


class AuditTags:
    def __init__(self, settings: Settings) -> None:
        self._s = settings

    def for_run(self, mode: Mode, ticket: str) -> dict[str, str]:
        return {
            TAG_TENANT: self._s.tenant,
            TAG_SCHEME: self._s.scheme,
            TAG_MODE: mode.value,
            TAG_TICKET: ticket,
            TAG_APPROVAL: "pending",
        }

    def for_decision(self, approved: bool, approver: str) -> dict[str, str]:
        return {
            TAG_APPROVAL: "approved" if approved else "rejected",
            TAG_APPROVER: approver,
            "fraud.decided_at": dt.datetime.now(dt.timezone.utc).isoformat(),
        }

    @staticmethod
    def read_approval(run: Run) -> Approval:
        tags = run.data.tags
        at = tags.get("fraud.decided_at")
        return Approval(
            state=tags.get(TAG_APPROVAL, "pending"),
            approver=tags.get(TAG_APPROVER, ""),
            ticket=tags.get(TAG_TICKET, ""),
            at=dt.datetime.fromisoformat(at) if at else None,
        )
