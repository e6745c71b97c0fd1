from __future__ import annotations

import mlflow
import pandas as pd
import typer

from gridcast import runs, series
from gridcast.backtest import backtest
from gridcast.config import settings
from gridcast.methods import REGISTRY

app = typer.Typer(help="Train and backtest.")


@app.command()
def one(name: str, method: str = "harmonic", cutoff: str = typer.Option(None)) -> None:
    cfg = settings()
    data = series.read(cfg.data, name)
    if cutoff:
        data = data.before(pd.Timestamp(cutoff))
    last = str(data.values.index[-1])
    with runs.opened(f"{name}-{method}", runs.training_tags(name, method, last)) as run:
        model = REGISTRY[method]().fit(data)
        mlflow.log_params({"method": method, "points": len(data.values)})
        mlflow.sklearn.log_model(model, "model")
    typer.echo(run.info.run_id)


@app.command()
def all(method: str = "harmonic") -> None:
    for name in series.names(settings().data):
        one(name, method, None)


@app.command("backtest")
def backtest_command(name: str, method: str = "harmonic", count: int = 5) -> None:
    data = series.read(settings().data, name)
    typer.echo(f"MASE {backtest(data, method, count):.3f}")


@app.command()
def smoke() -> None:
    mlflow.set_tracking_uri(settings().tracking_uri)
    with mlflow.start_run(run_name="smoke"):
        mlflow.log_metric("ok", 1)
