"""Errors of this package."""


class MlopsError(Exception):
    """Base of all errors of this package."""


class RunNotFound(MlopsError):
    def __init__(self, what: str) -> None:
        super().__init__(f"no run found for {what}")


class ExperimentNotFound(MlopsError):
    def __init__(self, name: str) -> None:
        super().__init__(f"no experiment named {name!r}")
