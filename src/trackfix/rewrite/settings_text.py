"""Adds trackfix's own settings to the files of a project, and leaves every other byte alone."""

from __future__ import annotations

import re
from typing import Any

from trackfix.source.patterns import lazy_pattern
from trackfix.source.toml_text import parse_toml

_HEADER = lazy_pattern(rb"[ \t]*\[")
_OWN = lazy_pattern(rb"[ \t]*\[{1,2}[ \t]*tool[ \t]*\.[ \t]*[\"']?trackfix[\"']?[ \t]*[\].]")
_ITEM = lazy_pattern(rb"( *)- ")
_HOOK = lazy_pattern(
    rb"^[^#\n]*\bid:[ \t]*[\"']?trackfix(?:-fix)?[\"']?[ \t\r]*(?:#.*)?$", re.MULTILINE
)

# Blank lines and comments, after the start of the document.
_NOTHING = lazy_pattern(rb"(?:---)?\s*(?:#[^\n]*(?:\n\s*|$))*")
_BY_HAND = "add the hook by hand, and leave it out here with --no-pre-commit"

_NEW_HOOKS = "# Checks of each commit; `pre-commit install` puts them to work.\nrepos:\n"
_HOOK_LINES = (
    "- repo: local",
    "  hooks:",
    "    # The rules see the whole project, and report on the files of the commit.",
    "    - id: trackfix",
    "      name: trackfix",
    "      entry: trackfix lint",
    "      language: system",
    "      types_or: [python, pyi, jupyter]",
    "      require_serial: true",
)


class SettingsError(Exception):
    """A file that can't be added to; the message is one line, without the name of the file."""


def has_table(data: bytes) -> bool:
    """Whether a ``pyproject.toml`` has a table for trackfix.

    Raises:
        SettingsError: it is no TOML.
    """
    tools = _parsed(data).get("tool", {})
    return isinstance(tools, dict) and "trackfix" in tools


def with_table(data: bytes, table: str) -> bytes:
    """A ``pyproject.toml`` with this table at its end, or in the place of the one it has.

    Raises:
        SettingsError: the file is no TOML, or has its settings in a form that is not a table of
            its own.
    """
    before = _parsed(data)
    lines = data.splitlines(keepends=True) if b"\r" not in data.replace(b"\r\n", b"") else [data]
    newline = b"\r\n" if b"\r\n" in data else b"\n"
    new = table.encode().replace(b"\n", newline)
    places = _own_lines(lines)
    if places:
        kept = [line for number, line in enumerate(lines) if number not in places]
        kept.insert(min(places), new)
        after = b"".join(kept)
    else:
        after = _ended(data, newline) + (newline if data.strip() else b"") + new
    if not _differs_in_ours_only(before, after):
        raise SettingsError("has its settings in a form that can't be added to; write them by hand")
    return after


def _own_lines(lines: list[bytes]) -> set[int]:
    """The lines of the table and of those below it; what stands before the next table is its."""
    found: set[int] = set()
    is_own = False
    for number, line in enumerate(lines):
        if _HEADER.match(line):
            is_own = _OWN.match(line) is not None
        if is_own:
            found.add(number)
    for number in sorted(found, reverse=True):
        is_last = number + 1 not in found
        text = lines[number].strip()
        if is_last and (not text or text.startswith(b"#")):
            found.discard(number)
    return found


def _differs_in_ours_only(before: dict[str, Any], after: bytes) -> bool:
    try:
        found = _parsed(after)
    except SettingsError:
        return False
    own = found.get("tool", {}).pop("trackfix", None)
    tools = before.get("tool", {})
    tools.pop("trackfix", None)
    return own is not None and {**found, "tool": found["tool"]} == {**before, "tool": tools}


def _parsed(data: bytes) -> dict[str, Any]:
    try:
        return parse_toml(data.decode("utf-8"))
    except ValueError as error:
        raise SettingsError(f"is no TOML: {error}") from None


def with_hook(data: bytes | None) -> bytes:
    """A ``.pre-commit-config.yaml`` with a hook for trackfix behind the others; as it is if it has
    one. None is a file that is not there.

    Raises:
        SettingsError: its list ``repos`` is not written as one item below the other.
    """
    data = data or b""
    newline = b"\r\n" if b"\r\n" in data else b"\n"
    if _NOTHING.fullmatch(data):
        hooks = _NEW_HOOKS + "".join(f"  {line}\n" for line in _HOOK_LINES)
        return _ended(data, newline) + hooks.encode().replace(b"\n", newline)
    if _HOOK.search(data):
        return data
    lines = data.splitlines(keepends=True)
    starts = [number for number, line in enumerate(lines) if re.match(rb"repos[ \t]*:", line)]
    if len(starts) != 1 or not re.fullmatch(
        rb"repos[ \t]*:[ \t]*(?:#.*)?", lines[starts[0]].strip()
    ):
        raise SettingsError(f"has no plain list of repos to add to; {_BY_HAND}")
    last, indent = starts[0], b""
    for number in range(starts[0] + 1, len(lines)):
        text = lines[number]
        item = _ITEM.match(text)
        if text.strip() and not text.strip().startswith(b"#"):
            if not text[:1].isspace() and item is None:
                break
            if last == starts[0]:
                if item is None:
                    raise SettingsError(f"has no plain list of repos to add to; {_BY_HAND}")
                indent = item[1]
            last = number
    if last == starts[0]:
        raise SettingsError(f"has an empty list of repos; {_BY_HAND}")
    new = [indent + line.encode() + newline for line in _HOOK_LINES]
    before = b"".join(lines[: last + 1])
    return _ended(before, newline) + b"".join(new) + b"".join(lines[last + 1 :])


def _ended(data: bytes, newline: bytes) -> bytes:
    return data if not data or data.endswith(b"\n") else data + newline
