"""Compare runs."""

from __future__ import annotations

import json
from typing import Any

from runlens.store import get_client


def compare(run_ids: list[str]) -> dict[str, Any]:
    """What is not the same in some runs."""
    runs = [get_client().get_run(run_id) for run_id in run_ids]
    answer: dict[str, Any] = {"params": {}, "metrics": {}, "datasets": {}}
    for part in ("params", "metrics"):
        names = sorted({name for run in runs for name in getattr(run.data, part)})
        for name in names:
            values = [getattr(run.data, part).get(name) for run in runs]
            if any(value != values[0] for value in values):
                answer[part][name] = dict(zip(run_ids, values))
    for run in runs:
        data = {}
        if "runlens.dataset" in run.data.tags:
            text = run.data.tags["runlens.dataset"]
            try:
                data = json.loads(text)
            except ValueError:
                data = dict(name=text)
        answer["datasets"][run.info.run_id] = (data.get("name"), data.get("digest"))
    answer["same_data"] = len(set(answer["datasets"].values())) <= 1
    return answer


def gain(before: Any, after: Any, metric: str) -> float | None:
    """The change of a metric as a part of its old value."""
    old, new = before.data.metrics.get(metric), after.data.metrics.get(metric)
    if old is None or new is None or old == 0:
        return None
    return (new - old) / abs(old)


def markdown(answer: dict[str, Any], run_ids: list[str]) -> str:
    """A comparison as a table in Markdown."""
    short = [run_id[:8] for run_id in run_ids]
    lines = ["| | " + " | ".join(short) + " |", "|---" * (len(short) + 1) + "|"]
    for part in ("params", "metrics"):
        for name, values in answer[part].items():
            cells = [str(values.get(run_id, "")) for run_id in run_ids]
            lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)
