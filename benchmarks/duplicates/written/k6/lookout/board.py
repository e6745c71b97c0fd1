"""Boards: tables of models and their evaluations."""

from __future__ import annotations

import html
from typing import Any

import mlflow
import pandas as pd

from lookout.meta import RunMeta, summary
from lookout.store import RunStore


def table(store: RunStore, model: str) -> pd.DataFrame:
    """The newest evaluations of a model."""
    return pd.DataFrame([summary(run) for run in store.evaluations(model)])


def overview(store: RunStore, models: list[str]) -> list[dict[str, Any]]:
    """One row for each model."""
    rows = []
    for model in models:
        run = store.serving_run(model)
        meta = RunMeta.from_run(run)
        frame = mlflow.search_runs(
            experiment_names=[store.settings.evaluation],
            filter_string=f"tags.`lookout.model` = '{model}'",
            order_by=["metrics.drift ASC"],
        )
        best = frame.iloc[0] if len(frame) > 0 else None
        rows.append(
            {
                "model": model,
                "owner": meta.owner,
                "threshold": meta.threshold,
                "features": len(meta.features),
                "lowest_drift": None if best is None else float(best["metrics.drift"]),
            }
        )
    return rows


def best_auc(store: RunStore, model: str) -> float | None:
    """The highest AUC that a model has had."""
    frame = mlflow.search_runs(
        experiment_names=[store.settings.evaluation],
        filter_string=f"tags.`lookout.model` = '{model}'",
        order_by=["metrics.auc DESC"],
        max_results=1,
    )
    return None if frame.empty else float(frame.loc[0, "metrics.auc"])


def to_html(rows: list[dict[str, Any]], title: str = "Models") -> str:
    """A plain page with a table."""
    if not rows:
        return f"<h1>{html.escape(title)}</h1><p>Nothing to show.</p>"
    head = "".join(f"<th>{html.escape(str(k))}</th>" for k in rows[0])
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(str(v))}</td>" for v in row.values()) + "</tr>" for row in rows
    )
    return f"<h1>{html.escape(title)}</h1><table><tr>{head}</tr>{body}</table>"
