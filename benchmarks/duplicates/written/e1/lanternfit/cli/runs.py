"""Commands that read runs."""

from __future__ import annotations

import sys

import click


@click.group()
def runs() -> None:
    """Look at runs."""


@runs.command("list")
@click.option("--experiment", default="default")
@click.option("--limit", default=20)
def list_(experiment: str, limit: int) -> None:
    """Print the newest runs."""
    import mlflow

    exp = mlflow.get_experiment_by_name(experiment)
    if exp is None:
        click.echo(f"no experiment {experiment}", err=True)
        sys.exit(2)
    table = mlflow.search_runs([exp.experiment_id], max_results=limit)
    if table.empty:
        click.echo("no runs")
        return
    click.echo(table[["run_id", "status", "start_time"]].to_string(index=False))


@runs.command()
@click.argument("sweep_run")
@click.option("--metric", default="val_loss")
@click.option("--maximize", is_flag=True)
def best(sweep_run: str, metric: str, maximize: bool) -> None:
    """Print the best trial of the sweep whose parent run is SWEEP_RUN."""
    from mlflow import MlflowClient

    client = MlflowClient()
    parent = client.get_run(sweep_run)
    children = client.search_runs(
        [parent.info.experiment_id],
        filter_string=f'tags."mlflow.parentRunId" = "{sweep_run}"',
    )
    scored = [
        run for run in children if run.info.status == "FINISHED" and metric in run.data.metrics
    ]
    if not scored:
        raise click.ClickException("the sweep has no finished trial")
    pick = max if maximize else min
    winner = pick(scored, key=lambda run: run.data.metrics[metric])
    click.echo(f"{winner.info.run_id}  {metric}={winner.data.metrics[metric]:.5f}")
    for key, value in sorted(winner.data.params.items()):
        click.echo(f"  {key}: {value}")


@runs.command()
@click.argument("run_id")
def show(run_id: str) -> None:
    """Print the tags of one run."""
    from mlflow import MlflowClient

    tags = MlflowClient().get_run(run_id).data.tags
    for key in sorted(key for key in tags if key.startswith("lantern.")):
        click.echo(f"{key[8:]:<12} {tags[key]}")
