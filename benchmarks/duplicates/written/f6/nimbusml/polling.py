"""Wait for things."""

import time

from nimbusml.exceptions import WaitTimeout


class Poller:
    """Asks again and again until a status is final."""

    def __init__(self, ask, final, every=5.0, timeout=3600.0, growth=1.5, most=60.0):
        self._ask = ask
        self._final = frozenset(final)
        self._every = every
        self._timeout = timeout
        self._growth = growth
        self._most = most

    def result(self):
        pause, until = self._every, time.monotonic() + self._timeout
        while True:
            status = self._ask()
            if status in self._final:
                return status
            if time.monotonic() + pause > until:
                raise WaitTimeout(f"still {status}")
            time.sleep(pause)
            pause = min(pause * self._growth, self._most)
