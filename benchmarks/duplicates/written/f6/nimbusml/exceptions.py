"""Errors of the SDK."""


class NimbusError(Exception):
    """Base of all errors."""


class AuthError(NimbusError):
    """No credential, or a wrong one."""


class NotFound(NimbusError):
    """There is no such thing in the workspace."""


class JobFailed(NimbusError):
    """A job ended badly."""

    def __init__(self, job, status):
        super().__init__(f"job {job} ended as {status}")
        self.job = job
        self.status = status


class WaitTimeout(NimbusError):
    """Something took too long."""
