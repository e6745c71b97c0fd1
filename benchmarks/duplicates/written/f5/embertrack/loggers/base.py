"""A logger that logs nothing, and what all must do."""


class NullLogger:
    """Used on ranks other than the first."""

    name = "null"

    def log_hyperparams(self, params):
        pass

    def log_metrics(self, metrics, step=None):
        pass

    def finalize(self, status):
        pass


class Buffer:
    """Collects metrics and hands them over when there are enough."""

    def __init__(self, flush, size=50):
        self._flush = flush
        self._size = size
        self._items = []

    def add(self, key, value, step):
        self._items.append((key, value, step))
        if len(self._items) >= self._size:
            self.drain()

    def drain(self):
        if self._items:
            self._flush(self._items)
            self._items = []
