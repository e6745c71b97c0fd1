"""The models that answer; only what the tests of prompts need."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Protocol


class ChatModel(Protocol):
    name: str

    async def answer(self, prompt: str) -> str: ...


@dataclass
class EchoModel:
    """Answers with the last line of the prompt; for tests."""

    name: str = "echo"
    delay: float = 0.0

    async def answer(self, prompt: str) -> str:
        await asyncio.sleep(self.delay)
        return prompt.strip().splitlines()[-1]


@dataclass
class Limited:
    """Lets only some calls run at a time and tries again after an error."""

    inner: ChatModel
    limit: int = 8
    attempts: int = 3

    def __post_init__(self) -> None:
        self._gate = asyncio.Semaphore(self.limit)

    @property
    def name(self) -> str:
        return self.inner.name

    async def answer(self, prompt: str) -> str:
        async with self._gate:
            for attempt in range(self.attempts):
                try:
                    return await self.inner.answer(prompt)
                except ConnectionError:
                    await asyncio.sleep(2**attempt)
        raise ConnectionError(f"{self.name} did not answer")
