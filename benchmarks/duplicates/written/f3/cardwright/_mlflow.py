"""One client for each thread."""

import threading

_local = threading.local()


def client():
    """Return the client of this thread."""
    if not hasattr(_local, "client"):
        from mlflow.tracking import MlflowClient

        _local.client = MlflowClient()
    return _local.client


def paged(search, **kwargs):
    """Yield all items of a search that answers in pages."""
    token = None
    while True:
        page = search(page_token=token, **kwargs)
        yield from page
        token = page.token
        if not token:
            return
