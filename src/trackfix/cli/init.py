"""``trackfix init``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from trackfix.cli.common import PATH, errors_in_one_line, fail

_SETTINGS = "pyproject.toml"
_HOOKS = ".pre-commit-config.yaml"


@click.command("init")
@click.argument("path", type=PATH, default=".")
@click.option("--diff", is_flag=True, help="Show what would be written; write nothing.")
@click.option("--force", is_flag=True, help="Replace the [tool.trackfix] that is there.")
@click.option("--no-pre-commit", is_flag=True, help=f"Leave {_HOOKS} alone.")
def command(path: Path, diff: bool, force: bool, no_pre_commit: bool) -> None:
    """Write a [tool.trackfix] for the repository that PATH is in, with what is found there, and a
    hook for pre-commit. Nothing else in these files changes."""
    from trackfix.report import diff as diff_report
    from trackfix.rewrite.settings_text import SettingsError, has_table, with_hook, with_table
    from trackfix.rewrite.transaction import Change
    from trackfix.source.discovery import find_root
    from trackfix.source.whole_files import write_whole

    root = find_root(path.resolve())
    name = _SETTINGS
    changes = []
    try:
        before = _read(root / _SETTINGS)
        if has_table(before or b"") and not force:
            click.echo(f"{_SETTINGS} has a [tool.trackfix] already; --force replaces it.")
        else:
            table = _drafted(root)
            changes.append(Change(_SETTINGS, before or b"", with_table(before or b"", table)))
        name = _HOOKS
        if not no_pre_commit:
            before = _read(root / _HOOKS)
            changes.append(Change(_HOOKS, before or b"", with_hook(before)))
    except SettingsError as error:
        raise fail(f"{name}: {error}") from None
    changes = [change for change in changes if change.after != change.before]
    if diff:
        colour = sys.stdout.isatty()
        click.echo(diff_report.render(changes, colour=colour), nl=False)
        return
    for change in changes:
        assert change.after is not None
        try:
            write_whole(root / change.path, change.after)
        except OSError as error:
            raise fail(f"{change.path}: {error.strerror or error}; check the folder") from None
        click.echo(f"Wrote {change.path}.")
    if not changes:
        click.echo("Nothing to write.")


def _drafted(root: Path) -> str:
    """The table for a project, whatever settings it has."""
    from trackfix.project.project import Project
    from trackfix.project.settings.config import Config
    from trackfix.project.settings_draft import as_toml, draft_settings
    from trackfix.source.discovery import discover

    with errors_in_one_line():
        project = Project(root, Config(), discover(root, ()))
        return as_toml(draft_settings(project))


def _read(path: Path) -> bytes | None:
    """The bytes of a file; None if it is not there.

    Raises:
        Exit: it can't be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise fail(f"{path.name}: {error.strerror or error}") from None
