"""The interface which campaigns are written against."""
from __future__ import annotations

from typing import Mapping, Protocol, runtime_checkable

from fedlab.domain import Campaign, CampaignId, RoundState, RunId, SiteId


class TagKey:
    CAMPAIGN = "fed.campaign"
    ROUND = "fed.round"
    ROLE = "fed.role"
    SITE = "fed.site"
    SITES = "fed.sites"
    STATE = "fed.state"
    PARENT = "mlflow.parentRunId"


@runtime_checkable
class RunStore(Protocol):
    def ensure_campaign(self, campaign: Campaign) -> RunId: ...

    def start_round(self, campaign: CampaignId, round_no: int) -> RunId: ...

    def find_round(self, campaign: CampaignId, round_no: int) -> RunId | None: ...

    def start_site_run(self, round_run: RunId, site: SiteId, round_no: int) -> RunId: ...

    def best_round(self, campaign: CampaignId) -> RunId | None: ...

    def log_metrics(self, run: RunId, metrics: Mapping[str, float], step: int | None = None) -> None: ...

    def close(self, run: RunId, state: RoundState) -> None: ...
