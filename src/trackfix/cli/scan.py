"""``trackfix scan``."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import click

from trackfix.cli.common import PATH, errors_in_one_line, fail, open_lazily, read_project


@click.command("scan")
@click.argument("path", type=PATH, default=".")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "markdown", "html"]),
    default="text",
    show_default=True,
    help="html is a page of the copies that --duplicates finds; --references has text and json.",
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
    if format_ == "html":
        raise fail("--format html is for --duplicates only; choose text, json or markdown")
    if module is not None and format_ == "markdown":
        raise fail("--references has no markdown; choose --format text or json")
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
    from trackfix.project.modules.resolution import Resolver
    from trackfix.project.project import collector_paused
    from trackfix.project.run_logic.catalogue import Catalogue
    from trackfix.project.run_logic.duplicates import Duplicates
    from trackfix.report import text

    project = open_lazily(path)
    with errors_in_one_line(), collector_paused():
        duplicates = Resolver(project).analysis(Duplicates)
        catalogue = Catalogue(duplicates)
        reporter = importlib.import_module(f"trackfix.report.duplicates.{format_}")
        if format_ == "text":
            rendered = reporter.render(catalogue, colour=sys.stdout.isatty())
        else:
            rendered = reporter.render(catalogue)
    if duplicates.unread:
        click.echo(text.problems(duplicates.unread), err=True)
    click.echo(rendered)
