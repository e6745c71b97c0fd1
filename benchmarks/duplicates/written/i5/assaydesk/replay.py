"""Scores the saved traces of production again, with a new judge."""

import argparse
import asyncio
import logging
from pathlib import Path
from typing import List, Tuple

import mlflow

from assaydesk.judges import get_judge
from assaydesk.llm import ChatClient
from assaydesk.runner import summary
from assaydesk.schema import Case, Suite, read_suite

logger = logging.getLogger(__name__)


def experiment_of(suite: Suite) -> str:
    exp = mlflow.get_experiment_by_name(suite.experiment)
    if exp is None:
        exp_id = mlflow.create_experiment(suite.experiment, tags={"team": "assay"})
        logger.info("Made experiment %s", exp_id)
        return exp_id
    return exp.experiment_id


def saved_answers(experiment_id: str, limit: int) -> List[Tuple[Case, str]]:
    pairs = []
    for trace in mlflow.search_traces(experiment_ids=[experiment_id], max_results=limit, return_type="list"):
        root = trace.data.spans[0]
        question = (root.inputs or {}).get("case", {}).get("question")
        if question and root.outputs:
            pairs.append((Case(trace.info.request_id, question), str(root.outputs)))
    return pairs


async def replay(suite: Suite, judge_spec: str, suite_run_id: str, limit: int) -> str:
    chat = ChatClient()
    experiment_id = experiment_of(suite)
    answers = saved_answers(experiment_id, limit)
    prompt = suite.prompts[0]
    with mlflow.start_run(
        experiment_id=experiment_id,
        run_name=f"{prompt.key}-replay",
        tags={
            "mlflow.parentRunId": suite_run_id,
            "assay.suite": suite.name,
            "assay.level": "evaluation",
            "assay.prompt": prompt.key,
            "assay.judge": judge_spec,
            "assay.model": "production",
        },
    ) as run:
        judge = get_judge(judge_spec)
        verdicts = await asyncio.gather(*(judge(chat, case, answer) for case, answer in answers))
        mlflow.log_metrics(summary(list(verdicts)))
    await chat.aclose()
    return run.info.run_id


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("suite", type=Path)
    parser.add_argument("judge")
    parser.add_argument("suite_run_id")
    parser.add_argument("--limit", type=int, default=200)
    options = parser.parse_args()
    print(asyncio.run(replay(read_suite(options.suite), options.judge, options.suite_run_id, options.limit)))
