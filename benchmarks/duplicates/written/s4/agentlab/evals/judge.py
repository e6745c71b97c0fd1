"""LLM as a judge. No MLflow here on purpose."""
from __future__ import annotations

import asyncio
import json
import logging

import httpx

from agentlab.config import settings
from agentlab.models import Case, Verdict

logger = logging.getLogger(__name__)
RUBRIC = """You grade answers. Question: {q}
Expected: {e}
Answer: {a}
Reply as JSON: {{"score": 0..1, "reason": "..."}}"""


class Judge:
    def __init__(self, base_url: str, key: str, threshold: float = 0.7):
        self._http = httpx.AsyncClient(base_url=base_url, headers={"Authorization": f"Bearer {key}"})
        self._sem = asyncio.Semaphore(settings().max_parallel)
        self.threshold = threshold

    async def grade(self, case: Case, answer: str, attempts: int = 3) -> Verdict:
        text = RUBRIC.format(q=case.question, e=case.expected, a=answer)
        body = {"model": settings().judge_model, "messages": [{"role": "user", "content": text}]}
        for i in range(attempts):
            try:
                async with self._sem:
                    r = await self._http.post("/chat/completions", json=body, timeout=settings().request_timeout_s)
                r.raise_for_status()
                data = r.json()
                obj = json.loads(data["choices"][0]["message"]["content"])
                score = float(obj["score"])
                cost = data.get("usage", {}).get("total_tokens", 0) * 5e-6
                return Verdict(case.id, score >= self.threshold, score, obj.get("reason", ""), cost)
            except (httpx.HTTPError, ValueError, KeyError) as exc:
                logger.warning("judge %s attempt %d: %s", case.id, i, exc)
                await asyncio.sleep(2**i)
        return Verdict(case.id, False, 0.0, "judge failed")
