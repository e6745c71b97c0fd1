from __future__ import annotations

import hashlib
import json
from typing import Any, Mapping


def flatten(tree: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, value in tree.items():
        name = f"{prefix}.{key}" if prefix else str(key)
        if isinstance(value, Mapping):
            out.update(flatten(value, name))
        else:
            out[name] = value
    return out


def short_hash(value: Any, length: int = 12) -> str:
    blob = json.dumps(value, sort_keys=True, default=str).encode()
    return hashlib.blake2b(blob, digest_size=16).hexdigest()[:length]


def environment_tags() -> dict[str, str]:
    import platform

    import torch

    return {
        "env.python": platform.python_version(),
        "env.torch": torch.__version__,
        "env.host": platform.node(),
        "env.cuda": str(torch.cuda.is_available()),
    }


def human(n: float) -> str:
    for unit in ("", "k", "M", "G"):
        if abs(n) < 1000:
            return f"{n:.1f}{unit}"
        n /= 1000
    return f"{n:.1f}T"
