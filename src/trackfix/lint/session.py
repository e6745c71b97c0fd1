"""One project under the linter: its files, the rules that are on, and what is to be reported."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from trackfix.lint.cache_folder import CacheFolder
from trackfix.lint.finding import Finding
from trackfix.lint.outcome import Outcome
from trackfix.lint.report_data import RuleInfo
from trackfix.lint.run_cache import RunCache
from trackfix.project.modules.unlisted import unlisted_stamps
from trackfix.project.settings.config import load_config
from trackfix.source.discovery import Listing, discover, is_excluded
from trackfix.source.errors import SourceError

# A run that finds all it needs in the cache imports nothing of these.
if TYPE_CHECKING:
    from trackfix.lint.facts_cache import FactsCache
    from trackfix.lint.fixes import Fixed
    from trackfix.lint.logic_cache import LogicCache
    from trackfix.lint.rule import LintProject
    from trackfix.lint.selection import RuleOptions, Selection
    from trackfix.project.project import Project
    from trackfix.rewrite.transaction import Change

Step = Callable[[int, int], None]

# The facts of more files than a run on a few wants to know take long to load.
_MOST_FACTS = 200


class Session:
    """Lints the project at ``root``. ``contents`` stand in for files, as an editor has them."""

    def __init__(
        self,
        root: Path,
        options: RuleOptions,
        given: Iterable[Path] = (),
        contents: Mapping[str, bytes] | None = None,
        *,
        cached: bool = True,
        alone: bool = False,
        jobs: int | None = None,
    ) -> None:
        """``given`` are absolute paths of files and folders to report on, or none for all;
        ``alone`` tells that ``contents`` are all there is, whatever lies beside them; ``jobs`` is
        how many processes may share the work.

        Raises:
            ConfigError: a setting can't be used.
        """
        self.root = root
        self._config = load_config(root)
        self._options = options
        self._contents = contents
        self._jobs = jobs
        self._lines: dict[str, list[str]] = {}
        self._started = started = time.time_ns()
        listing = Listing(root) if alone else discover(root, self._config.exclude)
        added = [path for path in contents or () if not is_excluded(path, self._config.exclude)]
        python = _with(listing.python, (path for path in added if path.endswith(".py")))
        stubs = _with(listing.stubs, (path for path in added if path.endswith(".pyi")))
        books = _with(listing.notebooks, (path for path in added if path.endswith(".ipynb")))
        unlisted = unlisted_stamps(root, (*python, *stubs, *books)) if cached else ()
        stamps = {**dict(unlisted), **listing.stamps}
        self._listing = replace(listing, python=python, stubs=stubs, notebooks=books, stamps=stamps)
        self.paths = self._chosen(list(given))
        whole = self.paths is None and not contents
        # The settings count as such, too: a pyproject.toml that git ignores is not in the listing.
        settings = repr((options, self._config))
        self._folder = CacheFolder(root, settings, started) if cached and not alone else None
        self._cache = RunCache(self._folder) if self._folder is not None and whole else None

    @cached_property
    def project(self) -> Project:
        """The project; files are read when they are asked for."""
        from trackfix.project.project import Project

        project = Project(self.root, self._config, self._listing, self._contents)
        project.jobs = self._jobs
        return project

    @cached_property
    def selection(self) -> Selection:
        """The rules that run on each file.

        Raises:
            ConfigError: a setting or an option can't be used.
            RuleError: the installed rules can't be used.
        """
        from trackfix.lint.selection import Selection

        return Selection(self.project, self._options)

    @property
    def files(self) -> frozenset[str]:
        """The files that are reported on."""
        if self.paths is not None:
            return self.paths
        listing = self._listing
        return frozenset((*listing.python, *listing.stubs, *listing.notebooks))

    def _chosen(self, given: list[Path]) -> frozenset[str] | None:
        if not given or self.root in given:
            return None
        names = [Path(os.path.relpath(path, self.root)).as_posix() for path in given]
        folders = tuple(f"{name}/" for name in names)
        wanted = frozenset(names)
        files = (*self._listing.python, *self._listing.stubs, *self._listing.notebooks)
        return frozenset(p for p in files if p in wanted or p.startswith(folders))

    def check(self, step: Step | None = None) -> Outcome:
        """Find what the rules find.

        Raises:
            RuleError: the installed rules can't be used.
            ConfigError: a setting or an option can't be used.
        """
        stamps = self._listing.stamps
        known = self._cache.load(stamps) if self._cache is not None else None
        if known is not None:
            return known
        from trackfix.lint.rule_sources import rule_sources
        from trackfix.lint.runner import lint

        is_idle = self.paths is not None and not self.paths
        shared = None
        memories: list[LogicCache | FactsCache] = []
        if self._folder is not None and not is_idle:
            memories = self._memories(self._folder)
            shared = self._recalled(self._folder)
        found = lint(self.project, self.selection, self.paths, step, shared)
        for memory in memories:
            memory.save()
        if self._cache is not None:
            self._cache.save(stamps, found, rule_sources(self.selection.rules))
        return found

    def watched(self) -> list[str] | None:
        """All that the outcome rests on, if the current folder is that of the project; None if it
        can't be told, or may still change unseen."""
        from trackfix.lint.rule_sources import rule_sources
        from trackfix.lint.watched import watched

        if self._folder is None or self._contents or os.path.realpath(".") != os.fspath(self.root):
            return None
        return watched(self._listing, rule_sources(self.selection.rules), self._started)

    def _memories(self, folder: CacheFolder) -> list[LogicCache | FactsCache]:
        """Let the project remember what it reads of each file."""
        from trackfix.lint.facts_cache import FactsCache
        from trackfix.lint.file_cache import FileCache
        from trackfix.lint.logic_cache import LogicCache

        stamps, changed = self._listing.stamps, self._contents or ()
        logic = LogicCache(FileCache(folder, "run-logic-2", stamps, changed))
        self.project.logic_memory = logic
        if self.paths is None:
            return [logic]
        facts = FactsCache(FileCache(folder, "facts", stamps, changed, _MOST_FACTS))
        self.project.facts_memory = facts
        return [logic, facts]

    def _recalled(self, folder: CacheFolder) -> LintProject:
        """The project with what is known of it, which else is found out and remembered."""
        from trackfix.lint.known_cache import KnownCache
        from trackfix.lint.rule import LintProject
        from trackfix.lint.rule_sources import rule_sources
        from trackfix.lint.runner import find_out

        cache, shared = KnownCache(folder), LintProject(self.project)
        known = cache.load(self.project, self._contents or ())
        if known is not None:
            self.project.take_over(known)
            return shared
        with self.project.facts.asked.watched():
            known = find_out(shared, self.selection)
        if not self._contents:
            cache.save(self.project, known, rule_sources(self.selection.rules))
        return shared

    def fix(self, *, unsafe: bool) -> Fixed:
        """Plan the fixes of what the rules find; nothing is written.

        Raises:
            RuleError, ConfigError: as in ``check``.
            SourceError: a file that is to be changed can't be read any more.
        """
        from trackfix.lint.fixes import fix
        from trackfix.lint.runner import lint

        def check(project: Project) -> Outcome:
            return lint(project, self.selection, self.paths)

        return fix(self.project, self.selection, check, unsafe=unsafe, paths=self.paths)

    def adopt(self, fixed: Fixed) -> None:
        """Go on with the files as the fixes have left them."""
        overlay = {change.path: change.after for change in fixed.changes}
        self.project = self.project.overlaid(overlay)
        self._lines.clear()

    def ignores(self, findings: Collection[Finding]) -> tuple[Change, ...]:
        """The changes that suppress ``findings`` by comments, and those of other rules that show at
        the same places only then: of one problem only the finding that says more is told.

        Raises:
            SourceError: the encoding of a file lacks a character of the comment.
        """
        from trackfix.lint.runner import lint

        changes = self._ignores(findings)
        after = self.project.overlaid({change.path: change.after for change in changes})
        paths = frozenset(change.path for change in changes)
        places = {finding.place[:3] for finding in findings}
        left = lint(after, self.selection, paths).findings if changes else ()
        shown = [finding for finding in left if finding.place[:3] in places]
        return self._ignores([*findings, *shown]) if shown else changes

    def _ignores(self, findings: Collection[Finding]) -> tuple[Change, ...]:
        from trackfix.lint.add_ignores import add_ignores
        from trackfix.rewrite.transaction import Change

        by_path: dict[str, list[Finding]] = {}
        for finding in findings:
            by_path.setdefault(finding.path, []).append(finding)
        changes = []
        for path in sorted(by_path):
            if self.project.facts.get(path) is None or self.project.facts.is_unreadable(path):
                continue
            document = self.project.document(path)
            after = add_ignores(document, by_path[path])
            if after != document.data:
                changes.append(Change(path, document.data, after))
        return tuple(changes)

    def rules(self) -> dict[str, RuleInfo]:
        """What reports say of the enabled rules."""
        from trackfix.lint.pages import read_page

        pages = (read_page(entry) for entry in self.selection.enabled_rules())
        return {p.code: RuleInfo(p.code, p.name, p.summary, p.text) for p in pages}

    def line_of(self, path: str, line: int) -> str:
        """The text of a line of a file; of a notebook, the code in that line of its JSON text."""
        if path not in self._lines:
            self._lines[path] = self._read_lines(path)
        lines = self._lines[path]
        text = lines[line - 1].removesuffix("\r") if 0 < line <= len(lines) else ""
        return _code_in(text) if path.endswith(".ipynb") else text

    def _read_lines(self, path: str) -> list[str]:
        from trackfix.source.document import from_bytes
        from trackfix.source.text import read_bytes

        try:
            if "project" in self.__dict__:
                return self.project.document(path).source.text.split("\n")
            # To show a line that the cache speaks of there need be no project.
            data = (self._contents or {}).get(path)
            read = read_bytes(self.root / path) if data is None else data
            return from_bytes(path, read).source.text.split("\n")
        except SourceError:
            return []


def _with(paths: Iterable[str], added: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({*paths, *added}))


def _code_in(text: str) -> str:
    try:
        value = json.loads(text.strip().removesuffix(","))
    except ValueError:
        return ""
    return value.removesuffix("\n") if isinstance(value, str) else ""
