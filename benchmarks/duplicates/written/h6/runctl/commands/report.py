"""Reports for the teams."""
from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

import click
import mlflow
import pandas as pd
from mlflow.exceptions import MlflowException

from runctl.formats import FORMATS
from runctl.session import cached, forget


def frame_of(team_experiment: str) -> pd.DataFrame:
    try:
        exp = mlflow.get_experiment(team_experiment) if team_experiment.isdigit() else None
    except MlflowException:
        exp = None
    exp = exp or mlflow.get_experiment_by_name(team_experiment)
    if not exp:
        raise click.UsageError(f"experiment {team_experiment} is not there")
    return mlflow.search_runs([exp.experiment_id], max_results=20000)


def gone_on(row: pd.Series) -> date | None:
    value = row.get("tags.keep")
    if value == "forever":
        return None
    days = int(value) if isinstance(value, str) and value else 90
    return row["start_time"].date() + timedelta(days=days)


@click.command()
@click.argument("experiments", nargs=-1)
@click.option("--format", "style", type=click.Choice(sorted(FORMATS)), default="table")
@click.option("--days", default=14)
def upcoming(experiments: tuple[str, ...], style: str, days: int) -> None:
    """Runs that go in the next days."""
    until = datetime.now().date() + timedelta(days=days)
    rows = []
    for name in experiments:
        for _, row in frame_of(name).iterrows():
            last = gone_on(row)
            if last is not None and last <= until:
                rows.append({"experiment": name, "run": row["run_id"], "goes": last})
    click.echo(FORMATS[style](rows))


@click.command()
@click.argument("experiment")
def users(experiment: str) -> None:
    """How many runs each person has."""
    counts = cached(f"users-{experiment}", 300, lambda: dict(Counter(frame_of(experiment)["tags.mlflow.user"])))
    click.echo(FORMATS["table"]([{"user": user, "runs": count} for user, count in counts.items()]))


@click.command("forget-cache")
def forget_cache() -> None:
    click.echo(f"{forget()} files")
