"""Commands of the plugin."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import click

from millrace_mlflow.config import load_config
from millrace_mlflow.protocol import commit

TEMPLATE = """\
tracking_uri: mlruns
experiment:
  name: {name}
run:
  nested: true
"""


@click.group(name="mlflow")
def commands() -> None:
    """MLflow for millrace."""


@commands.command()
@click.option("--force", is_flag=True)
def init(force: bool) -> None:
    """Write conf/mlflow.yml."""
    path = Path("conf/mlflow.yml")
    if path.exists() and not force:
        click.secho(f"{path} is there already", fg="red")
        sys.exit(1)
    path.parent.mkdir(exist_ok=True)
    path.write_text(TEMPLATE.format(name=Path.cwd().name))


@commands.command()
@click.argument("pipeline")
@click.argument("metrics", nargs=-1)
@click.option("--run-id", required=True, help="the id of the pipeline run")
@click.option("--env", default="local")
def record(pipeline: str, metrics: tuple[str, ...], run_id: str, env: str) -> None:
    """Record a pipeline that ran elsewhere, with METRICS as name=value."""
    import mlflow

    config = load_config()
    config.setup()
    mlflow.set_experiment(config.experiment.name)
    with mlflow.start_run(run_name=pipeline):
        tags = {"millrace.pipeline": pipeline}
        tags.update({"millrace.run_id": run_id, "millrace.env": env})
        tags["millrace.commit"] = commit()
        mlflow.set_tags(tags)
        for pair in metrics:
            name, _, value = pair.partition("=")
            mlflow.log_metric(name, float(value))


@commands.command()
@click.option("--days", default=30)
@click.option("--dry-run", is_flag=True)
def clean(days: int, dry_run: bool) -> None:
    """Delete the failed runs of the project that are older than some days."""
    from mlflow.tracking import MlflowClient

    config = load_config()
    client = MlflowClient(config.tracking_uri)
    experiment = client.get_experiment_by_name(config.experiment.name)
    if experiment is None:
        return
    before = datetime.now(timezone.utc) - timedelta(days=days)
    stamp = int(before.timestamp() * 1000)
    for run in client.search_runs(
        [experiment.experiment_id],
        f"attributes.status = 'FAILED' and attributes.start_time < {stamp}",
    ):
        click.echo(run.info.run_id)
        if not dry_run:
            client.delete_run(run.info.run_id)


@commands.command()
@click.argument("run_id")
def info(run_id: str) -> None:
    """Print from which pipeline and commit a run comes."""
    from mlflow.tracking import MlflowClient

    client = MlflowClient(load_config().tracking_uri)
    tags = client.get_run(run_id).data.tags
    click.echo(f"{tags.get('millrace.pipeline', '?')} @ {tags.get('millrace.commit', '?')}")
