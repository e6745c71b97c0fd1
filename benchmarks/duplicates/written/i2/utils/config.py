"""Config files."""

from pathlib import Path
from typing import Any, Dict

import yaml


def deep_merge(base: Dict[str, Any], other: Dict[str, Any]) -> Dict[str, Any]:
    merged = dict(base)
    for key, value in other.items():
        if isinstance(value, dict) and isinstance(merged.get(key), dict):
            merged[key] = deep_merge(merged[key], value)
        else:
            merged[key] = value
    return merged


def load(folder: Path, name: str) -> Dict[str, Any]:
    """`base.yaml` with the named file on top."""
    base = yaml.safe_load((folder / "base.yaml").read_text()) or {}
    own = folder / f"{name}.yaml"
    if own.exists():
        base = deep_merge(base, yaml.safe_load(own.read_text()) or {})
    return base
