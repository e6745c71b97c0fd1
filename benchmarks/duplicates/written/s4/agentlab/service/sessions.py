"""One conversation = one run."""
from __future__ import annotations

import asyncio
import time
from collections import OrderedDict

from agentlab.config import settings
from agentlab.models import Prompt, Turn
from agentlab.tracking import client, experiment_id


class SessionStore:
    """Keeps run ids of sessions; asks MLflow when the process was restarted."""

    def __init__(self, agent: str, tenant: str, size: int = 2048) -> None:
        self.agent, self.tenant = agent, tenant
        self._cache: OrderedDict[str, str] = OrderedDict()
        self._size = size

    def _remember(self, session_id: str, run_id: str) -> str:
        self._cache[session_id] = run_id
        self._cache.move_to_end(session_id)
        while len(self._cache) > self._size:
            self._cache.popitem(last=False)
        return run_id

    async def _lookup(self, session_id: str) -> str | None:
        eid = await experiment_id(settings().sessions_experiment)
        conditions = [f"tags.session_id = '{session_id}'", f"tags.agent = '{self.agent}'"]
        hits = await asyncio.to_thread(
            client().search_runs, [eid], " and ".join(conditions), max_results=1,
            order_by=["attributes.start_time DESC"],
        )
        return hits[0].info.run_id if hits else None

    async def _create(self, session_id: str, prompt: Prompt) -> str:
        eid = await experiment_id(settings().sessions_experiment)
        run = await asyncio.to_thread(
            client().create_run,
            eid,
            int(time.time() * 1000),
            {"session_id": session_id, "agent": self.agent, "tenant": self.tenant, "prompt": str(prompt.ref)},
            f"{self.agent}-{session_id[:8]}",
        )
        return run.info.run_id

    async def run_for(self, session_id: str, prompt: Prompt) -> str:
        if session_id in self._cache:
            return self._cache[session_id]
        rid = await self._lookup(session_id) or await self._create(session_id, prompt)
        return self._remember(session_id, rid)

    async def add_turn(self, session_id: str, prompt: Prompt, turn: Turn, n: int) -> None:
        rid = await self.run_for(session_id, prompt)
        await asyncio.to_thread(client().log_metric, rid, f"len_{turn.role}", len(turn.content), None, n)
