from __future__ import annotations

import asyncio
import logging

import mlflow
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

log = logging.getLogger(__name__)


class Models:
    def __init__(self, alias: str, every: float = 60.0):
        self.alias = alias
        self.every = every
        self.client = MlflowClient()
        self._loaded: dict[str, tuple[str, mlflow.pyfunc.PyFuncModel]] = {}
        self._lock = asyncio.Lock()

    def _version(self, name: str) -> str:
        try:
            return self.client.get_model_version_by_alias(name, self.alias).version
        except MlflowException:
            versions = self.client.search_model_versions(f"name = '{name}'")
            return max(versions, key=lambda v: int(v.version)).version

    async def get(self, name: str):
        hit = self._loaded.get(name)
        return hit[1] if hit else await self._load(name)

    async def _load(self, name: str):
        async with self._lock:
            version = await asyncio.to_thread(self._version, name)
            hit = self._loaded.get(name)
            if hit and hit[0] == version:
                return hit[1]
            log.info("loading %s version %s", name, version)
            model = await asyncio.to_thread(mlflow.pyfunc.load_model, f"models:/{name}/{version}")
            self._loaded[name] = (version, model)
            return model

    async def refresh_forever(self):
        while True:
            await asyncio.sleep(self.every)
            for name in list(self._loaded):
                try:
                    await self._load(name)
                except MlflowException:
                    log.exception("refresh of %s failed", name)
