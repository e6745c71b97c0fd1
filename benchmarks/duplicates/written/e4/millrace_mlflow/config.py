"""The file `mlflow.yml` of a project."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any


@dataclass
class ExperimentOptions:
    """Which experiment takes the runs."""

    name: str = "Default"
    restore_if_deleted: bool = True
    artifact_location: str | None = None


@dataclass
class RunOptions:
    """How runs are made."""

    name: str | None = None
    nested: bool = True
    resume: bool = True


@dataclass
class MlflowConfig:
    """All options."""

    tracking_uri: str | None = None
    registry_uri: str | None = None
    env: str = "local"
    experiment: ExperimentOptions = field(default_factory=ExperimentOptions)
    run: RunOptions = field(default_factory=RunOptions)
    disabled_pipelines: list[str] = field(default_factory=list)

    def setup(self) -> None:
        """Point MLflow to the servers of the config."""
        import mlflow

        mlflow.set_tracking_uri(self.tracking_uri)
        if self.registry_uri:
            mlflow.set_registry_uri(self.registry_uri)

    def is_enabled(self, pipeline: str) -> bool:
        return pipeline not in self.disabled_pipelines


def _build(cls: type, raw: dict[str, Any]) -> Any:
    known = {f.name for f in fields(cls)}
    unknown = set(raw) - known
    if unknown:
        raise ValueError(f"{cls.__name__} has no {sorted(unknown)}")
    return cls(**raw)


def load_config(path: str | Path = "conf/mlflow.yml") -> MlflowConfig:
    """Read the config. A missing file gives the defaults."""
    import yaml

    path = Path(path)
    raw = yaml.safe_load(path.read_text()) if path.exists() else {}
    raw = dict(raw or {})
    experiment = _build(ExperimentOptions, raw.pop("experiment", {}))
    run = _build(RunOptions, raw.pop("run", {}))
    config = _build(MlflowConfig, raw)
    config.experiment, config.run = experiment, run
    return config
