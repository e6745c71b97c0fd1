"""RunStore for tests; keeps everything in dictionaries."""
from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Mapping

from fedlab.domain import Campaign, CampaignId, RoundState, RunId, SiteId
from fedlab.store.base import TagKey


@dataclass
class _MemRun:
    id: RunId
    tags: dict[str, str]
    metrics: dict[str, float] = field(default_factory=dict)
    state: RoundState = RoundState.OPEN


class MemoryRunStore:
    def __init__(self) -> None:
        self._runs: dict[RunId, _MemRun] = {}
        self._ids = itertools.count(1)

    def _new(self, **tags: str) -> RunId:
        rid = RunId(f"mem{next(self._ids)}")
        self._runs[rid] = _MemRun(rid, {k.replace("__", "."): v for k, v in tags.items()})
        return rid

    def _where(self, **tags: str) -> list[_MemRun]:
        wanted = {k.replace("__", "."): v for k, v in tags.items()}
        return [r for r in self._runs.values() if wanted.items() <= r.tags.items()]

    def ensure_campaign(self, campaign: Campaign) -> RunId:
        for run in self._where(fed__campaign=campaign.id, fed__role="campaign"):
            return run.id
        sites = ",".join(s.id for s in campaign.sites)
        return self._new(fed__campaign=campaign.id, fed__role="campaign", fed__sites=sites)

    def start_round(self, campaign: CampaignId, round_no: int) -> RunId:
        return self._new(fed__campaign=campaign, fed__role="round", fed__round=str(round_no))

    def find_round(self, campaign: CampaignId, round_no: int) -> RunId | None:
        hits = self._where(fed__campaign=campaign, fed__role="round", fed__round=str(round_no))
        return hits[-1].id if hits else None

    def start_site_run(self, round_run: RunId, site: SiteId, round_no: int) -> RunId:
        return self._new(mlflow__parentRunId=round_run, fed__role="site", fed__site=site, fed__round=str(round_no))

    def best_round(self, campaign: CampaignId) -> RunId | None:
        rounds = [r for r in self._where(fed__campaign=campaign, fed__role="round") if r.state is RoundState.AGGREGATED]
        rounds.sort(key=lambda r: r.metrics.get("val_auc", float("-inf")))
        return rounds[-1].id if rounds else None

    def log_metrics(self, run: RunId, metrics: Mapping[str, float], step: int | None = None) -> None:
        self._runs[run].metrics.update(metrics)

    def close(self, run: RunId, state: RoundState) -> None:
        self._runs[run].state = state
        self._runs[run].tags[TagKey.STATE] = state.value
