"""The command line of runlane."""

import sys
from pathlib import Path

import click

from runlane.errors import RunlaneError
from runlane.project import Project


@click.group()
def cli():
    """Start, compare and promote runs."""


@cli.command()
@click.argument("name")
@click.option("--uri", default="")
def init(name, uri):
    """Make a project in this folder."""
    project = Project.init(Path.cwd(), name, uri)
    click.echo(f"project {project.name}, experiment {project.experiment_id}")


@cli.command(context_settings={"ignore_unknown_options": True})
@click.argument("command", nargs=-1, required=True)
@click.option("--name")
@click.option("--resume")
@click.option("--grid", "-g", multiple=True)
def run(command, name, resume, grid):
    """Run a command and log it."""
    from runlane.runner import Runner
    from runlane.sweep import run_grid

    project = Project.find()
    if grid:
        sys.exit(1 if run_grid(project, list(command), grid) else 0)
    runner = Runner(project)
    code, run_id = runner.run(list(command), name, resume)
    runner.note_tree(run_id)
    click.echo(run_id)
    sys.exit(code)


@cli.command()
@click.argument("left")
@click.argument("right", default="@")
@click.option("--all", "all_rows", is_flag=True)
def compare(left, right, all_rows):
    """Show two runs side by side."""
    from runlane.compare import as_text
    from runlane.compare import compare as rows_of

    click.echo(as_text(rows_of(Project.find(), left, right, all_rows)))


@cli.command()
@click.argument("what")
@click.option("--model")
@click.option("--alias", default="champion")
def promote(what, model, alias):
    """Make the model of a run the one in use."""
    from runlane.promote import promote as do_promote

    try:
        version = do_promote(Project.find(), what, model, alias)
    except RunlaneError as exc:
        raise click.ClickException(str(exc)) from exc
    click.echo(f"version {version}")


@cli.command()
@click.option("--days", default=30)
@click.option("--dry-run", is_flag=True)
def gc(days, dry_run):
    """Delete what nobody needs."""
    from runlane.gc import collect, end_zombies

    project = Project.find()
    for run_id in end_zombies(project):
        click.echo(f"ended {run_id}")
    for run_id in collect(project, days, dry_run):
        click.echo(f"deleted {run_id}")


@cli.command()
def serve():
    """Answer an editor."""
    from runlane.server import main

    main()


if __name__ == "__main__":
    cli()
