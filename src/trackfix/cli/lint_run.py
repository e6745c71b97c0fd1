"""One run of ``trackfix lint``: from what was asked for to what is printed and written."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from trackfix import __version__
from trackfix.cli.common import fail
from trackfix.cli.progress import reading
from trackfix.lint.file_columns import FileColumns
from trackfix.lint.finding import Finding
from trackfix.lint.registry import RuleError
from trackfix.lint.report_data import FileChange, LintError, LintReport, RuleInfo
from trackfix.lint.session import Session
from trackfix.source.discovery import find_root, is_in_project

if TYPE_CHECKING:
    from trackfix.lint.fixes import Fixed
    from trackfix.lint.selection import RuleOptions
    from trackfix.rewrite.notes import Notes
    from trackfix.rewrite.transaction import Change

_CHECKED = (".py", ".pyi", ".ipynb")
_WITH_SUMMARY = ("text", "concise", "statistics")


class Request(NamedTuple):
    """What the command line asks for; ``stdin`` are the contents of the only path, ``arguments``
    all that was typed, if what is printed may be remembered for it."""

    paths: tuple[Path, ...]
    options: RuleOptions
    stdin: bytes | None = None
    fixes: bool = False
    unsafe: bool = False
    diff: bool = False
    add_ignores: bool = False
    output_format: str = "text"
    baseline: Path | None = None
    update_baseline: bool = False
    cached: bool = True
    jobs: int | None = None
    exit_zero: bool = False
    arguments: tuple[str, ...] | None = None


def run(request: Request) -> int:
    """Do what is asked for; the exit code.

    Raises:
        Exit: the request can't be met.
    """
    try:
        return _exit_code(request, _Run(request).run())
    except RuleError as error:
        raise fail(str(error)) from None


def _exit_code(request: Request, code: int) -> int:
    return 0 if request.exit_zero and code == 1 else code


class _Run:
    def __init__(self, request: Request) -> None:
        self.request = request
        groups: dict[Path, list[Path]] = {}
        for path in request.paths:
            full = path.resolve()
            groups.setdefault(find_root(full), []).append(full)
        # Projects within one repository are reported together. From a folder above them the paths
        # are those that open the files there, whichever of the projects are asked for.
        self.common = Path(os.path.commonpath(groups))
        self.base = here if (here := Path.cwd()) in self.common.parents else self.common
        self.sessions = {
            self._prefix(root): self._session(root, given) for root, given in groups.items()
        }

    def _prefix(self, root: Path) -> str:
        return f"{root.relative_to(self.base).as_posix()}/" if root != self.base else ""

    def _session(self, root: Path, given: list[Path]) -> Session:
        options, cached = self.request.options, self.request.cached
        if self.request.stdin is None:
            return Session(root, options, given, cached=cached, jobs=self.request.jobs)
        contents = {Path(os.path.relpath(given[0], root)).as_posix(): self.request.stdin}
        # Outside of any project the folder may be a home, or one for temporary files.
        alone = not is_in_project(given[0])
        return Session(root, options, given, contents, cached=cached, alone=alone)

    def run(self) -> int:
        findings: list[Finding] = []
        errors: list[LintError] = []
        changes: list[Change] = []
        notes: dict[str, Notes] = {}
        planned: list[FileChange] = []
        fixed = 0
        writes = self.request.fixes and not self.request.diff
        for prefix, session in self.sessions.items():
            if self.request.fixes or self.request.output_format == "sarif":
                if writes and self.request.stdin is None:
                    _recover(session.root)
                result = session.fix(unsafe=self.request.unsafe or not self.request.fixes)
                if not result.converged:
                    click.echo(
                        "trackfix: the fixes go round in a circle, nothing was changed; "
                        "please report this",
                        err=True,
                    )
                outcome = result.after if writes else result.before
                fixed += result.mended if writes else 0
                changes += [replace(c, path=prefix + c.path) for c in result.changes]
                notes |= {prefix + path: told for path, told in result.notes.items()}
                planned += [_planned(c, result.codemods[c.path], prefix) for c in result.changes]
                if writes and self.request.stdin is None:
                    _write(session.root, result.changes)
                    self.tell_removed(result.changes, prefix)
                if writes:
                    session.adopt(result)
                    _tell_skipped(result, session.paths, prefix)
                    _tell_notes(result, prefix)
            else:
                with reading() as step:
                    outcome = session.check(step)
            findings += [_rebased(finding, prefix) for finding in outcome.findings]
            errors += [error._replace(path=prefix + error.path) for error in outcome.errors]
        self.tell_unchecked()
        if self.request.diff:
            return self.show(changes, notes, errors)
        known, findings = self.against_baseline(findings)
        if self.request.add_ignores:
            return self.ignore(findings, errors, changes, fixed)
        report = LintReport(
            findings=tuple(findings),
            errors=tuple(errors),
            rules=self.rules(),
            root=self.base,
            version=__version__,
            line_of=self.line_of,
            columns_of=FileColumns(self.base, self.request.stdin),
            changes=tuple(planned),
            fixed=fixed,
            known=known,
        )
        if writes and self.request.stdin is not None:
            self.write_out(changes)
            click.echo(self.rendered(report), err=True)
            return 2 if errors else 1 if findings else 0
        text = self.rendered(report)
        click.echo(text)
        code = 2 if errors else 1 if findings else 0
        if code != 2:
            self.remember(code, text)
        return code

    def remember(self, code: int, text: str) -> None:
        """Note what was printed, if the same run would print it again."""
        request = self.request
        takes_more = request.fixes or request.add_ignores or request.baseline is not None
        # What is told of a file that is not checked goes to standard error.
        takes_more = takes_more or bool(self.unchecked())
        # Nor is it watched where a symbolic link leads.
        takes_more = takes_more or any(map(_is_linked, request.paths))
        if request.arguments is None or takes_more or list(self.sessions) != [""]:
            return
        watched = self.sessions[""].watched()
        if watched is not None:
            from trackfix.lint.answers import remember

            remember(request.arguments, _exit_code(request, code), f"{text}\n", watched)

    def tell_unchecked(self) -> None:
        """Say which of the given files are none that rules look at. That is no error: a hook or
        a script may hand over all files of a commit."""
        for path in self.unchecked():
            click.echo(
                f"trackfix: {path}: is no Python file and no notebook; it is not checked",
                err=True,
            )

    def unchecked(self) -> list[Path]:
        """The given files that are none that rules look at."""
        return [p for p in self.request.paths if p.suffix not in _CHECKED and not p.is_dir()]

    def tell_removed(self, changes: Iterable[Change], prefix: str) -> None:
        """Say on standard error which files are gone, if the report is for a machine to read."""
        if self.request.output_format in _WITH_SUMMARY:
            return
        for change in changes:
            if change.after is None:
                click.echo(f"trackfix: removed {prefix}{change.path}", err=True)

    def show(
        self,
        changes: list[Change],
        notes: dict[str, Notes],
        errors: list[LintError],
    ) -> int:
        from trackfix.report import diff

        colour = sys.stdout.isatty()
        click.echo(diff.render(changes, colour=colour, notes=notes), nl=False)
        _tell(errors)
        return 2 if errors else 1 if changes else 0

    def write_out(self, changes: Iterable[Change]) -> None:
        """Give back the file that standard input stands for, as it is after ``changes``."""
        data: bytes | None = self.request.stdin
        for change in changes:
            data = change.after
        click.echo(data or b"", nl=False)

    def against_baseline(self, findings: list[Finding]) -> tuple[int, list[Finding]]:
        """How many findings the baseline holds, and those that it does not."""
        path = self.request.baseline
        if path is None:
            return 0, findings
        from trackfix.lint import baseline

        try:
            if self.request.update_baseline:
                before = baseline.load_baseline(path) if path.exists() else None
                checked = {prefix + n for prefix, s in self.sessions.items() for n in s.files}
                made = baseline.make_baseline(
                    findings,
                    self.line_of,
                    before=before,
                    checked=checked,
                    path_of=self.path_in_baseline,
                )
                baseline.write_baseline(path, made)
                return len(findings), []
            known = baseline.load_baseline(path)
            found = baseline.split(findings, known, self.line_of, self.path_in_baseline)
        except baseline.BaselineError as error:
            raise fail(str(error)) from None
        return len(found.known), list(found.new)

    def path_in_baseline(self, path: str) -> str:
        """A reported path as the baseline has it, wherever one runs this: from the folder of a
        baseline above the projects, from that of the projects for one among their files."""
        assert self.request.baseline is not None
        folder = self.request.baseline.resolve().parent
        if folder not in self.common.parents:
            folder = self.common if self.common in (folder, *folder.parents) else self.base
        return Path(os.path.relpath(self.base / path, folder)).as_posix()

    def ignore(
        self,
        findings: Iterable[Finding],
        errors: list[LintError],
        fixes: list[Change],
        fixed: int,
    ) -> int:
        count = 0
        found = list(findings)
        is_stdin = self.request.stdin is not None
        for prefix, session in self.sessions.items():
            own = [
                f._replace(path=f.path.removeprefix(prefix))
                for f in found
                if f.path.startswith(prefix) and self.session_of(f.path)[0] == prefix
            ]
            changes = session.ignores(own)
            changed = {change.path for change in changes}
            count += sum(finding.path in changed for finding in own)
            if is_stdin:
                self.write_out((*fixes, *changes))
            else:
                _write(session.root, changes)
        mended = f"Fixed {fixed} finding{'' if fixed == 1 else 's'}. " if fixed else ""
        added = f"Added comments for {count} finding{'' if count == 1 else 's'}."
        click.echo(mended + added, err=is_stdin)
        _tell(errors)
        return 2 if errors else 0

    def session_of(self, path: str) -> tuple[str, Session]:
        """The session whose file a reported path is, with its prefix."""
        prefixes = [prefix for prefix in self.sessions if path.startswith(prefix)]
        prefix = max(prefixes, key=len)
        return prefix, self.sessions[prefix]

    def line_of(self, path: str, line: int) -> str:
        prefix, session = self.session_of(path)
        return session.line_of(path.removeprefix(prefix), line)

    def rules(self) -> dict[str, RuleInfo]:
        if self.request.output_format != "sarif":
            return {}
        return {code: info for s in self.sessions.values() for code, info in s.rules().items()}

    def rendered(self, report: LintReport) -> str:
        name = self.request.output_format
        module = importlib.import_module(f"trackfix.report.lint.{name}")
        if name == "text":
            return str(module.render(report, colour=sys.stdout.isatty()))
        return str(module.render(report))


def _is_linked(path: Path) -> bool:
    return os.path.abspath(path) != os.path.realpath(path)


def _tell(errors: Iterable[LintError]) -> None:
    for error in errors:
        click.echo(f"trackfix: {error.path}: {error.message}", err=True)


def _tell_skipped(result: Fixed, paths: frozenset[str] | None, prefix: str) -> None:
    """Say on standard error what the codemods left alone at ``paths``, or anywhere, and why. What
    is still found says it itself, and what a comment suppresses is meant to stay."""
    from trackfix.lint.prospects import OTHER_FILE

    found_at = (*result.after.findings, *result.after.suppressed)
    told = {(finding.path, finding.line) for finding in found_at}
    seen = [s for s in result.skipped if paths is None or s.path in paths]
    for found in seen:
        if (found.path, found.line) not in told:
            click.echo(f"{prefix}{found.path}:{found.line}: left alone: {found.reason}", err=True)
    if paths is not None and any(found.reason.endswith(OTHER_FILE) for found in seen):
        click.echo(
            "trackfix: other files have to change too; name them, or mend the whole project",
            err=True,
        )


def _recover(root: Path) -> None:
    """Finish or roll back what a killed run left.

    Raises:
        Exit: that is not possible.
    """
    from trackfix.rewrite.transaction import TransactionError, lock, recover

    try:
        with lock(root):
            told = recover(root)
    except TransactionError as error:
        raise fail(str(error)) from None
    if told:
        click.echo(told, err=True)


def _write(root: Path, changes: tuple[Change, ...]) -> None:
    """Write all changes or none.

    Raises:
        Exit: they can't be written.
    """
    from trackfix.rewrite.transaction import TransactionError, commit, lock

    if not changes:
        return
    try:
        with lock(root):
            commit(root, changes)
    except TransactionError as error:
        raise fail(str(error)) from None


def _rebased(finding: Finding, prefix: str) -> Finding:
    if not prefix:
        return finding
    related = tuple(other._replace(path=prefix + other.path) for other in finding.related)
    return finding._replace(path=prefix + finding.path, related=related)


def _planned(change: Change, codemods: tuple[str, ...], prefix: str) -> FileChange:
    from trackfix.source.text import decode

    after = None if change.after is None else decode(change.after).text
    return FileChange(prefix + change.path, decode(change.before or b"").text, after, codemods)


def _tell_notes(result: Fixed, prefix: str) -> None:
    """Say on standard error what the fixes that were made may change in behaviour."""
    for path, notes in sorted(result.notes.items()):
        for line, note in notes:
            click.echo(f"trackfix: {prefix}{path}:{line}: {note}", err=True)
