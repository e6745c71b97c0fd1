"""Markdown, to paste into an issue or a plan."""

from __future__ import annotations

from collections.abc import Sequence

from trackfix.project.inventory import KINDS, InventoryEntry


def inventory(entries: Sequence[InventoryEntry]) -> str:
    """The inventory as a table of modules, and a table of names for each module but facades."""
    if not entries:
        return "No re-export modules found."
    head = ["module", "class", "deprecated", *KINDS]
    lines = ["# Re-export modules", "", row(head), row(["---"] * len(head))]
    for entry in entries:
        module = entry.module
        counts = entry.counts
        lines.append(
            row(
                [
                    f"`{module.module}`",
                    module.class_,
                    "yes" if module.deprecated else "no",
                    *(str(counts[kind]) for kind in KINDS),
                ]
            )
        )
    for entry in entries:
        if entry.module.class_ == "facade":
            continue
        lines += ["", f"## `{entry.module.module}`", "", f"`{entry.module.path}`", ""]
        lines += [f"* {text}" for text in entry.module.evidence]
        lines += ["", row(["name", "home", "status", "uses"]), row(["---"] * 4)]
        lines += [
            row([f"`{name}`", f"`{found.home}`", found.status, str(entry.uses(name))])
            for name, found in entry.module.names.items()
        ]
    return "\n".join(lines)


def row(cells: Sequence[str]) -> str:
    """A row of a table."""
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
