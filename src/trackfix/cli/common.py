"""What the commands share: opening a project, and errors as one line."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trackfix.project.settings.config import ConfigError
from trackfix.source.discovery import find_root
from trackfix.source.errors import SourceError

if TYPE_CHECKING:
    from trackfix.project.project import Project


class _ExistingPath(click.Path):
    """A path; one that is not there is told in one line, without click's own two on the usage."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        if not path.exists():
            raise fail(f"{path}: does not exist; check the path")
        return path


@contextmanager
def errors_in_one_line() -> Iterator[None]:
    """Bad input ends the command with one line and exit code 2."""
    try:
        yield
    except (ConfigError, SourceError) as error:
        raise fail(str(error)) from None


def fail(message: str) -> click.exceptions.Exit:
    """Print ``message`` as an error; raise what is returned to end the command with code 2."""
    click.echo(f"trackfix: {message}", err=True)
    return click.exceptions.Exit(2)


PATH = _ExistingPath()


def read_project(path: Path) -> Project:
    """The project that ``path`` is in, read with a progress bar when that takes a while.

    Files that can't be read are named on standard error and left out.
    """
    from trackfix.cli.progress import reading
    from trackfix.project.project import open_project
    from trackfix.report import text

    root = find_root(path.resolve())
    with errors_in_one_line(), reading() as step:
        project = open_project(root, step)
    if project.problems:
        click.echo(text.problems(project.problems), err=True)
    return project


def open_lazily(path: Path) -> Project:
    """The project that ``path`` is in; its files are read when they are asked for."""
    from trackfix.project.project import Project
    from trackfix.project.settings.config import load_config
    from trackfix.source.discovery import discover

    root = find_root(path.resolve())
    with errors_in_one_line():
        config = load_config(root)
        return Project(root, config, discover(root, config.exclude))
