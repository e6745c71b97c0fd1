"""Four-eyes approval of model runs."""
from __future__ import annotations

import datetime
import logging
from dataclasses import dataclass

from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from ..decorators import in_thread
from ..settings import Mode, Settings
from ..tracking import AuditTags, RunRepository
from ..tracking.protocols import AuditSink, RunNotFound

logger = logging.getLogger(__name__)


class SelfApproval(PermissionError):
    pass


@dataclass
class ApprovalService:
    client: MlflowClient
    runs: RunRepository
    tags: AuditTags
    sink: AuditSink
    settings: Settings

    async def pending(self) -> list[str]:
        recent = await in_thread(self.runs.recent)(self.settings.tenant, 100)
        return [r.info.run_id for r in recent if r.data.tags.get("fraud.approval") == "pending"]

    async def decide(self, ticket: str, approver: str, approved: bool) -> Run:
        run = await in_thread(self.runs.by_ticket)(ticket)
        if run is None:
            raise RunNotFound(f"no run for ticket {ticket}")
        author = run.data.tags.get("mlflow.user", "")
        if author == approver:
            raise SelfApproval(f"{approver} trained {run.info.run_id}")
        for key, value in self.tags.for_decision(approved, approver).items():
            await in_thread(self.client.set_tag)(run.info.run_id, key, value)
        self.sink.emit(
            self.settings.audit_topic,
            {"run": run.info.run_id, "approver": approver, "decision": "approve" if approved else "reject"},
        )
        return run

    async def revoke(self, run_id: str, who: str, reason: str) -> None:
        stamp = datetime.datetime.now(datetime.timezone.utc).isoformat()
        set_tag = in_thread(self.client.set_tag)
        await set_tag(run_id, "fraud.approval", "revoked")
        await set_tag(run_id, "fraud.revoked_by", who)
        await set_tag(run_id, "fraud.revoked_at", stamp)
        await set_tag(run_id, "fraud.revoke_reason", reason[:500])
        self.sink.emit(self.settings.audit_topic, {"run": run_id, "revoked_by": who})

    async def live(self) -> Run:
        return await in_thread(self.runs.approved)(self.settings.tenant, Mode.LIVE)
