"""Errors that are shown without a traceback."""
from __future__ import annotations

import click


class NotThere(click.ClickException):
    exit_code = 3

    def __init__(self, what: str, key: str) -> None:
        super().__init__(f"there is no {what} {key!r}")


class Refused(click.ClickException):
    exit_code = 4
