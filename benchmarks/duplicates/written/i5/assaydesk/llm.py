"""A thin client for chat models, with a limit on calls at once."""

import asyncio
import os
import random
from typing import Any, Dict, List, Optional

import httpx
import mlflow


class ChatError(RuntimeError):
    pass


class ChatClient:
    def __init__(self, base_url: Optional[str] = None, at_once: int = 8, timeout: float = 60.0) -> None:
        self.base_url = base_url or os.environ["CHAT_BASE_URL"]
        self._slots = asyncio.Semaphore(at_once)
        self._http = httpx.AsyncClient(timeout=timeout)

    async def aclose(self) -> None:
        await self._http.aclose()

    @mlflow.trace(span_type="CHAT_MODEL")
    async def ask(self, model: str, messages: List[Dict[str, str]], temperature: float = 0.0) -> str:
        async with self._slots:
            for attempt in range(4):
                answer = await self._http.post(
                    f"{self.base_url}/chat/completions",
                    json={"model": model, "messages": messages, "temperature": temperature},
                )
                if answer.status_code == 429:
                    await asyncio.sleep(2**attempt + random.random())
                    continue
                if answer.status_code >= 400:
                    raise ChatError(f"{answer.status_code}: {answer.text[:200]}")
                return self._text(answer.json())
        raise ChatError("the model is too busy")

    @staticmethod
    def _text(body: Dict[str, Any]) -> str:
        try:
            return body["choices"][0]["message"]["content"] or ""
        except (KeyError, IndexError) as error:
            raise ChatError("an answer without a choice") from error
