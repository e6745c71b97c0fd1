"""Runs one suite against one prompt version."""
from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from agentlab.config import settings
from agentlab.evals.judge import Judge
from agentlab.models import Case, Prompt, Verdict
from agentlab.tracking import client, experiment_id, log_many, reopened

Answerer = Callable[[str], Awaitable[str]]


@dataclass
class EvalRunner:
    suite: str
    cases: list[Case]
    judge: Judge
    model: str | None = None

    def _prompt_tags(self, prompt: Prompt) -> dict[str, str]:
        return {
            "prompt": str(prompt.ref),
            "prompt.name": prompt.ref.name,
            "prompt.version": str(prompt.ref.version),
            "prompt.sha": prompt.sha,
            "llm": self.model or settings().default_model,
        }

    async def start(self, prompt: Prompt) -> str:
        eid = await experiment_id(settings().eval_experiment)
        tags = self._prompt_tags(prompt) | {"suite": self.suite, "role": "candidate"}
        run = await asyncio.to_thread(client().create_run, eid, tags=tags, run_name=f"{self.suite}:{prompt.ref}")
        return run.info.run_id

    async def _one(self, case: Case, prompt: Prompt, answer: Answerer) -> Verdict:
        text = await answer(prompt.render(question=case.question))
        return await self.judge.grade(case, text)

    async def execute(self, run_id: str, prompt: Prompt, answer: Answerer) -> float:
        async with reopened(run_id, phase="judging", worker=socket.gethostname(), pid=str(os.getpid())):
            verdicts = await asyncio.gather(*(self._one(c, prompt, answer) for c in self.cases))
            rate = sum(v.passed for v in verdicts) / max(len(verdicts), 1)
            await log_many(run_id, {
                "pass_rate": rate,
                "score": sum(v.score for v in verdicts) / max(len(verdicts), 1),
                "cost_usd": sum(v.cost_usd for v in verdicts),
            })
            text = "\n".join(f"{v.case_id}\t{v.score:.2f}\t{v.reason}" for v in verdicts)
            await asyncio.to_thread(client().log_text, run_id, text, "verdicts.tsv")
        return rate
