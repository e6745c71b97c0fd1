"""Retrieval augmented answers for claim handlers."""
from __future__ import annotations

import os
import getpass

import httpx
import mlflow
from openai import AsyncOpenAI

from copilot.evals.datasets import Example
from copilot.prompts.registry import Prompt
from copilot.settings import get_settings
from copilot.tracing.setup import tag_trace, traced

SEARCH_URL = "http://search.internal/v2/query"


@traced("retrieve", "RETRIEVER")
async def retrieve(question: str, k: int = 5) -> list[str]:
    async with httpx.AsyncClient(timeout=10) as http:
        resp = await http.post(SEARCH_URL, json={"q": question, "k": k})
        resp.raise_for_status()
    return [hit["text"] for hit in resp.json()["hits"]]


@traced("answer")
async def answer(prompt: Prompt, example: Example) -> str:
    s = get_settings()
    context = example.context or await retrieve(example.question)
    tag_trace(prompt=prompt.name, version=prompt.version)
    client = AsyncOpenAI(api_key=s.openai_key.get_secret_value())
    reply = await client.chat.completions.create(
        model=s.chat_model,
        temperature=0,
        messages=[
            {"role": "system", "content": prompt.render(context="\n---\n".join(context), question=example.question)},
            {"role": "user", "content": example.question},
        ],
    )
    return reply.choices[0].message.content or ""


def log_chain(name: str) -> str:
    """Log the chain as a model, so that the serving team can pick it up."""
    s = get_settings()
    mlflow.set_experiment(s.experiment_name)
    tags = {}
    tags["app.kind"] = "chain"
    tags["app.env"] = s.env
    tags["app.user"] = os.getenv("CI_USER") or getpass.getuser()
    tags["app.commit"] = os.getenv("GIT_COMMIT") or "local"
    with mlflow.start_run(run_name=name) as run:
        mlflow.set_tags(tags)
        mlflow.pyfunc.log_model(name="chain", python_model="copilot/chains/model.py", registered_model_name=name)
    return run.info.run_id
