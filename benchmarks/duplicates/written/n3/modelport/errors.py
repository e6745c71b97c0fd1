"""Errors of this package."""


class PortError(Exception):
    """Base of all errors."""


class RunNotFound(PortError):
    """No run fits."""


class GateClosed(PortError):
    """A model is not good enough."""


class DeployFailed(PortError):
    """The target refused a deployment."""
