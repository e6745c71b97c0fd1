"""Audit trail."""
from __future__ import annotations

import datetime
import json
import logging
from typing import Dict, Optional

from mlflow.tracking import MlflowClient

from pricing_platform.domain.model import Actor, ChangeTicket
from pricing_platform.infrastructure import tag_names

LOGGER = logging.getLogger(__name__)


class AuditTagFactory:
    """Creates the tags which audit wants to see on every run."""

    def __init__(self, system: str = tag_names.SYSTEM) -> None:
        self._system = system

    def create(self, actor: Actor, ticket: ChangeTicket) -> Dict[str, str]:
        now = datetime.datetime.now(datetime.timezone.utc)
        return {
            tag_names.AUDIT_ACTOR: actor.user_id,
            tag_names.AUDIT_DEPARTMENT: actor.department,
            tag_names.AUDIT_TICKET: ticket.number,
            tag_names.AUDIT_TIMESTAMP: now.isoformat(timespec="seconds"),
            tag_names.AUDIT_SYSTEM: self._system,
        }


class AuditTrail:
    """Writes audit events, to the log and to the run."""

    def __init__(self, client: MlflowClient) -> None:
        self._client = client

    def record(self, run_id: str, event: str, actor: Actor, details: Optional[dict] = None) -> None:
        line = {"event": event, "run": run_id, "actor": actor.user_id, **(details or {})}
        LOGGER.info("AUDIT %s", json.dumps(line, sort_keys=True))
        self._client.set_tag(run_id, f"audit.event.{event}", json.dumps(line, sort_keys=True))

    def author_of(self, run_id: str) -> str:
        """Who opened the run."""
        run = self._client.get_run(run_id)
        author = run.data.tags.get(tag_names.AUDIT_ACTOR)
        if author is None:
            return run.info.user_id
        return author
