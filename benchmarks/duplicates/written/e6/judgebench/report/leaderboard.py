"""A table of the evaluations of an experiment."""

from __future__ import annotations

from typing import Any

import pandas as pd

from judgebench._tracking import client, source_run_id


def _data_version(run: Any) -> tuple[str, int]:
    tag = run.data.tags.get("judgebench.dataset", "")
    if "@" in tag:
        name, version = tag.split("@", 1)
        return name, int(version)
    return tag, 0


def leaderboard(experiment_id: str, metrics: list[str]) -> pd.DataFrame:
    """One row for each evaluation, the best first."""
    rows = []
    for run in client().search_runs([experiment_id], "tags.`judgebench.kind` = 'evaluation'"):
        name, version = _data_version(run)
        rows.append(
            {
                "source": source_run_id(run),
                "dataset": name,
                "version": version,
                **{metric: run.data.metrics.get(metric) for metric in metrics},
            }
        )
    frame = pd.DataFrame(rows, columns=["source", "dataset", "version", *metrics])
    return frame.sort_values(metrics[0], ascending=False, ignore_index=True)


def markdown(frame: pd.DataFrame) -> str:
    """The table in Markdown."""
    head = "| " + " | ".join(frame.columns) + " |"
    line = "|---" * len(frame.columns) + "|"
    body = ["| " + " | ".join(map(str, row)) + " |" for row in frame.itertuples(index=False)]
    return "\n".join([head, line, *body])
