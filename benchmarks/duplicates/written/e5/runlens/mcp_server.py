"""An MCP server with the questions as tools."""

from __future__ import annotations

import json
import logging
from typing import Any

import mlflow
from mcp.server.fastmcp import FastMCP

from runlens import compare as comparisons
from runlens import queries
from runlens.serialize import iso, run_to_dict
from runlens.store import UnknownExperiment, experiment_id_of, get_client

logger = logging.getLogger("runlens.mcp")

server = FastMCP("runlens")


def _text(data: Any) -> str:
    return json.dumps(data, indent=2, default=str)


def _error(message: str) -> str:
    logger.warning(message)
    return _text({"error": message})


@server.tool()
def list_experiments() -> str:
    """Names and ids of all experiments."""
    return _text(
        [{"name": e.name, "id": e.experiment_id} for e in get_client().search_experiments()]
    )


@server.tool()
def list_runs(experiment: str, limit: int = 10) -> str:
    """The newest runs of an experiment."""
    try:
        experiment_id = experiment_id_of(experiment)
    except UnknownExperiment:
        return _error(f"no experiment {experiment}")
    return _text([run_to_dict(run, full=False) for run in queries.recent_runs(experiment_id, limit)])


@server.tool()
def get_latest_run(experiment: str) -> str:
    """The newest run of an experiment."""
    exp = mlflow.get_experiment_by_name(experiment)
    if exp is None:
        return _error(f"no experiment {experiment}")
    found = mlflow.search_runs(
        experiment_ids=[exp.experiment_id],
        order_by=["start_time DESC"],
        max_results=1,
        output_format="list",
    )
    if len(found) == 0:
        return _error(f"{experiment} has no runs")
    run = found[0]
    return _text(run_to_dict(run))


@server.tool()
def get_best_run(experiment: str, metric: str, mode: str = "max") -> str:
    """The best finished run of an experiment by a metric; mode is max or min."""
    if mode not in ("max", "min"):
        return _error("mode is max or min")
    experiment_id = experiment_id_of(experiment)
    client = get_client()
    candidates = [
        run
        for run in client.search_runs([experiment_id], "attributes.status = 'FINISHED'")
        if run.data.metrics.get(metric) is not None
    ]
    if not candidates:
        return _error(f"no finished run of {experiment} has {metric}")
    candidates.sort(key=lambda run: run.data.metrics[metric], reverse=mode == "max")
    winner = candidates[0]
    return _text({"value": winner.data.metrics[metric], **run_to_dict(winner)})


@server.tool()
def get_run_tags(run_id: str) -> str:
    """The tags that people have set on a run."""
    run = get_client().get_run(run_id)
    tags = {}
    for key, value in run.data.tags.items():
        if key.startswith("mlflow."):
            continue
        tags[key] = value
    return _text(tags)


@server.tool()
def compare_runs(run_ids: list[str]) -> str:
    """A table of what is not the same in some runs."""
    if len(run_ids) < 2:
        return _error("two runs or more are needed")
    return comparisons.markdown(comparisons.compare(run_ids), run_ids)


@server.tool()
def get_metric_history(run_id: str, metric: str) -> str:
    """All values of a metric of a run."""
    points = get_client().get_metric_history(run_id, metric)
    return _text([{"step": p.step, "value": p.value, "at": iso(p.timestamp)} for p in points])


def main() -> None:
    """Serve on standard input and output."""
    logging.basicConfig(level=logging.INFO)
    server.run()


if __name__ == "__main__":
    main()
