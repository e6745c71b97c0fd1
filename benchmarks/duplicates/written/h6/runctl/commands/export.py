"""Export of one run, or of all."""
from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click
import mlflow
from mlflow.entities import Run
from mlflow.exceptions import MlflowException
from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID

from runctl import lookup
from runctl.rest import Rest
from runctl.session import client

FORMAT_VERSION = 3


def pick(experiment_id: str, wanted: str) -> Run:
    """Ids win over names, the newest over the older ones."""
    found = None
    try:
        found = mlflow.get_run(wanted)
    except MlflowException:
        named = mlflow.search_runs(
            [experiment_id], filter_string="tags.mlflow.runName = '" + wanted + "'", output_format="list"
        )
        if named:
            found = max(named, key=lambda r: r.info.start_time)
    if found is None:
        sys.exit(f"no run {wanted}")
    return found


def as_dict(run: Run) -> dict[str, Any]:
    return {
        "format": FORMAT_VERSION,
        "run_id": run.info.run_id,
        "name": run.info.run_name,
        "status": run.info.status,
        "params": dict(run.data.params),
        "metrics": dict(run.data.metrics),
        "tags": {k: v for k, v in run.data.tags.items() if not k.startswith("mlflow.")},
    }


@click.command("export")
@click.argument("experiment")
@click.argument("run")
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--children", is_flag=True)
def export(experiment: str, run: str, target: Path, children: bool) -> None:
    """Write a run to a file."""
    experiment_id = lookup.experiment(experiment).experiment_id
    chosen = pick(experiment_id, run)
    body = as_dict(chosen)
    if children:
        kids = client().search_runs(
            [experiment_id], f"tags.`{MLFLOW_PARENT_RUN_ID}` = '{chosen.info.run_id}'", max_results=1000
        )
        body["children"] = [as_dict(kid) for kid in kids]
    target.write_text(json.dumps(body, indent=1))


@click.command("export-all")
@click.argument("experiment")
@click.argument("folder", type=click.Path(path_type=Path))
def export_all(experiment: str, folder: Path) -> None:
    """Every run of an experiment, one file each."""
    folder.mkdir(parents=True, exist_ok=True)
    for raw in Rest().runs(lookup.experiment(experiment).experiment_id):
        (folder / f"{raw['info']['run_id']}.json").write_text(json.dumps(raw))


@click.command("import")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.argument("experiment")
def import_(source: Path, experiment: str) -> None:
    """Make a run anew from a file."""
    body = json.loads(source.read_text())
    tags = dict(body["tags"])
    tags["runctl.imported_from"] = body["run_id"]
    tags["runctl.format"] = str(body["format"])
    run = client().create_run(lookup.experiment(experiment).experiment_id, run_name=body["name"], tags=tags)
    for key, value in body["params"].items():
        client().log_param(run.info.run_id, key, value)
    for key, value in body["metrics"].items():
        client().log_metric(run.info.run_id, key, value)
    client().set_terminated(run.info.run_id, body["status"])
    click.echo(run.info.run_id)
