"""Traces beside the runs. A trace knows its run by request metadata."""
from __future__ import annotations

import json
from collections.abc import Iterator

import mlflow
from mlflow.entities import SpanType
from mlflow.tracking import MlflowClient

from agentlab.config import settings


def traces_of_run(run_id: str, experiment_id: str) -> list:
    c = MlflowClient(settings().tracking)
    return list(c.search_traces([experiment_id], f"metadata.`mlflow.sourceRun` = '{run_id}'", max_results=200))


def tool_calls(trace) -> Iterator[dict]:
    for span in trace.data.spans:
        if span.span_type == SpanType.TOOL:
            yield {"tool": span.name, "ms": (span.end_time_ns - span.start_time_ns) / 1e6, "in": span.inputs}


def tokens(trace) -> int:
    total = 0
    for span in trace.data.spans:
        usage = (span.outputs or {}).get("usage") if isinstance(span.outputs, dict) else None
        if usage:
            total += usage.get("total_tokens", 0)
    return total


def run_of_trace(trace):
    """The run beside the trace, None for orphans."""
    rid = trace.info.request_metadata.get("mlflow.sourceRun")
    if rid is None:
        return None
    return MlflowClient(settings().tracking).get_run(rid)


def dump(run_id: str, experiment_id: str) -> None:
    rows = [c for t in traces_of_run(run_id, experiment_id) for c in tool_calls(t)]
    with mlflow.start_run(run_id=run_id):
        mlflow.log_text("\n".join(json.dumps(r, default=str) for r in rows), "tool_calls.jsonl")
        mlflow.log_metric("tool_calls", len(rows))
