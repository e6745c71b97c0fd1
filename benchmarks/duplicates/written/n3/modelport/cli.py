"""The command for people, made with click."""

from __future__ import annotations

import click
import mlflow
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

from modelport.rollback import Rollback
from modelport.sdk import Deployer


@click.group()
@click.option("--tracking-uri", envvar="MLFLOW_TRACKING_URI", default=None)
def main(tracking_uri: str | None) -> None:
    """Deploy models."""
    if tracking_uri:
        mlflow.set_tracking_uri(tracking_uri)


@main.command()
@click.argument("name")
@click.option("--alias", default="champion")
@click.option("--target", default="local")
def deploy(name: str, alias: str, target: str) -> None:
    """Deploy a model."""
    manifest = Deployer(target).deploy(name, alias)
    click.echo(manifest.to_json())


@main.command()
@click.argument("name")
@click.option("--stage", "--alias", "label", default="champion")
def show(name: str, label: str) -> None:
    """Show where a model comes from."""
    client = MlflowClient()
    run_id = None
    try:
        run_id = client.get_model_version_by_alias(name, label).run_id
    except MlflowException:
        for found in client.get_latest_versions(name, [label]):
            run_id = found.run_id
    if run_id is None:
        raise click.ClickException(f"{name} has no {label}")
    run = mlflow.get_run(run_id)
    commit = run.data.tags.get("mlflow.source.git.commit", "")[:12]
    branch = run.data.tags.get("mlflow.source.git.branch", "main")
    repo = run.data.tags.get("mlflow.source.git.repoURL", "")
    owner = run.data.tags.get("owner", run.data.tags.get("mlflow.user", ""))
    click.echo(f"{name}: {repo}@{commit} ({branch}) by {owner}")


@main.command()
@click.argument("reference")
@click.option("--experiment", default=None)
@click.option("--folder", default=".")
def fetch(reference: str, experiment: str | None, folder: str) -> None:
    """Download the model of a run, given by name or id."""
    run = None
    if experiment is not None:
        hits = mlflow.search_runs(
            experiment_names=[experiment],
            filter_string=f'run_name = "{reference}"',
            order_by=["start_time DESC"],
            output_format="list",
        )
        run = hits[0] if hits else None
    if run is None:
        try:
            run = mlflow.get_run(reference)
        except MlflowException:
            raise click.ClickException(f"no run {reference}")
    path = mlflow.artifacts.download_artifacts(
        run_id=run.info.run_id, artifact_path="model", dst_path=folder
    )
    click.echo(path)


@main.command()
@click.argument("name")
@click.option("--experiment", required=True)
def rollback(name: str, experiment: str) -> None:
    """Go back to the last good run."""
    click.echo(Rollback(name, experiment).run())


@main.command("list")
@click.option("--experiment", default="deployments")
def list_(experiment: str) -> None:
    """List all deployments."""
    for run in mlflow.search_runs(experiment_names=[experiment], output_format="list"):
        tags = run.data.tags
        click.echo(f"{tags.get('port.model')} {tags.get('port.version')} {tags.get('port.status')}")


@main.command()
@click.option("--experiment", default="deployments")
def close(experiment: str) -> None:
    """End deployments that never ended."""
    client = MlflowClient()
    exp = client.get_experiment_by_name(experiment)
    for run in client.search_runs([exp.experiment_id], "attributes.status = 'RUNNING'"):
        client.set_terminated(run.info.run_id, "KILLED")
        click.echo(run.info.run_id)
