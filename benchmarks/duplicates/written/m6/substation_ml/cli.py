"""Command line of the platform."""

from __future__ import annotations

import asyncio

import mlflow
import typer

from substation_ml.aio import AsyncPlatformClient
from substation_ml.client import PlatformClient
from substation_ml.config import Settings
from substation_ml.promote import promote_latest, sign_off

app = typer.Typer()


@app.command()
def signed(project: str) -> None:
    """Show the newest signed run."""
    settings = Settings()
    df = mlflow.search_runs(
        experiment_names=[settings.experiment_name(project)],
        filter_string="tags.`subml.signed_off` = 'true' and attributes.status = 'FINISHED'",
        order_by=["start_time DESC"],
        max_results=1,
    )
    if df.empty:
        typer.echo("nothing is signed", err=True)
        raise typer.Exit(1)
    run_id = df.at[0, "run_id"]
    typer.echo(run_id)


@app.command()
def start(project: str, name: str) -> None:
    """Create a run and print its id, for shell scripts."""
    typer.echo(asyncio.run(AsyncPlatformClient().create_run(project, name)))


@app.command()
def sign(run_id: str, role: str, who: str) -> None:
    sign_off(run_id, role, who)


@app.command()
def promote(project: str) -> None:
    typer.echo(promote_latest(project))


@app.command()
def close(project: str, hours: float = 48) -> None:
    typer.echo(PlatformClient().runs.close_stale(project, hours))


@app.command()
def export(project: str, path: str) -> None:
    """Write all runs of a project to a file."""
    frame = mlflow.search_runs(experiment_names=[Settings().experiment_name(project)], max_results=50000)
    frame.to_csv(path, index=False)


if __name__ == "__main__":
    app()
