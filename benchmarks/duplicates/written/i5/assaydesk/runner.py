"""Runs a suite, all evaluations at once."""

import argparse
import asyncio
import logging
from pathlib import Path
from statistics import mean
from typing import Dict, List

import mlflow
from mlflow.entities import Run

from assaydesk.judges import Verdict, get_judge
from assaydesk.llm import ChatClient
from assaydesk.schema import Case, Prompt, Suite, read_suite
from assaydesk.tracking.store import EvalStore

logger = logging.getLogger(__name__)


@mlflow.trace
async def run_case(chat: ChatClient, suite: Suite, prompt: Prompt, model: str, case: Case) -> Verdict:
    answer = await chat.ask(model, [{"role": "user", "content": prompt.render(question=case.question)}])
    mlflow.update_current_trace(tags={"case": case.id, "prompt": prompt.key})
    return await get_judge(suite.judge)(chat, case, answer)


def summary(verdicts: List[Verdict]) -> Dict[str, float]:
    scores = [v.score for v in verdicts]
    return {
        "mean_score": mean(scores) if scores else 0.0,
        "pass_rate": sum(s >= 0.5 for s in scores) / max(1, len(scores)),
        "cases": float(len(scores)),
    }


async def evaluate(store: EvalStore, chat: ChatClient, parent: Run, suite: Suite, prompt: Prompt, model: str) -> str:
    run = store.open_evaluation(parent, suite, prompt, model)
    try:
        verdicts = await asyncio.gather(*(run_case(chat, suite, prompt, model, case) for case in suite.cases))
    except Exception:
        store.close(run, ok=False)
        raise
    for key, value in summary(list(verdicts)).items():
        store.client.log_metric(run.info.run_id, key, value)
    store.client.log_dict(run.info.run_id, {c.id: v.reason for c, v in zip(suite.cases, verdicts)}, "reasons.json")
    store.close(run, ok=True)
    return run.info.run_id


async def run_suite(suite: Suite) -> str:
    store, chat = EvalStore(), ChatClient()
    parent = store.open_suite(suite)
    jobs = [evaluate(store, chat, parent, suite, p, m) for p in suite.prompts for m in suite.models]
    results = await asyncio.gather(*jobs, return_exceptions=True)
    await chat.aclose()
    failed = [r for r in results if isinstance(r, BaseException)]
    for error in failed:
        logger.error("An evaluation failed: %s", error)
    store.close(parent, ok=not failed)
    return parent.info.run_id


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("suite", type=Path)
    args = parser.parse_args()
    print(asyncio.run(run_suite(read_suite(args.suite))))


if __name__ == "__main__":
    main()
