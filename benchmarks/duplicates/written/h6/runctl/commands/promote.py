"""Promote a run to a stage by an alias of the registry."""
from __future__ import annotations

import getpass
from datetime import datetime, timezone

import click

from runctl import lookup
from runctl.errors import Refused
from runctl.session import client


@click.command()
@click.argument("experiment")
@click.argument("run")
@click.option("--model", default=None)
@click.option("--to", "alias", default="staging")
def promote(experiment: str, run: str, model: str | None, alias: str) -> None:
    """Give the version of a run an alias."""
    chosen = lookup.run(experiment, run)
    name = model or experiment
    versions = client().search_model_versions(f"name = '{name}' and run_id = '{chosen.info.run_id}'")
    if not versions:
        raise Refused(f"{chosen.info.run_id} has no version of {name}")
    client().set_registered_model_alias(name, alias, versions[0].version)
    for key, value in {
        "runctl.promoted_to": alias,
        "runctl.promoted_by": getpass.getuser(),
        "runctl.promoted_at": datetime.now(timezone.utc).isoformat(),
        "keep": "forever",
    }.items():
        client().set_tag(chosen.info.run_id, key, value)


@click.command("best")
@click.argument("experiment")
@click.argument("metric")
@click.option("--lower", is_flag=True)
def best(experiment: str, metric: str, lower: bool) -> None:
    """The best run by any metric."""
    runs = client().search_runs(
        [lookup.experiment(experiment).experiment_id],
        "attributes.status = 'FINISHED'",
        order_by=[f"metrics.`{metric}` {'ASC' if lower else 'DESC'}"],
        max_results=1,
    )
    if not runs or metric not in runs[0].data.metrics:
        raise Refused(f"no finished run has {metric}")
    click.echo(f"{runs[0].info.run_id} {runs[0].data.metrics[metric]}")
