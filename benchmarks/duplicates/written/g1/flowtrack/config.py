"""The settings of flowtrack, read from conf/base/flowtrack.yml."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml


class Tag:
    """Names of the tags that flowtrack writes."""

    PIPELINE = "flowtrack.pipeline"
    ENV = "flowtrack.env"
    KEDRO_VERSION = "flowtrack.kedro_version"
    SESSION = "flowtrack.session_id"
    NODES = "flowtrack.nodes"
    PARAMS_HASH = "flowtrack.params_hash"
    LINEAGE = "flowtrack.lineage"


@dataclass
class ExperimentConfig:
    name: str = "Default"
    artifact_location: str | None = None
    restore_if_deleted: bool = True


@dataclass
class TrackingConfig:
    uri: str | None = None
    experiment: ExperimentConfig = field(default_factory=ExperimentConfig)
    long_params: str = "truncate"
    disabled_pipelines: list[str] = field(default_factory=list)
    flatten_params: bool = False
    separator: str = "."

    @property
    def tracking_uri(self) -> str | None:
        return self.uri or os.environ.get("MLFLOW_TRACKING_URI")


def load_config(path: str | Path = "conf/base/flowtrack.yml") -> TrackingConfig:
    """Read the settings, or give the defaults when there is no file."""
    path = Path(path)
    if not path.exists():
        return TrackingConfig()
    raw: dict[str, Any] = yaml.safe_load(path.read_text()) or {}
    experiment = ExperimentConfig(**raw.pop("experiment", {}))
    return TrackingConfig(experiment=experiment, **raw)


def flatten(params: dict[str, Any], sep: str = ".", prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in params.items():
        name = f"{prefix}{sep}{key}" if prefix else str(key)
        if isinstance(value, dict) and value:
            flat.update(flatten(value, sep, name))
        else:
            flat[name] = value
    return flat
