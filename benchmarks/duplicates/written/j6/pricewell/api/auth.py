"""Keys of the shops. Good enough for the beta."""
import hashlib
import hmac
import os
import time

from fastapi import Header, HTTPException

SECRET = os.getenv("PW_SECRET", "dev").encode()
_calls = {}


def key_for(tenant: str) -> str:
    return hmac.new(SECRET, tenant.encode(), hashlib.sha256).hexdigest()[:32]


def check_key(x_tenant: str = Header(...), x_key: str = Header(...)):
    if not hmac.compare_digest(key_for(x_tenant), x_key):
        raise HTTPException(401, "wrong key")
    now = time.time()
    recent = [t for t in _calls.get(x_tenant, []) if now - t < 60]
    if len(recent) >= 120:
        raise HTTPException(429, "too many calls")
    _calls[x_tenant] = recent + [now]
    return x_tenant
