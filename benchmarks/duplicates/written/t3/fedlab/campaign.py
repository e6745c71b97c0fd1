"""Coordinator of a campaign."""
from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import AsyncIterator, Protocol, Sequence

import numpy as np

from fedlab.aggregate import fed_avg
from fedlab.domain import Campaign, NotEnoughSites, RoundResult, RoundState, Site, SiteUpdate, Weights
from fedlab.store.base import RunStore

log = logging.getLogger(__name__)


class Transport(Protocol):
    async def train_at(self, site: Site, round_no: int, weights: Weights) -> SiteUpdate: ...


@dataclass
class Coordinator:
    store: RunStore
    transport: Transport
    timeout: float = 3600.0

    async def _collect(self, campaign: Campaign, round_no: int, weights: Weights) -> list[SiteUpdate]:
        async def one(site: Site) -> SiteUpdate | None:
            try:
                return await asyncio.wait_for(self.transport.train_at(site, round_no, weights), self.timeout)
            except (asyncio.TimeoutError, OSError) as exc:
                log.warning("site %s dropped out of round %d: %s", site.id, round_no, exc)
                return None

        answers = await asyncio.gather(*(one(s) for s in campaign.sites))
        return [a for a in answers if a is not None]

    async def play_round(self, campaign: Campaign, round_no: int, weights: Weights) -> tuple[RoundResult, Weights]:
        run = self.store.find_round(campaign.id, round_no) or self.store.start_round(campaign.id, round_no)
        updates = await self._collect(campaign, round_no, weights)
        if len(updates) < campaign.min_sites:
            self.store.close(run, RoundState.ABORTED)
            raise NotEnoughSites(len(updates), campaign.min_sites)
        merged = fed_avg(updates)
        metrics = self._metrics(updates)
        self.store.log_metrics(run, metrics, round_no)
        self.store.close(run, RoundState.AGGREGATED)
        return RoundResult(round_no, run, RoundState.AGGREGATED, [u.site for u in updates], metrics), merged

    @staticmethod
    def _metrics(updates: Sequence[SiteUpdate]) -> dict[str, float]:
        n = np.array([u.n_samples for u in updates], dtype=float)
        return {
            "loss": float(np.average([u.loss for u in updates], weights=n)),
            "val_auc": float(np.average([u.val_auc for u in updates], weights=n)),
            "worst_auc": min(u.val_auc for u in updates),
            "sites": float(len(updates)),
        }

    async def play(self, campaign: Campaign, weights: Weights) -> AsyncIterator[RoundResult]:
        self.store.ensure_campaign(campaign)
        failures = 0
        for number in range(1, campaign.rounds + 1):
            try:
                result, weights = await self.play_round(campaign, number, weights)
            except NotEnoughSites:
                failures += 1
                if failures > 2:
                    raise
                continue
            yield result
