"""Feature flags, read from the environment."""
import os

_TRUE = {"1", "true", "yes", "on"}
_DEFAULTS = {"NEW_TRACKING": False, "SHADOW_WRITE": False, "STRICT_SCHEMA": True}


def enabled(name):
    raw = os.environ.get("FRAUDLENS_" + name)
    if raw is None:
        return _DEFAULTS.get(name, False)
    return raw.strip().lower() in _TRUE


def snapshot():
    return {name: enabled(name) for name in sorted(_DEFAULTS)}
