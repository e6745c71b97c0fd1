"""Errors of this package."""


class TidewaterError(Exception):
    """The base of all errors."""


class NotFound(TidewaterError):
    """Something with that name or id is not there."""


class RunTimeout(TidewaterError):
    """A run did not end in time."""


class Forbidden(TidewaterError):
    """The owner of the settings may not do that."""
