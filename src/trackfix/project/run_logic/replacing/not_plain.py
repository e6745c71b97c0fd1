"""Why run logic is not replaced."""

from __future__ import annotations


class NotPlain(Exception):
    """The steps are no plain shape; the argument says why."""


class UsedAgain(NotPlain):
    """What a step gives is used for more than the next step, as by a guard."""
