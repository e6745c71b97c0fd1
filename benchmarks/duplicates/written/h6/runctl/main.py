"""The entry point."""
from __future__ import annotations

import click

from runctl import __version__
from runctl.commands import clean, compare, export, promote, report


@click.group()
@click.version_option(__version__)
def cli() -> None:
    """Runs of all teams."""


for command in (
    clean.clean,
    clean.stuck,
    clean.restore,
    export.export,
    export.export_all,
    export.import_,
    compare.compare,
    promote.promote,
    promote.best,
    report.upcoming,
    report.users,
    report.forget_cache,
):
    cli.add_command(command)

if __name__ == "__main__":
    cli()
