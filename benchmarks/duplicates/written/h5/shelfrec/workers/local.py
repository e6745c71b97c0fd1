"""All shards in one process, side by side in threads."""
from __future__ import annotations

import asyncio
import logging
from typing import List

from shelfrec.container import Container
from shelfrec.rankers import ndcg
from shelfrec.types import Interactions, ShardResult

log = logging.getLogger(__name__)


class LocalWorker:
    def __init__(self, container: Container) -> None:
        self.container = container
        self.tracker = container.tracker

    def _fit(self, data: Interactions, shard: int) -> ShardResult:
        source, ranker = self.container.source(), self.container.ranker()
        source.fit(data)
        ranker.fit(data)
        scores = []
        for user in set(data.users):
            bought = {item for u, item in zip(data.users, data.items) if u == user}
            scores.append(ndcg(ranker.rank(user, source.candidates(user, 100)), bought))
        return ShardResult(shard, sum(scores) / max(len(scores), 1), len(data))

    async def _shard(self, parent_id: str, data: Interactions, shard: int, count: int) -> ShardResult:
        run_id = await asyncio.to_thread(self.tracker.open_shard, parent_id, shard, count)
        result = await asyncio.to_thread(self._fit, data.shard(shard, count), shard)
        self.tracker.metrics(run_id, {"ndcg": result.ndcg, "rows": float(result.rows)})
        self.tracker.close(run_id)
        return result

    async def run(self, data: Interactions) -> List[ShardResult]:
        spec = self.container.spec
        known = self.tracker.known(spec.key)
        if known:
            log.info("this job was run as %s", known)
            return []
        parent_id = self.tracker.open(spec)
        jobs = [self._shard(parent_id, data, i, spec.shards) for i in range(spec.shards)]
        results = await asyncio.gather(*jobs)
        self.tracker.metrics(parent_id, {"ndcg": sum(r.ndcg for r in results) / len(results)})
        self.tracker.close(parent_id)
        return list(results)
