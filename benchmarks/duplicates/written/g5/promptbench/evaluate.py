"""Evaluate a prompt on a dataset."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from promptbench.judges import Judge
from promptbench.models import ChatModel, Limited
from promptbench.prompts import Prompt
from promptbench.tracking import EvalTracker


@dataclass
class Row:
    values: dict[str, str]
    expected: str | None = None


@dataclass
class Evaluation:
    run_id: str
    means: dict[str, float]
    cached: bool = False


async def evaluate_async(
    prompt: Prompt,
    model: ChatModel,
    judges: list[Judge],
    rows: list[Row],
    dataset: str,
    experiment: str = "prompt-evaluation",
) -> Evaluation:
    tracker = EvalTracker(experiment)
    known = await asyncio.to_thread(tracker.find, prompt.digest, model.name, dataset)
    if known:
        return Evaluation(known, {}, cached=True)
    run_id = await tracker.open(prompt.digest, model.name, dataset)
    limited = Limited(model)
    questions = [prompt.render(**row.values) for row in rows]
    answers = await asyncio.gather(*(limited.answer(question) for question in questions))
    means: dict[str, float] = {}
    for judge in judges:
        child = await tracker.open_judge(run_id, judge.name)
        values = await asyncio.gather(
            *(
                judge.score(question, answer, row.expected)
                for question, answer, row in zip(questions, answers, rows)
            )
        )
        await tracker.scores(child, list(values))
        await tracker.close(child)
        means[judge.name] = sum(values) / max(len(values), 1)
    await tracker.close(run_id)
    return Evaluation(run_id, means)


def evaluate(*args: object, **kwargs: object) -> Evaluation:
    return asyncio.run(evaluate_async(*args, **kwargs))  # type: ignore[arg-type]
