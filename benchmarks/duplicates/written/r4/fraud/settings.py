"""Settings from the environment; everything frozen so that it can be audited."""
from __future__ import annotations

import os
from dataclasses import dataclass
from enum import Enum
from typing import Final

TAG_TENANT: Final = "fraud.tenant"
TAG_MODE: Final = "fraud.mode"
TAG_SCHEME: Final = "fraud.scheme"
TAG_APPROVAL: Final = "fraud.approval"
TAG_APPROVER: Final = "fraud.approver"
TAG_TICKET: Final = "fraud.change_ticket"
METRIC_PRAUC: Final = "pr_auc"


class Mode(str, Enum):
    LIVE = "live"
    SHADOW = "shadow"


@dataclass(frozen=True)
class Settings:
    tenant: str
    scheme: str = "visa"
    region: str = "eu-west-1"
    tracking_uri: str = "http://mlflow.fraud.internal"
    audit_topic: str = "audit.models.v2"
    max_fpr: float = 0.004

    @classmethod
    def from_env(cls) -> Settings:
        try:
            tenant = os.environ["FRAUD_TENANT"]
        except KeyError as exc:
            raise RuntimeError("FRAUD_TENANT is not set") from exc
        return cls(tenant=tenant, scheme=os.getenv("FRAUD_SCHEME", "visa"))

    @property
    def experiment_name(self) -> str:
        return f"fraud-{self.tenant}-{self.scheme}"
