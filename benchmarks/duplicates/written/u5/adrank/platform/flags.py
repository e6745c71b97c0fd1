"""Feature flags."""
import hashlib
import json
import os
import threading
import time
import typing as t

import redis

_REDIS_URL = os.getenv("FLAGS_REDIS", "redis://flags:6379/2")


class FeatureFlags:
    """Read-only view on the flag store with a local cache."""

    def __init__(self, ttl: float = 15.0, conn: t.Optional["redis.Redis"] = None) -> None:
        self._ttl = ttl
        self._conn = conn or redis.Redis.from_url(_REDIS_URL)
        self._local: t.Dict[str, t.Tuple[float, t.Any]] = {}
        self._lock = threading.RLock()

    def _load(self, flag: str) -> t.Any:
        with self._lock:
            hit = self._local.get(flag)
            if hit is not None and time.monotonic() - hit[0] < self._ttl:
                return hit[1]
        raw = self._conn.get(f"flag:{flag}")
        value = json.loads(raw) if raw else None
        with self._lock:
            self._local[flag] = (time.monotonic(), value)
        return value

    def enabled(self, flag: str, tenant: str) -> bool:
        value = self._load(flag)
        if value is None:
            return False
        if isinstance(value, bool):
            return value
        if tenant in value.get("tenants", ()):
            return True
        bucket = int(hashlib.md5(f"{flag}:{tenant}".encode()).hexdigest(), 16) % 100
        return bucket < value.get("percent", 0)


flags = FeatureFlags()
