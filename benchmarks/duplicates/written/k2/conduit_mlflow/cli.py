"""Commands: init, show, rerun, clean."""

from __future__ import annotations

import json
from pathlib import Path

import click
import mlflow

from conduit_mlflow.config import TrackingContext
from conduit_mlflow.resolve import RunNotFound, last_of_pipeline, nodes_of, resolve

TEMPLATE = {
    "server": {"tracking_uri": None},
    "experiment": {"name": "my_project", "restore_if_deleted": True},
    "run": {"nested": True},
    "disabled_pipelines": [],
}


@click.group()
def cli() -> None:
    """Track conduit pipelines."""


@cli.command()
@click.option("--env", default="base")
@click.option("--force", is_flag=True)
def init(env: str, force: bool) -> None:
    """Write a first mlflow.json."""
    path = Path.cwd() / "conf" / env / "mlflow.json"
    if path.exists() and not force:
        raise click.ClickException(f"{path} is there; use --force")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(TEMPLATE, indent=2), encoding="utf-8")
    click.echo(f"wrote {path}")


@cli.command()
@click.argument("text")
@click.option("--env", default="base")
def show(text: str, env: str) -> None:
    """Show a run by its id or name."""
    experiment_id = TrackingContext.from_project(Path.cwd(), env).setup()
    try:
        run = resolve(mlflow.MlflowClient(), experiment_id, text)
    except RunNotFound as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{run.info.run_name}  {run.info.status}")
    for name in nodes_of(run):
        click.echo(f"  {name}")


@cli.command()
@click.argument("run_name")
@click.option("--env", default="base")
def rerun(run_name: str, env: str) -> None:
    """Print the command that repeats a run."""
    experiment_id = TrackingContext.from_project(Path.cwd(), env).setup()
    try:
        run = resolve(mlflow.MlflowClient(), experiment_id, run_name)
    except RunNotFound as error:
        raise click.ClickException(str(error)) from error
    pipeline = run.data.tags["conduit.pipeline"]
    click.echo(f"conduit run --pipeline {pipeline} --env {env}")


@cli.command("last")
@click.argument("pipeline")
@click.option("--env", default="base")
def last(pipeline: str, env: str) -> None:
    """Print the id of a pipeline's last good run."""
    experiment_id = TrackingContext.from_project(Path.cwd(), env).setup()
    click.echo(last_of_pipeline(mlflow.MlflowClient(), experiment_id, pipeline).info.run_id)


@cli.command("list")
@click.option("--env", default="base")
@click.option("-n", "count", default=20)
def list_(env: str, count: int) -> None:
    """List the newest runs."""
    experiment_id = TrackingContext.from_project(Path.cwd(), env).setup()
    for run in mlflow.MlflowClient().search_runs([experiment_id], order_by=["start_time DESC"], max_results=count):
        click.echo(f"{run.info.run_id}  {run.info.run_name}  {run.info.status}")


@cli.command()
@click.option("--env", default="base")
@click.option("--yes", is_flag=True)
def clean(env: str, yes: bool) -> None:
    """Delete failed runs."""
    experiment_id = TrackingContext.from_project(Path.cwd(), env).setup()
    client = mlflow.MlflowClient()
    failed = client.search_runs([experiment_id], "attributes.status = 'FAILED'")
    for run in failed:
        if yes or click.confirm(f"delete {run.info.run_name}?"):
            client.delete_run(run.info.run_id)
