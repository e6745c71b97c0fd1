"""Settings: environment > pyproject.toml > defaults."""
from __future__ import annotations

import os
import sys
from dataclasses import dataclass, fields, replace
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:  # pragma: no cover
    import tomli as tomllib


@dataclass(frozen=True)
class Settings:
    experiment: str = "shelf"
    tracking_uri: str = ""
    metric: str = "val_loss"
    host: str = "127.0.0.1"
    port: int = 8723
    page_size: int = 100


def _from_env(s: Settings) -> Settings:
    changes = {}
    for f in fields(s):
        raw = os.environ.get(f"MLFLOW_SHELF_{f.name.upper()}")
        if raw is not None:
            changes[f.name] = int(raw) if f.type in (int, "int") else raw
    return replace(s, **changes)


def _from_pyproject(s: Settings, start: Path) -> Settings:
    for folder in (start, *start.parents):
        file = folder / "pyproject.toml"
        if file.is_file():
            table = tomllib.loads(file.read_text()).get("tool", {}).get("mlflow-shelf", {})
            known = {f.name for f in fields(s)}
            return replace(s, **{k: v for k, v in table.items() if k in known})
    return s


def load(start: Path | None = None) -> Settings:
    return _from_env(_from_pyproject(Settings(), start or Path.cwd()))
