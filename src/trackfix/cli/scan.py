"""``trackfix scan``."""

from __future__ import annotations

from pathlib import Path

import click

from trackfix.cli.common import PATH, errors_in_one_line, fail, open_lazily, read_project


@click.command("scan")
@click.argument("path", type=PATH, default=".")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
)
@click.option(
    "--references", "module", metavar="MODULE", help="List each reference to one re-export module."
)
@click.option(
    "--duplicates",
    is_flag=True,
    help="List the run logic that is written more than once, instead of the re-export modules.",
)
def command(path: Path, format_: str, module: str | None, duplicates: bool) -> None:
    """List every re-export module of the repository that PATH is in: what it is and why, where
    its names come from, and what refers to it; those first that nothing refers to."""
    if duplicates:
        if module is not None:
            raise fail("--references is about re-export modules, --duplicates about run logic")
        _list_duplicates(path, format_)
        return
    from trackfix.project.inventory import take_inventory
    from trackfix.report import json, markdown, text

    project = read_project(path)
    with errors_in_one_line():
        entries = take_inventory(project)
    if module is None:
        reporter = {"text": text.inventory, "json": json.inventory, "markdown": markdown.inventory}[
            format_
        ]
        click.echo(reporter(entries))
        return
    for entry in entries:
        names = {entry.module.module, *project.names_of(entry.module.path)}
        if module == entry.module.module or (module in names and not entry.module.virtual):
            if format_ == "json":
                click.echo(json.references(entry.module.module, entry.references))
            else:
                click.echo(text.references(entry.module.module, entry.references))
            return
    raise fail(f"{module} is no re-export module of this project; 'trackfix scan' lists them")


def _list_duplicates(path: Path, format_: str) -> None:
    from trackfix.project.resolution import Resolver
    from trackfix.project.run_logic.duplicates import Duplicates
    from trackfix.report.duplicates import json, text

    project = open_lazily(path)
    with errors_in_one_line():
        groups = Resolver(project).analysis(Duplicates).groups
    reporter = {"text": text.render, "json": json.render}[format_]
    click.echo(reporter(groups))
