"""Remembers what was found out about a project as a whole, for runs on a few of its files.

An answer is kept for as long as no file changes in a way that it depends on: a function that is
added to a file which nobody asked about changes nothing for the others.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

from trackfix.lint.cache_folder import CacheFolder
from trackfix.lint.rule_sources import Stamps, are_unchanged
from trackfix.project.facts.asked import Asked
from trackfix.project.known import Known
from trackfix.project.modules.unlisted import tells_of_imports
from trackfix.project.project import Project
from trackfix.source.discovery import Stamp
from trackfix.source.errors import SourceError

_KIND = "project"


class KnownCache:
    """What is remembered of one project."""

    def __init__(self, folder: CacheFolder) -> None:
        self._folder = folder

    def load(self, project: Project, changed: Iterable[str]) -> Known | None:
        """What still holds; None if that is nothing, or what is there is damaged. The files
        ``changed`` are not as their stamps tell."""
        try:
            value = self._folder.load(_KIND)
            if not are_unchanged(value["rules"]):
                return None
            asked = _asked(value["asked"])
            if not _still_holds(project, value["files"], asked, frozenset(changed)):
                return None
            return Known(value["known"]) if value["sum"] == _sum(value["known"]) else None
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, SourceError):
            return None

    def save(self, project: Project, known: Known, rules: Stamps) -> None:
        """Remember what these ``rules`` have found out while the project was watched."""
        if any(problem.out_of_reach for problem in project.problems):
            return
        asked, stamps = project.facts.asked, project.listing.stamps
        # An answer that tells of a file may tell a line of it.
        text = json.dumps(known.plain)
        told = {path for path in (*asked.facts, *asked.outlines) if json.dumps(path)[1:-1] in text}
        asked.read |= told
        files = {
            path: [self._stamp(stamps[path]), _answers(project, path, asked)]
            for path in _relevant(project)
            if path in stamps
        }
        value = {
            "files": files,
            "rules": rules,
            "asked": {
                "read": sorted(asked.read),
                "facts": sorted(asked.facts - asked.read),
                "outlines": sorted(asked.outlines.keys() - asked.read),
                "texts": {path: sorted(told) for path, told in asked.texts.items()},
                "names": sorted(name.decode("latin-1") for name in asked.names),
                "tops": sorted(name.decode("latin-1") for name in asked.tops),
                "words": sorted(word.decode("latin-1") for word in asked.words),
            },
            "known": known.plain,
            "sum": _sum(known.plain),
        }
        self._folder.save(_KIND, value)

    def _stamp(self, stamp: Stamp) -> list[int] | None:
        """What tells that a file has not changed; None if it may still do so unseen."""
        return list(stamp) if self._folder.is_settled([stamp[0]]) else None


def _sum(plain: object) -> int:
    """What tells that answers are not as they were saved: they are only read when they matter."""
    return zlib.crc32(json.dumps(plain, sort_keys=True).encode())


def _asked(value: Mapping[str, Any]) -> Asked:
    names, tops, words = (
        {word.encode("latin-1") for word in value[key]} for key in ("names", "tops", "words")
    )
    read, facts = set(value["read"]), set(value["facts"])
    texts = {path: {tuple(told) for told in asked} for path, asked in value["texts"].items()}
    return Asked(read, facts, dict.fromkeys(value["outlines"]), texts, names, tops, words)


def _relevant(project: Project) -> list[str]:
    telling = filter(tells_of_imports, project.listing.stamps)
    return sorted({*project.facts, *telling})


def _still_holds(
    project: Project, files: Mapping[str, Any], asked: Asked, changed: frozenset[str]
) -> bool:
    stamps = project.listing.stamps
    relevant = _relevant(project)
    if len(relevant) != len(files):
        return False
    for path in relevant:
        stamp, answers = files[path]
        if path not in changed and list(stamps[path]) == stamp:
            continue
        if path in asked.read or tells_of_imports(path):
            return False
        if _answers(project, path, asked) != answers:
            return False
    return True


def _answers(project: Project, path: str, asked: Asked) -> str:
    if path not in project.facts:
        return ""
    seen, data = project.facts.glance(path), project.facts.bytes_of(path) or b""
    parts = [asked.answers(path, seen, data)]
    if path in asked.read or (path not in asked.facts and path not in asked.outlines):
        return parts[0]
    from trackfix.project.facts.outlines import facts_without_lines, outline

    if path in asked.facts:
        parts.append(facts_without_lines(project.facts[path]))
    if path in asked.outlines:
        found = asked.outlines[path] or outline(project.document(path))
        parts.append(found.told([word.decode("utf-8", "replace") for word in asked.words]))
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
