"""Context config: how a project wants to track."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import mlflow
from mlflow import MlflowClient


@dataclass
class ServerOptions:
    """Where the tracking server is."""

    tracking_uri: str | None = None
    registry_uri: str | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class ExperimentOptions:
    """The experiment that runs go to."""

    name: str = "Default"
    restore_if_deleted: bool = True
    artifact_location: str | None = None


@dataclass
class RunOptions:
    """How a run is opened."""

    id: str | None = None
    name: str | None = None
    nested: bool = True


@dataclass
class ParamOptions:
    """How parameters are logged."""

    flatten: bool = True
    sep: str = "."
    max_length: int = 500


@dataclass
class TrackingContext:
    """All options of the plug-in."""

    server: ServerOptions = field(default_factory=ServerOptions)
    experiment: ExperimentOptions = field(default_factory=ExperimentOptions)
    run: RunOptions = field(default_factory=RunOptions)
    params: ParamOptions = field(default_factory=ParamOptions)
    disabled_pipelines: list[str] = field(default_factory=list)

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> "TrackingContext":
        """Build the context from what a config file holds."""
        kinds = {
            "server": ServerOptions,
            "experiment": ExperimentOptions,
            "run": RunOptions,
            "params": ParamOptions,
        }
        values: dict[str, Any] = {}
        for key, value in raw.items():
            if key in kinds:
                known = {f.name for f in fields(kinds[key])}
                values[key] = kinds[key](**{k: v for k, v in value.items() if k in known})
            else:
                values[key] = value
        return cls(**values)

    @classmethod
    def from_project(cls, root: Path, env: str = "base") -> "TrackingContext":
        """Read mlflow.json of an environment, or take the defaults."""
        path = root / "conf" / env / "mlflow.json"
        if not path.is_file():
            return cls()
        return cls.from_dict(json.loads(path.read_text(encoding="utf-8")))

    def setup(self) -> str:
        """Point MLflow at the server and the experiment."""
        if self.server.tracking_uri:
            mlflow.set_tracking_uri(self.server.tracking_uri)
        if self.server.registry_uri:
            mlflow.set_registry_uri(self.server.registry_uri)
        return self._set_experiment()

    def _set_experiment(self) -> str:
        experiment = mlflow.get_experiment_by_name(self.experiment.name)
        if experiment is not None and experiment.lifecycle_stage == "deleted":
            if not self.experiment.restore_if_deleted:
                raise RuntimeError(f"experiment {self.experiment.name} is deleted")
            MlflowClient().restore_experiment(experiment.experiment_id)
        if experiment is None:
            mlflow.create_experiment(self.experiment.name, artifact_location=self.experiment.artifact_location)
        return mlflow.set_experiment(self.experiment.name).experiment_id
