"""Commands to train and to look at runs."""

from __future__ import annotations

import getpass
import importlib
import platform
from typing import Any

import click

from lanternfit.cli import runs
from lanternfit.config import TrainConfig
from lanternfit.loops import Trainer
from lanternfit.utils.env import git_commit


@click.group()
def cli() -> None:
    """lanternfit on the command line."""


cli.add_command(runs.runs)


def _load(target: str) -> Any:
    module, _, name = target.partition(":")
    return getattr(importlib.import_module(module), name)


def _experiment_id(config: TrainConfig) -> str:
    import mlflow

    found = mlflow.get_experiment_by_name(config.experiment)
    if found is not None:
        return found.experiment_id
    click.echo(f"creating experiment {config.experiment}")
    return mlflow.create_experiment(
        config.experiment, artifact_location=config.artifact_location
    )


@cli.command()
@click.argument("target")
@click.option("--config", "config_path", required=True)
@click.option("--tag", "extra", multiple=True, help="key=value")
def train(target: str, config_path: str, extra: tuple[str, ...]) -> None:
    """Train the module that TARGET makes, as package.module:function."""
    import mlflow

    config = TrainConfig.from_file(config_path)
    if config.tracking_uri:
        mlflow.set_tracking_uri(config.tracking_uri)
    module, train_data, val_data = _load(target)(config)
    tags = {
        "lantern.commit": git_commit(),
        "lantern.user": getpass.getuser(),
        "lantern.host": platform.node(),
        "lantern.python": platform.python_version(),
        "lantern.entry": target,
    }
    tags.update(pair.split("=", 1) for pair in extra)
    with mlflow.start_run(
        experiment_id=_experiment_id(config), run_name=config.run_name, tags=tags
    ):
        metrics = Trainer(config).fit(module, train_data, val_data)
        mlflow.log_params(config.flat())
        mlflow.log_metrics(metrics)
    click.echo(metrics)
