"""Errors of the SDK."""


class PlatformError(Exception):
    """Base of all errors."""


class NotFound(PlatformError):
    """There is no such thing."""


class NotAllowed(PlatformError):
    """The rules of promotion say no."""
