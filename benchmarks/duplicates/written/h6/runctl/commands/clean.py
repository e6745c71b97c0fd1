"""Clean up."""
from __future__ import annotations

import datetime as dt
import os

import click
from mlflow.entities import ViewType
from mlflow.tracking import MlflowClient

from runctl.errors import Refused


def _experiment(mlf: MlflowClient, name_or_id: str):
    exp = None
    if name_or_id.isnumeric():
        try:
            exp = mlf.get_experiment(name_or_id)
        except Exception:
            exp = None
    if exp is None:
        exp = mlf.get_experiment_by_name(name_or_id)
    if exp is None:
        raise click.ClickException(f"no experiment {name_or_id}")
    return exp


def _due(run, today: dt.date) -> bool:
    days = run.data.tags.get("keep") or "90"
    if days.lower() == "forever":
        return False
    begin = dt.datetime.utcfromtimestamp(run.info.start_time / 1000.0).date()
    return begin + dt.timedelta(days=int(days)) <= today


@click.command()
@click.option("--experiment", "name", required=True)
@click.option("--dry", is_flag=True)
@click.option("--failed-only", is_flag=True)
@click.option("--limit", default=1000)
def clean(name: str, dry: bool, failed_only: bool, limit: int) -> None:
    """Delete the runs whose time is over."""
    mlf = MlflowClient()
    exp = _experiment(mlf, name)
    clause = "attributes.status = 'FAILED'" if failed_only else ""
    runs = mlf.search_runs([exp.experiment_id], clause, run_view_type=ViewType.ACTIVE_ONLY, max_results=limit)
    due = [run for run in runs if _due(run, dt.date.today())]
    if len(due) > limit // 2 and not os.environ.get("RUNCTL_YES"):
        raise Refused(f"{len(due)} of {len(runs)} runs would go; set RUNCTL_YES")
    for run in due:
        click.echo(f"{'would delete' if dry else 'delete'} {run.info.run_id} {run.info.run_name}")
        if not dry:
            mlf.delete_run(run.info.run_id)


@click.command()
@click.option("--experiment", "name", required=True)
@click.option("--hours", default=48)
def stuck(name: str, hours: int) -> None:
    """End runs that never ended."""
    mlf = MlflowClient()
    exp = _experiment(mlf, name)
    before = int((dt.datetime.now() - dt.timedelta(hours=hours)).timestamp() * 1000)
    for run in mlf.search_runs([exp.experiment_id], f"status = 'RUNNING' and start_time < {before}"):
        mlf.set_terminated(run.info.run_id, "KILLED")
        click.echo(run.info.run_id)


@click.command()
@click.argument("name")
def restore(name: str) -> None:
    """Bring back all that was deleted in an experiment."""
    mlf = MlflowClient()
    exp = _experiment(mlf, name)
    for run in mlf.search_runs([exp.experiment_id], run_view_type=ViewType.DELETED_ONLY):
        mlf.restore_run(run.info.run_id)
