"""Where tokens come from."""

import os
import time

from nimbusml.exceptions import AuthError


class EnvToken:
    """A token from the environment."""

    def __init__(self, name="NIMBUS_TOKEN"):
        self._name = name

    def get(self):
        try:
            return os.environ[self._name]
        except KeyError:
            raise AuthError(f"set {self._name}") from None


class RefreshingToken:
    """A token that is asked for again before it expires."""

    def __init__(self, fetch, margin=60):
        self._fetch = fetch
        self._margin = margin
        self._token = None
        self._expires = 0.0

    def get(self):
        if self._token is None or time.time() > self._expires - self._margin:
            self._token, lifetime = self._fetch()
            self._expires = time.time() + lifetime
        return self._token
