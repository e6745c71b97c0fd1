"""The questions."""

from __future__ import annotations

from typing import Any

from mlflow.entities import ViewType

from runlens.store import get_client

SMALLER_IS_BETTER = ("loss", "error", "rmse", "mae", "perplexity")


def is_minimized(metric: str) -> bool:
    """True when a smaller value of a metric is better, going by its name."""
    return any(word in metric.lower() for word in SMALLER_IS_BETTER)


def latest_run(experiment_id: str) -> Any | None:
    """The newest run of an experiment, whatever its state."""
    runs = get_client().search_runs(
        experiment_ids=[experiment_id],
        run_view_type=ViewType.ACTIVE_ONLY,
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return runs[0] if runs else None


def best_run(experiment_id: str, metric: str, minimize: bool | None = None) -> Any | None:
    """The finished run with the best value of a metric."""
    if minimize is None:
        minimize = is_minimized(metric)
    runs = get_client().search_runs(
        experiment_ids=[experiment_id],
        filter_string="attributes.status = 'FINISHED'",
        order_by=[f"metrics.`{metric}` {'ASC' if minimize else 'DESC'}"],
        max_results=1,
    )
    if not runs or metric not in runs[0].data.metrics:
        return None
    return runs[0]


def recent_runs(experiment_id: str, limit: int = 10, status: str | None = None) -> list[Any]:
    """The newest runs, of one state when it is given."""
    filter_string = f"attributes.status = '{status.upper()}'" if status else ""
    return list(
        get_client().search_runs(
            [experiment_id],
            filter_string,
            max_results=limit,
            order_by=["attributes.start_time DESC"],
        )
    )


def children(run_id: str) -> list[Any]:
    """The nested runs of a run."""
    client = get_client()
    parent = client.get_run(run_id)
    return list(
        client.search_runs(
            [parent.info.experiment_id], f"tags.mlflow.parentRunId = '{parent.info.run_id}'"
        )
    )


def run_by_prefix(experiment_id: str, prefix: str) -> Any:
    """The one run whose id or name begins with a text."""
    fits = [
        run
        for run in get_client().search_runs([experiment_id])
        if run.info.run_id.startswith(prefix) or (run.info.run_name or "").startswith(prefix)
    ]
    if len(fits) != 1:
        raise LookupError(f"{len(fits)} runs begin with {prefix!r}")
    return fits[0]
