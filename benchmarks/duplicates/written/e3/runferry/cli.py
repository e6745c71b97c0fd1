"""The command line."""

from __future__ import annotations

import logging
from pathlib import Path

import click

from runferry.bulk.mirror import Mirror
from runferry.bulk.plan import plan
from runferry.connect import Server
from runferry.ferry import Ferry
from runferry.verify import verify


@click.group()
@click.option("-v", "--verbose", is_flag=True)
def main(verbose: bool) -> None:
    """Copy MLflow runs."""
    logging.basicConfig(level=logging.DEBUG if verbose else logging.INFO)


@main.command()
@click.argument("source")
@click.argument("target")
@click.argument("experiment")
@click.option("--as", "new_name")
@click.option("--artifacts/--no-artifacts", default=True)
def copy(source: str, target: str, experiment: str, new_name: str | None, artifacts: bool) -> None:
    """Copy EXPERIMENT from SOURCE to TARGET."""
    moved = Ferry(Server(source), Server(target), artifacts).copy_experiment(experiment, new_name)
    click.echo(f"{len(moved)} runs")


@main.command()
@click.argument("source")
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("experiment")
def dump(source: str, folder: Path, experiment: str) -> None:
    """Write EXPERIMENT to FOLDER."""
    from runferry.archive import Exporter

    click.echo(Exporter(Server(source).client, folder).export(experiment))


@main.command()
@click.argument("target")
@click.argument("folder", type=click.Path(path_type=Path))
def load(target: str, folder: Path) -> None:
    """Create the runs of FOLDER on TARGET."""
    from runferry.archive import Importer

    click.echo(len(Importer(Server(target).client, folder).load()))


@main.command()
@click.argument("source")
@click.argument("target")
@click.argument("patterns", nargs=-1)
def mirror(source: str, target: str, patterns: tuple[str, ...]) -> None:
    """Copy what is new in the experiments that fit PATTERNS."""
    here, there = Server(source), Server(target)
    worker = Mirror(here, there)
    for move in plan(here.client, patterns or ("*",), {}):
        click.echo(f"{move.target}: {worker.sync(move)}")


@main.command()
@click.argument("source")
@click.argument("target")
@click.argument("experiment")
def check(source: str, target: str, experiment: str) -> None:
    """Compare the copies on TARGET with SOURCE."""
    report = verify(Server(source), Server(target), experiment, experiment)
    for run_id in report.missing:
        click.echo(f"missing {run_id}")
    for run_id, names in report.different.items():
        click.echo(f"{run_id} differs in {', '.join(names)}")
    raise SystemExit(0 if report.ok else 1)
