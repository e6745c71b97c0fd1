"""`steady`: look at runs and tidy up."""

from __future__ import annotations

from pathlib import Path

import click
import mlflow
from mlflow.tracking import MlflowClient

from steadyflow.runs import node_run, origin
from steadyflow.settings import Settings


@click.group()
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Tools for SteadyFlow projects."""
    ctx.obj = Settings.read(Path.cwd())


@cli.command()
@click.argument("run_id")
@click.argument("node")
@click.pass_obj
def logs(settings: Settings, run_id: str, node: str) -> None:
    """Print the log of a node."""
    found = node_run(run_id, node)
    if found is None:
        raise click.ClickException(f"no node {node} in {run_id}")
    click.echo(mlflow.artifacts.load_text(f"runs:/{found.info.run_id}/node.log"))


@cli.command()
@click.argument("run_id")
def where(run_id: str) -> None:
    """Which commit made a run?"""
    run = MlflowClient().get_run(run_id)
    commit, changed = origin(run)
    click.echo(f"{commit}{' with changes' if changed else ''}")


@cli.command()
@click.pass_obj
def tidy(settings: Settings) -> None:
    """End the runs that hang and delete those that failed."""
    client = MlflowClient()
    exp = client.get_experiment_by_name(settings.tracking.experiment)
    for run in client.search_runs([exp.experiment_id], "attributes.status = 'RUNNING'"):
        client.set_terminated(run.info.run_id, "KILLED")
    for run in client.search_runs([exp.experiment_id], "attributes.status = 'FAILED'"):
        client.delete_run(run.info.run_id)
