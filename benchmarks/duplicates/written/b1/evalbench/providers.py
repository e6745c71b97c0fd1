from __future__ import annotations

import asyncio
import os
import random

import httpx

from evalbench.types import Answer, Job, Sample


class ProviderError(RuntimeError):
    pass


class ChatClient:
    def __init__(self, job: Job, timeout: float = 60.0) -> None:
        self.model = job.model
        self.prompt = job.prompt
        self.http = httpx.AsyncClient(base_url=os.environ["EVALBENCH_GATEWAY"], timeout=timeout)
        self.gate = asyncio.Semaphore(job.concurrency)

    async def _post(self, body: dict, attempts: int = 5) -> dict:
        for attempt in range(attempts):
            response = await self.http.post("/v1/chat/completions", json=body)
            if response.status_code == 429 or response.status_code >= 500:
                await asyncio.sleep(random.uniform(0, 2**attempt))
                continue
            response.raise_for_status()
            return response.json()
        raise ProviderError(f"gave up after {attempts} attempts")

    async def answer(self, sample: Sample) -> Answer:
        body = {
            "model": self.model,
            "messages": [{"role": "user", "content": self.prompt.render(sample)}],
            "temperature": 0,
        }
        async with self.gate:
            data = await self._post(body)
        usage = data.get("usage", {})
        return Answer(
            sample_id=sample.id,
            text=data["choices"][0]["message"]["content"],
            prompt_tokens=usage.get("prompt_tokens", 0),
            completion_tokens=usage.get("completion_tokens", 0),
        )

    async def aclose(self) -> None:
        await self.http.aclose()
