"""The source of rules that are not ours: an editable installation changes by an edit alone."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trackfix.lint.registry import RuleEntry

_OWN = "trackfix"

Stamps = Mapping[str, list[int]]


def rule_sources(rules: Iterable[RuleEntry]) -> dict[str, list[int]]:
    """The Python files of the packages that rules of others are in, with time and size."""
    tops = {rule.source.value.partition(".")[0] for rule in rules if rule.source.dist != _OWN}
    modules = {top.partition(":")[0] for top in tops}
    return {path: stamp for top in sorted(modules) for path in _files(top) if (stamp := _of(path))}


def are_unchanged(known: Stamps) -> bool:
    """Whether these files are as they were."""
    return all(_of(path) == stamp for path, stamp in known.items())


def _files(top: str) -> Iterator[str]:
    """The files of a package, or of a module; nothing of it is executed."""
    specs = (f.find_spec(top, None) for f in sys.meta_path if hasattr(f, "find_spec"))
    spec = next((spec for spec in specs if spec is not None), None)
    if spec is None:
        return
    if spec.submodule_search_locations is None:
        yield from [spec.origin] if spec.origin else []
        return
    for location in spec.submodule_search_locations:
        for folder, _, names in os.walk(location):
            yield from (os.path.join(folder, name) for name in names if name.endswith(".py"))


def _of(path: str) -> list[int]:
    try:
        status = os.stat(path)
    except OSError:
        return []
    return [status.st_mtime_ns, status.st_size]
