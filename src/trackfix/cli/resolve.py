"""``trackfix resolve``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from trackfix.cli.common import PATH, fail, read_project


@click.command("resolve")
@click.argument("queries", nargs=-1, metavar="MODULE[:NAME]...")
@click.option("--path", type=PATH, default=".", help="A path in the project.  [default: .]")
@click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True
)
def command(queries: tuple[str, ...], path: Path, format_: str) -> None:
    """Tell where names really come from, hop by hop. Without arguments, or for -, queries are
    read from standard input, one a line."""
    from trackfix.project.modules.resolution import Resolution, Resolver
    from trackfix.report import json, text

    wanted = [query for query in queries if query != "-"]
    if not queries or "-" in queries:
        wanted += [line.strip() for line in sys.stdin if line.strip()]
    for query in wanted:
        parts = [part for side in query.split(":", 1) for part in side.split(".")]
        if not all(part.isidentifier() for part in parts):
            raise fail(f"'{query}' is no MODULE or MODULE:NAME, such as pkg.module:function")
    project = read_project(path)
    resolver = Resolver(project)

    def answer(query: str) -> Resolution:
        module, _, name = query.partition(":")
        found = resolver.resolve(module, name)
        parent, _, last = module.rpartition(".")
        if found.status == "missing" and not name and parent and project.find(parent):
            return resolver.resolve(parent, last)
        return found

    reporter = json.resolution if format_ == "json" else text.resolution
    for query in wanted:
        click.echo(reporter(query, answer(query)))
