"""Names shared by the scoring jobs. Change only with approval of Model Governance (MG-114)."""
from __future__ import annotations

PORTFOLIOS = ("mortgage", "cards", "sme")

TAG_PORTFOLIO = "audit.portfolio"
TAG_MONTH = "audit.reporting_month"
TAG_OWNER = "audit.owner"
TAG_POLICY = "audit.policy_version"
TAG_PURPOSE = "audit.purpose"
TAG_APPROVERS = "audit.approved_by"

POLICY_VERSION = "CRP-2023.2"

EXPERIMENT_TEMPLATE = "/risk/pd/{portfolio}"
SCORING_EXPERIMENT = "/risk/pd/monthly-scoring"

MAX_PSI = 0.25
MIN_GINI = {"mortgage": 0.55, "cards": 0.45, "sme": 0.40}
