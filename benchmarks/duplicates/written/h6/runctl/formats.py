"""How things are shown."""
from __future__ import annotations

import csv
import io
import json
from typing import Any, Iterable, Mapping


def as_table(rows: Iterable[Mapping[str, Any]]) -> str:
    rows = list(rows)
    if not rows:
        return "(nothing)"
    heads = list(rows[0])
    widths = [max(len(h), *(len(str(row.get(h, ""))) for row in rows)) for h in heads]
    lines = ["  ".join(h.ljust(w) for h, w in zip(heads, widths))]
    for row in rows:
        lines.append("  ".join(str(row.get(h, "")).ljust(w) for h, w in zip(heads, widths)))
    return "\n".join(lines)


def as_csv(rows: Iterable[Mapping[str, Any]]) -> str:
    rows = list(rows)
    out = io.StringIO()
    if rows:
        writer = csv.DictWriter(out, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return out.getvalue()


def as_json(rows: Iterable[Mapping[str, Any]]) -> str:
    return json.dumps(list(rows), indent=2, default=str)


FORMATS = {"table": as_table, "csv": as_csv, "json": as_json}
