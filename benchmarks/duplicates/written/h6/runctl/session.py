"""The client, made once, and a small cache on disk."""
from __future__ import annotations

import functools
import json
import os
import time
from pathlib import Path
from typing import Any, Callable

from mlflow.tracking import MlflowClient

CACHE = Path(os.environ.get("RUNCTL_CACHE", Path.home() / ".cache" / "runctl"))


@functools.lru_cache(maxsize=None)
def client() -> MlflowClient:
    return MlflowClient(os.environ.get("MLFLOW_TRACKING_URI"))


def cached(name: str, seconds: int, make: Callable[[], Any]) -> Any:
    """A value from disk, made anew when it is too old."""
    path = CACHE / f"{name}.json"
    if path.exists() and time.time() - path.stat().st_mtime < seconds:
        return json.loads(path.read_text())
    value = make()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value))
    return value


def forget() -> int:
    count = 0
    for path in CACHE.glob("*.json"):
        path.unlink()
        count += 1
    return count
