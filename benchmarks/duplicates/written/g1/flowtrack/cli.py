"""The command line tool."""

from __future__ import annotations

import json
import time

import click

from flowtrack.config import load_config


def _client():
    from mlflow.tracking import MlflowClient

    return MlflowClient(load_config().tracking_uri)


@click.group()
def main() -> None:
    """flowtrack: MLflow for kedro pipelines."""


@main.command()
@click.argument("name")
@click.option("--artifacts", default=None)
def init(name: str, artifacts: str | None) -> None:
    """Prepare the experiment NAME."""
    from mlflow.exceptions import MlflowException

    c = _client()
    try:
        eid = c.create_experiment(name, artifact_location=artifacts)
    except MlflowException:
        existing = c.get_experiment_by_name(name)
        eid = existing.experiment_id
        if existing.lifecycle_stage == "deleted":
            c.restore_experiment(eid)
    click.echo(f"experiment {eid} is ready")


def _last(c, experiment_id: str, pipeline: str):
    for run in c.search_runs([experiment_id], order_by=["start_time DESC"]):
        if run.info.status != "FINISHED":
            continue
        if run.data.tags.get("flowtrack.pipeline") == pipeline:
            return run
    return None


@main.command()
@click.argument("pipeline")
def last(pipeline: str) -> None:
    """Show the last good run of PIPELINE."""
    c = _client()
    experiment = c.get_experiment_by_name(load_config().experiment.name)
    run = _last(c, experiment.experiment_id, pipeline)
    if run is None:
        raise click.ClickException(f"no finished run of {pipeline}")
    click.echo(f"{run.info.run_id}  {run.info.run_name}")
    try:
        lineage = json.loads(run.data.tags["flowtrack.lineage"])
    except KeyError:
        lineage = {}
    for node in lineage.get("nodes", []):
        click.echo(f"  {node}")


@main.command("list")
@click.option("--limit", default=20)
def list_runs(limit: int) -> None:
    """List the newest runs."""
    c = _client()
    experiment = c.get_experiment_by_name(load_config().experiment.name)
    runs = c.search_runs(
        [experiment.experiment_id],
        order_by=["attributes.start_time DESC"],
        max_results=limit,
    )
    for run in runs:
        click.echo(f"{run.info.run_id} {run.info.status:<9} {run.info.run_name}")


@main.command()
@click.option("--hours", default=24.0)
def close(hours: float) -> None:
    """End runs that were left open."""
    c = _client()
    limit = int((time.time() - hours * 3600) * 1000)
    experiment = c.get_experiment_by_name(load_config().experiment.name)
    stale = c.search_runs(
        [experiment.experiment_id],
        f"attributes.status = 'RUNNING' and attributes.start_time < {limit}",
    )
    for run in stale:
        c.set_terminated(run.info.run_id, "KILLED")
    click.echo(f"{len(stale)} runs were ended")


if __name__ == "__main__":
    main()
