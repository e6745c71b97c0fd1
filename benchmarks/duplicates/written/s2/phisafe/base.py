"""BaseTracker: what every tracker can do. Knows MLflow, doesn't know PHI."""
from __future__ import annotations

import abc
import logging
import os
from typing import Any, Mapping, Optional

from mlflow.entities import Run, RunStatus
from mlflow.tracking import MlflowClient
from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID, MLFLOW_RUN_NAME

logger = logging.getLogger(__name__)


class BaseTracker(abc.ABC):
    experiment: str = "unnamed"

    def __init__(self, client: Optional[MlflowClient] = None) -> None:
        self._client = client or MlflowClient(os.environ["VISIO_TRACKING"])
        self._run: Optional[Run] = None
        self._experiment_id: Optional[str] = None

    # -- hooks -----------------------------------------------------------
    @abc.abstractmethod
    def _vet(self, mapping: Mapping[str, Any], where: str) -> dict[str, str]:
        ...

    # -- experiment ------------------------------------------------------
    @property
    def experiment_id(self) -> str:
        if self._experiment_id is None:
            self._experiment_id = self._resolve()
        return self._experiment_id

    def _resolve(self) -> str:
        exp = self._client.get_experiment_by_name(self.experiment)
        if exp is None:
            root = os.environ.get("VISIO_ARTIFACTS", "/mnt/ceph/mlruns")
            return self._client.create_experiment(
                self.experiment, artifact_location=f"{root}/{self.experiment}"
            )
        if exp.lifecycle_stage == "deleted":
            logger.warning("restoring experiment %s", self.experiment)
            self._client.restore_experiment(exp.experiment_id)
        return exp.experiment_id

    # -- runs ------------------------------------------------------------
    @property
    def run_id(self) -> str:
        if self._run is None:
            raise RuntimeError("no run is open")
        return self._run.info.run_id

    def slurm_tags(self) -> dict[str, str]:
        env = os.environ
        return {
            "slurm.job": env.get("SLURM_JOB_ID", "none"),
            "slurm.node": env.get("SLURMD_NODENAME", "none"),
            "slurm.partition": env.get("SLURM_JOB_PARTITION", "none"),
            "slurm.restarts": env.get("SLURM_RESTART_COUNT", "0"),
        }

    def open(self, name: str, tags: Optional[Mapping[str, Any]] = None) -> "BaseTracker":
        clean = self._vet(tags or {}, "tags")
        clean[MLFLOW_RUN_NAME] = name
        self._run = self._client.create_run(self.experiment_id, tags=clean)
        return self

    def child(self, name: str, level: str, **tags: Any) -> "BaseTracker":
        """A tracker for a new run right below this one."""
        other = type(self)(self._client)
        other.experiment = self.experiment
        own = self._vet(tags, "tags")
        own.update({MLFLOW_PARENT_RUN_ID: self.run_id, MLFLOW_RUN_NAME: name, "level": level})
        own["study"] = self._run.data.tags.get("study", "")
        other._run = self._client.create_run(self.experiment_id, tags=own)
        return other

    def parent(self) -> Optional[Run]:
        pid = self._run.data.tags.get(MLFLOW_PARENT_RUN_ID) if self._run else None
        return self._client.get_run(pid) if pid else None

    def metric(self, key: str, value: float, step: int = 0) -> None:
        self._client.log_metric(self.run_id, key, float(value), step=step)

    def params(self, **kw: Any) -> None:
        for k, v in self._vet(kw, "params").items():
            self._client.log_param(self.run_id, k, v)

    def close(self, ok: bool = True) -> None:
        status = RunStatus.FINISHED if ok else RunStatus.FAILED
        self._client.set_terminated(self.run_id, RunStatus.to_string(status))
        self._run = None

    def __enter__(self) -> "BaseTracker":
        return self

    def __exit__(self, et, ev, tb) -> None:
        if self._run is not None:
            self.close(ok=et is None)
