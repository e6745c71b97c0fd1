"""Which files are templates that Cookiecutter or Copier make Python of, and no Python yet."""

from __future__ import annotations

from pathlib import PurePath, PurePosixPath

from trackfix.source.patterns import lazy_pattern

# What is filled in: ``{{ cookiecutter.package }}``, ``{% if has_cli %}cli{% endif %}``.
_PLACEHOLDER = lazy_pattern(r"\{\{.*\}\}|\{%.*%\}")


def is_in_template(path: PurePath) -> bool:
    """Whether the name of a file, or of a folder on the way to it, is yet to be filled in."""
    return any(_PLACEHOLDER.search(part) for part in path.parts)


def is_template(path: str, data: bytes) -> bool:
    """Whether a file that is in a template has something to be filled in itself."""
    return is_in_template(PurePosixPath(path)) and (b"{{" in data or b"{%" in data)
