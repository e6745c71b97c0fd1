"""Command line: ``mlflow-shelf``."""
from __future__ import annotations

import functools
import json
import sys

import click
import mlflow
from mlflow import MlflowClient

from mlflow_shelf import settings as _settings
from mlflow_shelf.errors import NotOnShelf, ShelfError
from mlflow_shelf.store import Shelf, labels_of


def handle_errors(fn):
    @functools.wraps(fn)
    def inner(*args, **kwargs):
        try:
            return fn(*args, **kwargs)
        except ShelfError as exc:
            click.secho(str(exc), fg="red", err=True)
            sys.exit(exc.exit_code)

    return inner


def echo_run(run, as_json):
    row = {"id": run.info.run_id, "name": run.info.run_name, "status": run.info.status, "labels": sorted(labels_of(run))}
    if as_json:
        click.echo(json.dumps(row))
    else:
        click.echo("  ".join(str(v) for v in row.values()))


@click.group()
@click.option("--experiment", "-e", default=None)
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
def main(ctx, experiment, as_json):
    s = _settings.load()
    if s.tracking_uri:
        mlflow.set_tracking_uri(s.tracking_uri)
    ctx.obj = {"settings": s, "experiment": experiment or s.experiment, "json": as_json}


@main.command()
@click.argument("slot")
@click.pass_obj
@handle_errors
def show(obj, slot):
    """Show what's in SLOT."""
    client = MlflowClient()
    exp = client.get_experiment_by_name(obj["experiment"])
    if exp is None:
        raise NotOnShelf(f"no shelf {obj['experiment']}")
    found = client.search_runs([exp.experiment_id], "tags.`shelf.slot` = '" + slot + "'", order_by=["start_time DESC"])
    if len(found) == 0:
        raise NotOnShelf(f"nothing in {slot}")
    echo_run(found[0], obj["json"])


@main.command()
@click.option("--metric", default=None)
@click.pass_obj
@handle_errors
def best(obj, metric):
    """Show the best finished run."""
    metric = metric or obj["settings"].metric
    shelf = Shelf(obj["experiment"])
    echo_run(shelf.best(metric), obj["json"])


@main.command("ls")
@click.option("--label", default=None)
@click.option("--state", type=click.Choice(["shelved", "retired"]), default=None)
@click.pass_obj
@handle_errors
def list_(obj, label, state):
    """List runs."""
    for run in Shelf(obj["experiment"], page_size=obj["settings"].page_size):
        if label and label.lower() not in labels_of(run):
            continue
        if state and run.data.tags.get("shelf.state") != state:
            continue
        echo_run(run, obj["json"])


@main.command()
@click.argument("run_id")
@click.argument("slot")
@click.option("--label", "-l", "labels", multiple=True)
@click.pass_obj
@handle_errors
def put(obj, run_id, slot, labels):
    """Put RUN_ID into SLOT."""
    Shelf(obj["experiment"]).put(run_id, slot, list(labels))
    click.echo("ok")


@main.command()
@click.argument("slot")
@click.option("--reason", prompt=True)
@click.pass_obj
@handle_errors
def retire(obj, slot, reason):
    """Retire what's in SLOT."""
    run = Shelf(obj["experiment"]).slot(slot)
    client = MlflowClient()
    client.set_tag(run.info.run_id, "shelf.state", "retired")
    client.set_tag(run.info.run_id, "shelf.retire_reason", reason)
    client.delete_tag(run.info.run_id, "shelf.slot")


@main.command()
@click.option("--days", default=30.0)
@click.confirmation_option(prompt="Really delete?")
@click.pass_obj
def sweep(obj, days):
    """Delete old runs which are in no slot."""
    click.echo(f"{Shelf(obj['experiment']).sweep(days)} deleted")
