"""Stable keys of studies, trials and training runs."""

import hashlib
import json
from typing import Any, Mapping

_SKIPPED = {"output_dir", "logging", "seed_note"}


def _canonical(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(k): _canonical(v) for k, v in sorted(value.items()) if k not in _SKIPPED}
    if isinstance(value, (list, tuple)):
        return [_canonical(v) for v in value]
    if isinstance(value, float):
        return round(value, 12)
    return value


def canonical_json(value: Any) -> str:
    """The same text for equal values, whatever their order."""
    return json.dumps(_canonical(value), separators=(",", ":"), sort_keys=True)


def full_hash(value: Any) -> str:
    return hashlib.sha256(canonical_json(value).encode("utf-8")).hexdigest()


def study_key_hash(data: Mapping[str, Any], hpo: Mapping[str, Any], model: str) -> str:
    return full_hash({"data": data, "hpo": hpo, "model": model, "schema": 2})


def trial_key_hash(study_hash: str, params: Mapping[str, Any]) -> str:
    return full_hash({"study": study_hash, "params": params})


def short(value: str, length: int = 8) -> str:
    return value[:length]
