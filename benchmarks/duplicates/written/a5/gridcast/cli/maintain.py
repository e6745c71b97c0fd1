from __future__ import annotations

import csv
import time
from pathlib import Path

import mlflow
import typer

from gridcast import runs, series
from gridcast.config import settings

app = typer.Typer(help="Housekeeping of the tracking server.")


@app.command()
def prune(days: int = 90, dry: bool = True) -> None:
    border = int((time.time() - days * 86400) * 1000)
    api = runs.client()
    old = api.search_runs([runs.experiment_id()], f"attributes.start_time < {border}")
    for run in old:
        if not dry:
            api.delete_run(run.info.run_id)
    typer.echo(f"{len(old)} old runs")


@app.command()
def export(path: Path) -> None:
    with path.open("w", newline="") as f:
        out = csv.writer(f)
        for name in series.names(settings().data):
            for run in runs.every(name):
                for key, value in run.data.metrics.items():
                    out.writerow([name, run.info.run_id, key, value])


@app.command()
def champions() -> None:
    mlflow.set_tracking_uri(settings().tracking_uri)
    frame = mlflow.search_runs([runs.experiment_id()], filter_string="metrics.mase > 0")
    if frame.empty:
        raise typer.Exit(1)
    top = frame.loc[frame.groupby("tags.grid.series")["metrics.mase"].idxmin()]
    typer.echo(top[["tags.grid.series", "params.method", "metrics.mase"]].to_string(index=False))


@app.command()
def exists(experiment: str) -> None:
    found = runs.client().get_experiment_by_name(experiment)
    typer.echo("yes" if found else "no")
