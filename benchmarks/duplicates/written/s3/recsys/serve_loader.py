"""Used by the ranking service when it starts and every ten minutes after."""
from __future__ import annotations

import logging
import threading
import time
from typing import Any

import mlflow
from mlflow import MlflowClient

log = logging.getLogger("reco.loader")


class Loader:
    def __init__(self, name: str, tracking_uri: str) -> None:
        self.name = name
        self.client = MlflowClient(tracking_uri)
        self.model: Any = None
        self.run_id: str | None = None
        self._lock = threading.Lock()

    def _champion(self):
        rm = self.client.get_registered_model(self.name)
        version = rm.aliases.get("champion")
        if version is None:
            return None
        run_id = self.client.get_model_version(self.name, version).run_id
        return self.client.get_run(run_id)

    def refresh(self) -> bool:
        run = self._champion()
        if run is None or run.info.run_id == self.run_id:
            return False
        model = mlflow.pyfunc.load_model(f"models:/{self.name}@champion")
        with self._lock:
            self.model, self.run_id = model, run.info.run_id
        log.info("%s now from run %s", self.name, self.run_id)
        return True

    def serves(self, market: str) -> bool:
        if self.run_id is None:
            return False
        tags = self.client.get_run(self.run_id).data.tags
        allowed = set()
        if "markets" in tags:
            for part in tags["markets"].split(","):
                part = part.strip()
                if part:
                    allowed.add(part.upper())
        return market.upper() in allowed

    def loop(self, every: float = 600) -> None:
        while True:
            try:
                self.refresh()
            except Exception:
                log.exception("refresh")
            time.sleep(every)

    def predict(self, rows):
        with self._lock:
            if self.model is None:
                raise RuntimeError("no model yet")
            return self.model.predict(rows)
