"""Which files are templates that Python is made of, and no Python yet."""

from __future__ import annotations

from pathlib import PurePosixPath

from trackfix.source.patterns import lazy_pattern

# A placeholder for a name: ``{{ cookiecutter.package }}``, ``{{project_name}}``.
_PLACEHOLDER = lazy_pattern(r"\{\{.*\}\}")


def is_template(path: str, data: bytes) -> bool:
    """Whether Cookiecutter or Copier fill in a file: its name or that of a folder on the way is a
    placeholder, and it has placeholders or conditions itself."""
    if not any(_PLACEHOLDER.search(part) for part in PurePosixPath(path).parts):
        return False
    return b"{{" in data or b"{%" in data
