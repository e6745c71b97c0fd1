import json
from typing import Optional

import mlflow
import typer
from mlflow import MlflowClient

from tunekit import compare as cmp
from tunekit import runs
from tunekit.settings import EXPERIMENT, load_job

app = typer.Typer()


@app.command()
def train(config: str, quant: bool = False):
    job = load_job(config)
    if quant:
        from tunekit.qlora import QLoraRun

        typer.echo(QLoraRun(job).fit())
    else:
        from tunekit.train import train as fit

        typer.echo(fit(job))


@app.command()
def evaluate(suite: str, run_id: Optional[str] = None, job: Optional[str] = None):
    from tunekit.evaluate import evaluate as ev

    typer.echo(ev(suite, run_id, job)[["em", "f1"]].mean().to_string())


@app.command()
def compare(model_name: str):
    run = runs.previous_run(model_name)
    if run is None:
        raise typer.Exit(1)
    d = cmp.against_previous(run)
    typer.echo("first run" if d is None else d.to_string(index=False))


@app.command()
def ship(base: str, out: str = "shipped"):
    """Download the best adapter of a base model."""
    df = mlflow.search_runs(experiment_names=[EXPERIMENT])
    df = df[(df["tags.base"] == base) & (df["tags.tunekit.kind"] == "train") & (df["status"] == "FINISHED")]
    if df.empty:
        typer.secho("no run for " + base, fg="red")
        raise typer.Exit(2)
    top = df.sort_values("metrics.eval_loss", ascending=True).iloc[0]
    mlflow.artifacts.download_artifacts(run_id=top["run_id"], artifact_path="adapter", dst_path=out)


@app.command()
def show(run_id: str):
    r = MlflowClient().get_run(run_id)
    lora = {k[5:]: v for k, v in r.data.tags.items() if k.startswith("lora.")}
    typer.echo(json.dumps({"name": r.info.run_name, "lora": lora, **r.data.metrics}, indent=2))


@app.command()
def clean(days: int = 30):
    import time

    edge = int((time.time() - days * 86400) * 1000)
    for r in mlflow.search_runs(experiment_names=[EXPERIMENT], output_format="list",
                                filter_string=f"status = 'FAILED' and start_time < {edge}"):
        mlflow.delete_run(r.info.run_id)


if __name__ == "__main__":
    app()
