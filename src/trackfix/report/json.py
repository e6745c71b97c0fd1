"""The JSON of every command; its shape is stable, a change of it bumps ``VERSION``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trackfix.project.inventory import InventoryEntry, Reference
    from trackfix.project.modules.resolution import Hop, Resolution
    from trackfix.rewrite.plan import Plan

VERSION = 1


def resolution(query: str, found: Resolution) -> str:
    """One line for one answer of ``trackfix resolve``."""
    return json.dumps(
        {
            "query": query,
            "status": found.status,
            "home": found.home,
            "kind": found.kind,
            "hops": _hops(found.hops),
        },
        ensure_ascii=False,
    )


def inventory(entries: Iterable[InventoryEntry]) -> str:
    """The answer of ``trackfix scan``."""
    return _dump(
        {
            "version": VERSION,
            "modules": [
                {
                    "module": entry.module.module,
                    "path": entry.module.path,
                    "class": entry.module.class_,
                    "deprecated": entry.module.deprecated,
                    "evidence": list(entry.module.evidence),
                    "names": [
                        {
                            "name": name,
                            "home": found.home,
                            "status": found.status,
                            "hops": _hops(found.hops),
                            "uses": entry.uses(name),
                        }
                        for name, found in entry.module.names.items()
                    ],
                    "references": entry.counts,
                }
                for entry in entries
            ],
        }
    )


def references(module: str, found: Sequence[Reference]) -> str:
    """The answer of ``trackfix scan --references``."""
    return _dump(
        {
            "version": VERSION,
            "module": module,
            "references": [
                {
                    "path": r.path,
                    "line": r.line,
                    "column": r.column,
                    "form": r.form,
                    "name": r.name,
                    "kind": r.kind,
                }
                for r in found
            ],
        }
    )


def plan(found: Plan) -> str:
    """The answer of ``trackfix apply``."""
    return _dump(
        {
            "version": VERSION,
            "changed": [
                {
                    "path": file.path,
                    "edits": file.edits,
                    "codemods": list(file.codemods),
                    "notes": [{"line": line, "message": note} for line, note in file.notes],
                }
                for file in found.files
                if file.after is not None
            ],
            "removed": [file.path for file in found.files if file.after is None],
            "skipped": [
                {"path": s.path, "line": s.line, "reason": s.reason} for s in found.skipped
            ],
            "remaining": [
                {"path": m.path, "line": m.line, "text": m.text} for m in found.remaining
            ],
        }
    )


def _hops(hops: Sequence[Hop]) -> list[dict[str, Any]]:
    return [{"path": hop.path, "line": hop.line, "form": hop.form} for hop in hops]


def _dump(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
