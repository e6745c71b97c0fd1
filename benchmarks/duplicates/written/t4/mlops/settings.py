"""Settings from the environment of the GitLab job."""
from __future__ import annotations

import os
from dataclasses import dataclass, field

import mlflow

TAG_PIPELINE = "ci.pipeline_id"
TAG_USER = "audit.user"
TAG_TICKET = "audit.ticket"
TAG_STAMP = "audit.timestamp"
TAG_APPROVALS = "audit.approvals"


@dataclass(frozen=True)
class Settings:
    tracking_uri: str = field(default_factory=lambda: os.environ.get("MLFLOW_TRACKING_URI", "http://mlflow.int:5000"))
    experiment: str = field(default_factory=lambda: os.environ.get("RELEASE_EXPERIMENT", "releases"))
    pipeline_id: str = field(default_factory=lambda: os.environ.get("CI_PIPELINE_ID", ""))
    user: str = field(default_factory=lambda: os.environ.get("GITLAB_USER_LOGIN", "manual"))
    ticket: str = field(default_factory=lambda: os.environ.get("CHANGE_TICKET", ""))
    min_ks: float = 0.35
    max_psi: float = 0.2

    def apply(self) -> "Settings":
        mlflow.set_tracking_uri(self.tracking_uri)
        return self

    def need_ticket(self) -> str:
        # sin ticket no hay cambio
        if not self.ticket.startswith("CHG"):
            raise RuntimeError("CHANGE_TICKET missing or not a CHG number")
        return self.ticket
