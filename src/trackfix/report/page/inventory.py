"""The re-export modules: what each is and why, where its names come from, who refers to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trackfix.project.inventory import KINDS, InventoryEntry
from trackfix.report.html.document import code, text
from trackfix.report.html.parts import folded, items, rest, table
from trackfix.report.text import classes
from trackfix.report.words import many

_MOST_MODULES = 150
_MOST_NAMES = 30
_MOST_HOMES = 4
_MEANINGS = (
    ("shim", "is kept only so that old imports go on working"),
    ("wrapper", "only passes calls on"),
    ("mixed module", "hands names on and has code of its own"),
    ("facade", "is a package that hands on names of its own modules: public API"),
)


def body(entries: Sequence[InventoryEntry]) -> Iterator[str]:
    """The section."""
    if not entries:
        yield "<p>No re-export modules found.</p>"
        return
    found = {entry.module.class_ for entry in entries}
    meanings = "; ".join(f"a {name} {told}" for name, told in _MEANINGS if name.split()[0] in found)
    yield f"<p>Found {classes(entries)}. Of these {meanings}.</p>"
    facades = [entry for entry in entries if entry.module.class_ == "facade"]
    others = [entry for entry in entries if entry.module.class_ != "facade"]
    if others:
        yield from _modules("Modules with the number of references to each", others)
    if facades:
        caption = "Facades with the number of imports of each"
        yield from folded(many(len(facades), "facade"), _modules(caption, facades))


def _modules(caption: str, entries: Sequence[InventoryEntry]) -> Iterator[str]:
    columns = ("module", "class", *KINDS, "homes; evidence and names below")
    rows = map(_row, entries[:_MOST_MODULES])
    yield from table(caption, columns, rows, range(2, 2 + len(KINDS)))
    yield from rest(len(entries) - _MOST_MODULES, "module", "trackfix scan")


def _row(entry: InventoryEntry) -> Iterator[str]:
    module = entry.module
    yield f"{code(module.module)}<br>{code(module.path)}"
    words = ["deprecated"] if module.deprecated else []
    words += ["dead"] if entry.is_dead else []
    marks = "".join(f' <span class="badge">{word}</span>' for word in words)
    yield f'<span class="class {module.class_}">{module.class_}</span>{marks}'
    yield from (str(count) for count in entry.counts.values())
    homes = _homes(entry)
    more = f" and {len(homes) - _MOST_HOMES} more" if len(homes) > _MOST_HOMES else ""
    shown = ", ".join(map(code, homes[:_MOST_HOMES])) + more or "evidence"
    yield "\n".join(folded(shown, [*items(map(text, module.evidence)), *_names(entry)]))


def _homes(entry: InventoryEntry) -> list[str]:
    """The modules that the names come from, those of the project first."""
    outside = {f.module for f in entry.module.names.values() if f.status == "external"}
    return sorted(entry.module.homes, key=lambda home: (home in outside, home))


def _names(entry: InventoryEntry) -> Iterator[str]:
    names = list(entry.module.names.items())
    if entry.module.class_ == "facade":
        yield f"<p>{many(len(names), 'name')}</p>"
        return
    lines = []
    for name, found in names[:_MOST_NAMES]:
        status = "" if found.status == "certain" else f" ({text(found.status)})"
        uses = many(entry.uses(name), "use") if entry.uses(name) else "no uses"
        lines.append(f"{code(name)} from {code(found.home)}{status}, {uses}")
    yield from items(lines)
    yield from rest(len(names) - _MOST_NAMES, "name", "trackfix scan")
