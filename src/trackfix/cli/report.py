"""``trackfix report``."""

from __future__ import annotations

from pathlib import Path

import click

from trackfix.cli.common import PATH, errors_in_one_line, fail, read_project

_STDOUT = "-"


@click.command("report")
@click.argument("path", type=PATH, default=".")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    default="trackfix-report.html",
    show_default=True,
    help="Write the page here; '-' is standard output. Of other files it replaces none.",
)
def command(path: Path, output: str) -> None:
    """Write a page that shows the repository that PATH is in to a team: the re-export modules,
    findings, imports before and after, duplicates, and what one apply would do. It is one file
    that needs no network. Nothing else is written."""
    from trackfix.cli.progress import reading
    from trackfix.lint.overview import take_overview
    from trackfix.lint.registry import RuleError
    from trackfix.report.page.page import render
    from trackfix.source.whole_files import write_whole

    target = None if output == _STDOUT else _target(Path(output))
    project = read_project(path)
    try:
        with errors_in_one_line(), reading() as step:
            overview = take_overview(project, step)
            page = f"{render(overview)}\n".encode()
    except RuleError as error:
        raise fail(str(error)) from None
    if target is None:
        click.echo(page, nl=False)
        return
    try:
        write_whole(target, page)
    except OSError as error:
        raise fail(f"{target}: {error.strerror or error}; check the folder") from None
    click.echo(f"Wrote {target}.")


def _target(path: Path) -> Path:
    """The file to write, if it may be written.

    Raises:
        Exit: it may not.
    """
    from trackfix.report.page.page import KIND
    from trackfix.source.own_pages import PAGE_SUFFIXES, is_own_page

    if not path.name.endswith(PAGE_SUFFIXES):
        # By its name it is known again, and so is not read as a file of the project.
        raise fail(f"{path}: a report is a file *.html; choose such a name")
    if not path.parent.is_dir():
        raise fail(f"{path}: there is no such folder; make it, or choose another one")
    if path.exists() and not (path.is_file() and is_own_page(path, KIND)):
        raise fail(f"{path}: is there and is no report of trackfix; choose another name")
    return path
