"""Errors that are shown without a traceback."""


class RunlaneError(Exception):
    """The user can mend this."""


class NoProject(RunlaneError):
    """There is no runlane.toml here or above."""


class UnknownRun(RunlaneError):
    """What was typed is no run."""
