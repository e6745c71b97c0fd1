import functools
import logging
import random
import time

from mlflow.exceptions import MlflowException

log = logging.getLogger(__name__)


def backoff(tries=5, base=0.5, cap=20.0):
    """Try again when the tracking server is away. A bad request is not tried again."""

    def deco(fn):
        @functools.wraps(fn)
        def inner(*args, **kw):
            for n in range(tries):
                try:
                    return fn(*args, **kw)
                except MlflowException as e:
                    if e.get_http_status_code() < 500 or n == tries - 1:
                        raise
                    wait = min(cap, base * 2**n) * (0.5 + random.random())
                    log.warning("%s failed, again in %.1fs: %s", fn.__name__, wait, e)
                    time.sleep(wait)

        return inner

    return deco
