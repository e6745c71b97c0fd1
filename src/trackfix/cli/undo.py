"""``trackfix undo``."""

from __future__ import annotations

from pathlib import Path

import click

from trackfix.cli.common import PATH, fail


@click.command("undo")
@click.argument("path", type=PATH, default=".")
def command(path: Path) -> None:
    """Take back the last apply, if the files are still as it left them. An apply that was killed
    is rolled back or finished first."""
    from trackfix.rewrite.transaction import TransactionError, lock, recover, undo
    from trackfix.source.discovery import find_root

    root = find_root(path.resolve())
    try:
        with lock(root):
            told = recover(root)
            if told:
                click.echo(told)
                return
            restored = undo(root)
    except TransactionError as error:
        raise fail(str(error)) from None
    click.echo(f"Restored {len(restored)} file{'' if len(restored) == 1 else 's'}.")
    for name in restored:
        click.echo(f"  {name}")
