"""LLM judges and cheap heuristics."""
from __future__ import annotations

import asyncio
import json
import statistics

from openai import AsyncOpenAI
from tenacity import retry, stop_after_attempt, wait_random_exponential

from copilot.settings import get_settings

RUBRIC = """Score from 0 to 1 how faithful the ANSWER is to the CONTEXT. Reply with JSON {"score": x}."""


class Judge:
    name = "faithfulness"

    def __init__(self, model: str | None = None):
        s = get_settings()
        self.model = model or s.judge_model
        self._client = AsyncOpenAI(api_key=s.openai_key.get_secret_value())
        self._sem = asyncio.Semaphore(s.eval_concurrency)

    @retry(stop=stop_after_attempt(4), wait=wait_random_exponential(max=20))
    async def score(self, answer: str, context: list[str]) -> float:
        async with self._sem:
            reply = await self._client.chat.completions.create(
                model=self.model,
                response_format={"type": "json_object"},
                messages=[
                    {"role": "system", "content": RUBRIC},
                    {"role": "user", "content": "CONTEXT:\n" + "\n".join(context) + "\n\nANSWER:\n" + answer},
                ],
            )
        return float(json.loads(reply.choices[0].message.content)["score"])


async def score_all(judge: Judge, pairs: list[tuple[str, list[str]]]) -> dict[str, float]:
    scores = await asyncio.gather(*(judge.score(a, c) for a, c in pairs), return_exceptions=True)
    good = [s for s in scores if isinstance(s, float)]
    return {
        f"{judge.name}/mean": statistics.fmean(good) if good else 0.0,
        f"{judge.name}/errors": float(len(scores) - len(good)),
    }


def citation_rate(answers: list[str]) -> float:
    return sum("[" in a and "]" in a for a in answers) / max(len(answers), 1)
