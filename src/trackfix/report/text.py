"""Plain text for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from trackfix.project.inventory import InventoryEntry, Reference
from trackfix.project.modules.resolution import Resolution
from trackfix.project.project import Problem
from trackfix.report.words import many
from trackfix.rewrite.plan import Plan


def resolution(query: str, found: Resolution) -> str:
    """One answer of ``trackfix resolve``: the home, and each hop on the way to it."""
    lines = [f"{query} -> {found.home}  ({found.status}, {found.kind})"]
    lines += [
        f"  {hop.path}:{hop.line}  {hop.form} {hop.module}{':' if hop.name else ''}{hop.name}"
        for hop in found.hops
    ]
    if found.obstacle:
        lines.append(f"  {found.obstacle}")
    return "\n".join(lines)


def inventory(entries: Sequence[InventoryEntry]) -> str:
    """The answer of ``trackfix scan``: first what nothing refers to, then the rest."""
    if not entries:
        return "No re-export modules found."
    lines: list[str] = []
    for entry in entries:
        lines += [*_entry(entry), ""]
    return "\n".join([*lines, f"Found {classes(entries)}."])


def _entry(entry: InventoryEntry) -> Iterator[str]:
    module = entry.module
    words = [
        module.class_,
        *(["deprecated"] if module.deprecated else []),
        *(["dead"] if entry.is_dead else []),
    ]
    yield f"{module.path}  {module.module}  [{', '.join(words)}]"
    yield from (f"  {text}" for text in module.evidence)
    counted = ", ".join(f"{count} {kind}" for kind, count in entry.counts.items() if count)
    yield f"  references: {counted or 'none'}"
    if module.class_ == "facade":
        yield f"  {len(module.names)} names"
        return
    width = max((len(name) for name in module.names), default=0)
    for name, found in module.names.items():
        status = "" if found.status == "certain" else f"  {found.status}"
        uses = entry.uses(name)
        hops = f"  {len(found.hops)} hops" if len(found.hops) > 1 else ""
        yield f"  {name:{width}}  <- {found.home}{status}{hops}  {uses or 'no'} uses"


def classes(entries: Iterable[InventoryEntry]) -> str:
    """How many re-export modules of each class there are: ``2 shims, 1 facade``."""
    counts = Counter(entry.module.class_ for entry in entries)
    return ", ".join(
        f"{counts[name]} {name}{'' if counts[name] == 1 else plural}"
        for name, plural in (("shim", "s"), ("wrapper", "s"), ("mixed", ""), ("facade", "s"))
        if name in counts
    )


def references(module: str, found: Sequence[Reference]) -> str:
    """The answer of ``trackfix scan --references``."""
    lines = [
        f"{r.path}:{r.line}:{r.column}  {r.form}{' ' if r.name else ''}{r.name}" for r in found
    ]
    return "\n".join([*lines, f"{many(len(found), 'reference')} to {module}."])


def plan(found: Plan, *, written: bool) -> str:
    """The summary of ``trackfix apply``: what was changed, what was not, and why."""
    changed = [file for file in found.files if file.after is not None]
    removed = [file for file in found.files if file.after is None]
    lines: list[str] = []
    if found.files:
        verb = "Changed" if written else "Would change"
        lines.append(
            f"{verb} {many(len(changed), 'file')} "
            f"({many(sum(f.edits for f in changed), 'edit')})"
            + (
                f", {'removed' if written else 'remove'} {many(len(removed), 'file')}"
                if removed
                else ""
            )
            + "."
        )
        for file in changed:
            lines.append(f"  {file.path}")
            lines += [f"    line {number}: {note}" for number, note in file.notes]
        lines += [f"  {file.path}  (removed)" for file in removed]
    else:
        lines.append("Nothing to change.")
    if found.skipped:
        lines.append(f"Left alone, {many(len(found.skipped), 'place')}:")
        lines += [f"  {s.path}:{s.line}  {s.reason}" for s in found.skipped]
    # One line may name several modules.
    mentioned = list(dict.fromkeys((m.path, m.line, m.text[:100]) for m in found.remaining))
    if mentioned:
        lines.append(f"Still mentioned in text, {many(len(mentioned), 'place')}:")
        lines += [f"  {path}:{line}  {said}" for path, line, said in mentioned]
    if written and found.files:
        lines.append("'trackfix undo' takes it back.")
    return "\n".join(lines)


def problems(found: Sequence[Problem]) -> str:
    """Files that could not be read as Python, one a line."""
    return "\n".join(
        f"{p.path}{f':{p.line}' if p.line else ''}: {p.message}; the file is left out"
        for p in found
    )
