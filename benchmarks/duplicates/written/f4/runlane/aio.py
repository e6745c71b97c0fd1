"""Talk to a tracking server by HTTP without blocking."""

import asyncio
import os
import time

import aiohttp

from runlane import git
from runlane.errors import RunlaneError

API = "/api/2.0/mlflow/"


class AsyncTracker:
    """The few calls that the editor needs."""

    def __init__(self, base_uri, token=None):
        self._base = base_uri.rstrip("/") + API
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._session = None

    async def __aenter__(self):
        self._session = aiohttp.ClientSession(headers=self._headers)
        return self

    async def __aexit__(self, *exc):
        await self._session.close()

    async def _post(self, path, body):
        async with self._session.post(self._base + path, json=body) as answer:
            data = await answer.json()
            if answer.status >= 400:
                raise RunlaneError(data.get("message", str(answer.status)))
            return data

    async def _get(self, path, **params):
        async with self._session.get(self._base + path, params=params) as answer:
            data = await answer.json()
            if answer.status >= 400:
                raise RunlaneError(data.get("message", str(answer.status)))
            return data

    async def status(self, run_id):
        data = await self._get("runs/get", run_id=run_id)
        return data["run"]["info"]["status"]

    async def watch(self, run_id, every=2.0, timeout=3600.0):
        """Wait until a run is over and return its last status."""
        until = time.monotonic() + timeout
        while (status := await self.status(run_id)) in ("RUNNING", "SCHEDULED"):
            if time.monotonic() > until:
                raise asyncio.TimeoutError(run_id)
            await asyncio.sleep(every)
        return status

    async def create(self, experiment_id, project, command, user=None):
        """Make a run for a command that the editor starts."""
        now = int(time.time() * 1000)
        who = user or os.environ.get("RUNLANE_USER", "editor")
        body = {
            "experiment_id": experiment_id,
            "start_time": now,
            "tags": [
                {"key": "mlflow.user", "value": who},
                {"key": "mlflow.source.git.commit", "value": git.commit()},
                {"key": "runlane.project", "value": project},
                {"key": "runlane.command", "value": command},
            ],
        }
        data = await self._post("runs/create", body)
        return data["run"]["info"]["run_id"]

    async def tag(self, run_id, key):
        """Return one tag of a run, or None."""
        data = await self._get("runs/get", run_id=run_id)
        return next((t["value"] for t in data["run"]["data"].get("tags", []) if t["key"] == key), None)
