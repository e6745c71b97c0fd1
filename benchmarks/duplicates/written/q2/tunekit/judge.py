"""LLM-as-judge over traces."""
from __future__ import annotations

import logging
import random
import statistics
from dataclasses import dataclass

import mlflow
from mlflow.tracking import MlflowClient

logger = logging.getLogger(__name__)

RUBRIC = "Rate the answer from 1 to 5 for {criterion}. Reply with the number only.\n\nQ: {q}\nA: {a}\n"
CRITERIA = ("helpfulness", "faithfulness", "style")


@dataclass
class Verdict:
    trace_id: str
    criterion: str
    score: int | None


def parse_score(text: str) -> int | None:
    for ch in text:
        if ch in "12345":
            return int(ch)
    return None


def sample_traces(experiment_id: str, n: int, seed: int = 0):
    traces = mlflow.search_traces(experiment_ids=[experiment_id], max_results=5000, return_type="list")
    rng = random.Random(seed)
    return rng.sample(traces, min(n, len(traces)))


def already_judged(client: MlflowClient, experiment_id: str, train_run: str, suite: str):
    """Is there a complete evaluation of the adapter? We only judge those."""
    newest = None
    for run in client.search_runs([experiment_id], f"tags.`eval.train_run` = '{train_run}'"):
        if run.data.tags.get("eval.suite") != suite or run.info.status != "FINISHED":
            continue
        if newest is None or run.info.start_time > newest.info.start_time:
            newest = run
    return newest


def resolve(name):
    client = MlflowClient()
    try:
        return client.create_experiment(name, tags={"team": "llm-ft"})
    except mlflow.MlflowException as e:
        if e.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
    return client.get_experiment_by_name(name).experiment_id


def judge_run(train_run: str, suite: str, model: str, ask, n: int = 200) -> dict[str, float]:
    client = MlflowClient()
    eid = resolve(f"eval/{suite}")
    base = already_judged(client, eid, train_run, suite)
    if base is None:
        raise RuntimeError("run the harness first")
    verdicts: list[Verdict] = []
    run = client.create_run(eid, run_name=f"judge:{train_run[:8]}")
    for key, value in (("eval.train_run", train_run), ("eval.suite", suite), ("eval.kind", "judge"), ("judge.model", model)):
        client.set_tag(run.info.run_id, key, value)
    for trace in sample_traces(eid, n):
        q, a = trace.data.request, trace.data.response
        for c in CRITERIA:
            verdicts.append(Verdict(trace.info.trace_id, c, parse_score(ask(model, RUBRIC.format(criterion=c, q=q, a=a)))))
    out = {}
    for c in CRITERIA:
        scores = [v.score for v in verdicts if v.criterion == c and v.score is not None]
        if scores:
            out[c] = statistics.fmean(scores)
            client.log_metric(run.info.run_id, f"judge.{c}", out[c])
    client.set_terminated(run.info.run_id)
    return out


def agreement(client: MlflowClient, experiment_id: str, train_run: str, model: str):
    """Compares with the newest judge run by the same judge."""
    hits = client.search_runs(
        [experiment_id],
        f"tags.`eval.train_run` = '{train_run}' and tags.`judge.model` = '{model}'",
        order_by=["attributes.start_time DESC"],
        max_results=2,
    )
    if len(hits) < 2:
        return None
    new, old = hits
    diffs = [abs(new.data.metrics[k] - old.data.metrics[k]) for k in new.data.metrics if k in old.data.metrics]
    return 1 - statistics.fmean(diffs) / 4 if diffs else None
