"""A name of a from-import, as data."""

from __future__ import annotations

from dataclasses import dataclass

_TYPE_CHECKERS = ("type:", "pyright:", "mypy:")
_PRAGMAS = ("noqa", "pylint:", "pragma:", "isort:", "ruff:", *_TYPE_CHECKERS)


@dataclass(frozen=True, slots=True)
class ImportedName:
    """A name of a from-import; ``comment`` stands behind it and ``above`` on lines of their own."""

    name: str
    asname: str = ""
    comment: str = ""
    above: tuple[str, ...] = ()

    @property
    def local(self) -> str:
        """The name that it binds."""
        return self.asname or self.name

    @property
    def code(self) -> str:
        """The name as it is written in the statement."""
        return f"{self.name} as {self.asname}" if self.asname else self.name

    @property
    def has_comment(self) -> bool:
        """Whether a comment belongs to it."""
        return bool(self.comment or self.above)


def imported(name: str, local: str, *, like: ImportedName | None = None) -> ImportedName:
    """``name`` bound to ``local``, with the comments of ``like``."""
    explicit = like is not None and like.asname == like.name and name == local
    asname = local if name != local or explicit else ""
    if like is None:
        return ImportedName(name, asname)
    return ImportedName(name, asname, like.comment, like.above)


def is_about_types(comment: str) -> bool:
    """Whether a comment speaks to a type checker."""
    return comment.lstrip("# ").lower().startswith(_TYPE_CHECKERS)


def is_pragma(comment: str) -> bool:
    """Whether a comment speaks to a tool."""
    return comment.lstrip("# ").lower().startswith(_PRAGMAS)
