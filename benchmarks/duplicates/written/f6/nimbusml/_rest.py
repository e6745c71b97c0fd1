"""Calls of the service."""

import time

import requests

from nimbusml.exceptions import AuthError, NimbusError, NotFound


class Rest:
    """A session with retries."""

    def __init__(self, base, token, retries=3):
        self._base = base.rstrip("/")
        self._token = token
        self._retries = retries
        self._session = requests.Session()

    def call(self, method, path, **kwargs):
        headers = {"Authorization": f"Bearer {self._token.get()}"}
        for attempt in range(self._retries + 1):
            answer = self._session.request(
                method, f"{self._base}/{path}", headers=headers, timeout=60, **kwargs
            )
            if answer.status_code in (429, 502, 503) and attempt < self._retries:
                time.sleep(2**attempt)
                continue
            break
        if answer.status_code in (401, 403):
            raise AuthError(answer.text)
        if answer.status_code == 404:
            raise NotFound(path)
        if answer.status_code >= 400:
            raise NimbusError(f"{answer.status_code}: {answer.text}")
        return answer.json() if answer.content else None

    def pages(self, path, key, **params):
        while True:
            data = self.call("GET", path, params=params)
            yield from data[key]
            if not data.get("next"):
                return
            params["cursor"] = data["next"]
