from __future__ import annotations

import random
from collections import Counter

import mlflow
from mlflow.entities import Feedback, Run

from tuneshop.schemas import Example


def sample_traces(experiment_id: str, share: float = 0.05, limit: int = 500) -> list:
    traces = mlflow.search_traces(
        experiment_ids=[experiment_id], max_results=limit, filter_string="status = 'OK'", return_type="list"
    )
    return [t for t in traces if random.random() < share]


def to_examples(traces: list) -> list[Example]:
    out = []
    for trace in traces:
        root = trace.data.spans[0]
        question = (root.inputs or {}).get("question")
        if question:
            out.append(Example(question=question, expected=None))
    return out


def thumbs(traces: list) -> Counter:
    counts: Counter = Counter()
    for trace in traces:
        for assessment in trace.info.assessments:
            if isinstance(assessment, Feedback) and assessment.name == "thumbs":
                counts[bool(assessment.value)] += 1
    return counts


def prompt_name(run: Run) -> str:
    return run.data.tags.get("tuneshop.prompt", "unknown")


def attach_session(run_id: str, session: str, channel: str, locale: str) -> None:
    client = mlflow.MlflowClient()
    for key, value in (("chat.session", session), ("chat.channel", channel), ("chat.locale", locale)):
        client.set_tag(run_id, key, value)
