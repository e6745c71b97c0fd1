"""Pushes the best net of a dataset version to a robot."""
import subprocess
import tempfile

import mlflow
import typer
from mlflow.tracking import MlflowClient

app = typer.Typer()


def _best(dataset: str):
    c = MlflowClient()
    exp = c.get_experiment_by_name("grasp/train")
    if exp is None:
        raise typer.BadParameter("no grasp/train here, check MLFLOW_TRACKING_URI")
    ranked = sorted(
        c.search_runs([exp.experiment_id], "tags.dataset_version = '" + dataset + "'"),
        key=lambda r: r.data.metrics.get("success_rate", -1.0),
    )
    if not ranked:
        raise typer.BadParameter(f"no run on {dataset}")
    return ranked[-1]


def _fastest(dataset: str):
    c = MlflowClient()
    exp = c.get_experiment_by_name("grasp/train")
    ranked = c.search_runs(
        [exp.experiment_id],
        f"tags.dataset_version = '{dataset}'",
        order_by=["metrics.latency_ms ASC"],
        max_results=1,
    )
    return ranked[0] if ranked else None


@app.command()
def push(robot_host: str, dataset: str, fast: bool = False):
    run = _fastest(dataset) if fast else _best(dataset)
    with tempfile.TemporaryDirectory() as tmp:
        path = mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path="model", dst_path=tmp)
        subprocess.run(["rsync", "-a", path + "/", f"robot@{robot_host}:/opt/grasp/model/"], check=True)
    MlflowClient().set_tag(run.info.run_id, f"deployed.{robot_host}", "true")
    typer.echo(f"{run.info.run_name} -> {robot_host}")


@app.command()
def rollback(robot_host: str):
    hits = mlflow.search_runs(
        experiment_names=["grasp/train"],
        filter_string=f"tags.`deployed.{robot_host}` = 'true'",
        order_by=["start_time DESC"],
        max_results=2,
    )
    if len(hits) < 2:
        raise typer.Exit(1)
    typer.echo(f"use run {hits.run_id[1]}")


if __name__ == "__main__":
    app()
