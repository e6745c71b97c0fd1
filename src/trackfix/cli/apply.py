"""``trackfix apply``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trackfix.cli.common import PATH, errors_in_one_line, fail, read_project

if TYPE_CHECKING:
    from trackfix.rewrite.plan import Plan


@click.command("apply")
@click.argument("path", type=PATH, default=".")
@click.option("--diff", is_flag=True, help="Show the edits as a diff; write nothing.")
@click.option(
    "--check", is_flag=True, help="Exit with 1 if there is something to change; write nothing."
)
@click.option(
    "--codemod",
    "names",
    multiple=True,
    metavar="NAME",
    help="Run only this codemod; may be given again.",
)
@click.option("--remove-shims", is_flag=True, help="Also remove shims that nothing refers to.")
@click.option("--unsafe", is_flag=True, help="Also edit where the proof is missing.")
@click.option(
    "--verify",
    "verify_command",
    metavar="CMD",
    help="Run CMD afterwards, in a shell; roll back when it fails.",
)
@click.option("--allow-dirty", is_flag=True, help="Also change files with uncommitted changes.")
@click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True
)
def command(
    path: Path,
    diff: bool,
    check: bool,
    names: tuple[str, ...],
    remove_shims: bool,
    unsafe: bool,
    verify_command: str | None,
    allow_dirty: bool,
    format_: str,
) -> None:
    """Move every reference in the repository that PATH is in to the module that really defines
    the name. All edits are planned and verified before the first file is written."""
    from trackfix.project.project import Project
    from trackfix.report import diff as diff_report
    from trackfix.report import json, text
    from trackfix.rewrite.codemod import load_codemods
    from trackfix.rewrite.plan import make_plan
    from trackfix.rewrite.transaction import TransactionError, commit, edited_last, lock, recover
    from trackfix.source.discovery import find_root

    selected = _selected(names, remove_shims)
    root = find_root(path.resolve())
    writes = not (diff or check)
    try:
        if writes:
            with lock(root):
                told = recover(root)
            if told:
                click.echo(told, err=True)
        project: Project = read_project(path)
        with errors_in_one_line():
            earlier = edited_last(root) if "remove-shims" in selected else {}
            codemods = list(load_codemods(selected))
            plan = make_plan(project, codemods, unsafe=unsafe, earlier=earlier)
        if writes:
            _refuse_dirty(root, plan, allow_dirty)
            with lock(root):
                commit(root, plan.changes)
    except TransactionError as error:
        raise fail(str(error)) from None
    # Nothing is printed before the verification: a closed pipe must not skip it.
    if writes and verify_command and plan.files and not _verified(root, verify_command):
        raise click.exceptions.Exit(1)
    if diff and format_ == "text":
        notes = {file.path: file.notes for file in plan.files}
        colour = sys.stdout.isatty()
        click.echo(diff_report.render(plan.changes, colour=colour, notes=notes), nl=False)
        click.echo(text.plan(plan, written=False), err=True)
    else:
        click.echo(json.plan(plan) if format_ == "json" else text.plan(plan, written=writes))
    if check and plan.files:
        raise click.exceptions.Exit(1)


def _verified(root: Path, verify_command: str) -> bool:
    """Whether the command succeeds; when it fails, or is interrupted, all is rolled back.

    Raises:
        Exit: the command itself changed files, so that they can't be brought back.
    """
    from trackfix.rewrite.transaction import TransactionError, lock, undo

    try:
        code = subprocess.run(verify_command, shell=True, cwd=root, check=False).returncode
    except KeyboardInterrupt:
        code = -2
    if not code:
        return True
    try:
        with lock(root):
            undo(root)
    except TransactionError as error:
        raise fail(f"'{verify_command}' failed with {code}; not rolled back: {error}") from None
    click.echo(
        f"trackfix: '{verify_command}' failed with {code}; everything was rolled back", err=True
    )
    return False


def _selected(names: tuple[str, ...], remove_shims: bool) -> tuple[str, ...]:
    """The codemods to run.

    Raises:
        Exit: a name that no codemod has.
    """
    from trackfix.rewrite.codemod import codemod_names, default_codemods

    known = codemod_names()
    for name in names:
        if name not in known:
            raise fail(f"there is no codemod '{name}'; known are {', '.join(known)}")
    chosen = names or tuple(codemod.name for codemod in default_codemods())
    return (*chosen, "remove-shims") if remove_shims and "remove-shims" not in chosen else chosen


def _refuse_dirty(root: Path, plan: Plan, allow_dirty: bool) -> None:
    """End the command when it would change files that git could not bring back.

    Raises:
        Exit: such files are in the plan.
    """
    from trackfix.source.discovery import dirty_paths, is_distrusted

    if allow_dirty:
        return
    dirty = dirty_paths(root)
    if dirty is None:
        if plan.files and is_distrusted(root):
            raise fail(
                "git does not say what is uncommitted, as another user owns the repository; add it "
                "to git's safe.directory, or give --allow-dirty"
            )
        return
    found = [file.path for file in plan.files if file.path in dirty]
    if found:
        more = f" and {len(found) - 3} more" if len(found) > 3 else ""
        raise fail(
            f"{', '.join(found[:3])}{more}: uncommitted changes; commit them, or give --allow-dirty"
        )
