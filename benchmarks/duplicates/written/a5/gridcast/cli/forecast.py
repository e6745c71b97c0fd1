from __future__ import annotations

from pathlib import Path

import mlflow
import pandas as pd
import typer

from gridcast import runs, series
from gridcast.config import settings

app = typer.Typer(help="Forecasts from trained models.")


@app.command()
def write(name: str, out: Path = Path("forecasts"), method: str = typer.Option(None)) -> None:
    cfg = settings()
    mlflow.set_tracking_uri(cfg.tracking_uri)
    run = runs.find(name, method)
    model = mlflow.sklearn.load_model(f"runs:/{run.info.run_id}/model")
    start = pd.Timestamp(run.data.tags["grid.cutoff"]) + pd.Timedelta(hours=1)
    index = pd.date_range(start, periods=cfg.horizon, freq="h")
    out.mkdir(exist_ok=True)
    frame = pd.DataFrame({"ts": index, "load_mw": model.predict(index)})
    frame.to_csv(out / f"{name}-{start:%Y%m%dT%H}.csv", index=False)
    typer.echo(f"{len(frame)} hours from {start}")


@app.command()
def best(name: str) -> None:
    run = runs.most_accurate(name)
    typer.echo(f"{run.info.run_id} {run.data.metrics['mase']:.3f} by {run.data.tags.get('grid.user')}")


@app.command()
def last(name: str, folder: Path = Path("forecasts")) -> None:
    path = series.latest_forecast(folder, name)
    typer.echo(path if path else "none")


@app.command()
def history(name: str) -> None:
    for run in sorted(runs.every(name), key=lambda r: r.info.start_time):
        typer.echo(f"{run.info.run_id} {run.info.status:10s} {run.data.params.get('method', '')}")
