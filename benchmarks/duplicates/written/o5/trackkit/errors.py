class TrackkitError(Exception):
    """Base of all errors; the CLI shows these without a traceback."""

    exit_code = 1


class RunNotFound(TrackkitError):
    exit_code = 3

    def __init__(self, ref):
        super().__init__(f"no run matches {ref!r}")
        self.ref = ref


class ExperimentMissing(TrackkitError):
    exit_code = 4


class PluginError(TrackkitError):
    exit_code = 5
