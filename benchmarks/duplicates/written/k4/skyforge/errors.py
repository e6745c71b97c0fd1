"""Errors of the SDK."""

from __future__ import annotations


class SkyforgeError(Exception):
    """Base of all errors."""


class NotLoggedIn(SkyforgeError):
    """No workspace has been chosen."""


class NotFound(SkyforgeError):
    """The thing asked for is not in the workspace."""

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(f"{kind} {name!r} not found")
        self.kind = kind
        self.name = name


class QuotaExceeded(SkyforgeError):
    """The workspace may not hold more."""
