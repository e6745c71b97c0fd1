"""Export the winner of a study to TorchScript for the design platform."""
import json
import sys
from pathlib import Path

import click
import mlflow
import torch
from mlflow.exceptions import MlflowException


def lookup(study_parent_id: str):
    """Winner among the trials. Raises LookupError when all of them failed."""
    client = mlflow.MlflowClient()
    try:
        parent = client.get_run(study_parent_id)
    except MlflowException as err:
        raise LookupError(f"no run {study_parent_id}") from err
    finished = [
        run
        for run in client.search_runs([parent.info.experiment_id], max_results=5000)
        if run.data.tags.get("mlflow.parentRunId") == study_parent_id
        and run.info.status == "FINISHED"
        and "val_rmse" in run.data.metrics
    ]
    if not finished:
        raise LookupError("no finished trials")
    return min(finished, key=lambda run: run.data.metrics["val_rmse"])


def targets_of(run):
    tags = run.data.tags
    if "targets" not in tags:
        return []
    names = []
    for item in tags["targets"].split(","):
        item = item.strip()
        if item:
            names.append(item)
    return names


def best_on_test(experiment: str):
    """The one we report in the paper: test_rmse over the whole experiment."""
    df = mlflow.search_runs(experiment_names=[experiment], order_by=["metrics.test_rmse ASC"], max_results=1)
    if df.empty:
        raise LookupError(experiment)
    return df.run_id[0]


def version_run(model: str, version: str):
    client = mlflow.MlflowClient()
    return client.get_run(client.get_model_version(model, version).run_id)


@click.command()
@click.argument("study_run")
@click.option("--out", type=click.Path(path_type=Path), default=Path("export"))
@click.option("--compare", help="MODEL/VERSION currently on the platform")
def cli(study_run, out, compare):
    try:
        run = lookup(study_run)
    except LookupError as err:
        click.echo(str(err), err=True)
        sys.exit(1)
    if compare:
        old = version_run(*compare.split("/"))
        gain = old.data.metrics["val_rmse"] - run.data.metrics["val_rmse"]
        click.echo(f"gain over {compare}: {gain:+.3f}")
        if gain <= 0:
            sys.exit(0)
    out.mkdir(parents=True, exist_ok=True)
    net = mlflow.pytorch.load_model(f"runs:/{run.info.run_id}/model", map_location="cpu")
    torch.jit.script(net.eval()).save(str(out / "model.pt"))
    meta = {"run": run.info.run_id, "targets": targets_of(run), "rmse": run.data.metrics["val_rmse"]}
    (out / "meta.json").write_text(json.dumps(meta, indent=2))


if __name__ == "__main__":
    cli()
