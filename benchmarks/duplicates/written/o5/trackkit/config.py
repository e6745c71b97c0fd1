"""Configuration: pyproject.toml of the user, then the environment."""
from __future__ import annotations

import getpass
import os
import typing as t
from dataclasses import dataclass, fields, replace
from pathlib import Path

try:
    import tomllib
except ImportError:  # py310
    import tomli as tomllib


@dataclass(frozen=True)
class Config:
    team: str = "unknown"
    cost_center: str = "0000"
    project: str = "default"
    tracking_uri: str = "https://mlflow.platform.local"
    retention_days: int = 90
    owner: str = ""
    artifact_root: t.Optional[str] = None

    @property
    def experiment_name(self) -> str:
        return f"{self.team}/{self.project}"


def find_pyproject(start: t.Optional[Path] = None) -> t.Optional[Path]:
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        candidate = folder / "pyproject.toml"
        if candidate.is_file():
            return candidate
    return None


def load_config(start: t.Optional[Path] = None, **overrides: t.Any) -> Config:
    config = Config(owner=getpass.getuser())
    path = find_pyproject(start)
    if path is not None:
        table = tomllib.loads(path.read_text()).get("tool", {}).get("trackkit", {})
        names = {f.name for f in fields(Config)}
        unknown = set(table) - names
        if unknown:
            raise ValueError(f"unknown keys in [tool.trackkit]: {', '.join(sorted(unknown))}")
        config = replace(config, **table)
    env = {
        f.name: os.environ[f"TRACKKIT_{f.name.upper()}"]
        for f in fields(Config)
        if f"TRACKKIT_{f.name.upper()}" in os.environ
    }
    if "retention_days" in env:
        env["retention_days"] = int(env["retention_days"])
    return replace(config, **env, **{k: v for k, v in overrides.items() if v is not None})
