"""Abstract tracker, and the MLflow implementation of it."""
from __future__ import annotations

import abc
import logging
from typing import Mapping, Optional

from mlflow.entities import Run, ViewType
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import RESOURCE_ALREADY_EXISTS, ErrorCode
from mlflow.tracking import MlflowClient

from imgplat.core.types import DatasetHash, ExperimentId, RunId, TrackedRun, TrainingJob

_log = logging.getLogger(__name__)


class TrackerError(Exception):
    pass


class RunNotFound(TrackerError):
    pass


class AbstractTracker(abc.ABC):
    @abc.abstractmethod
    def experiment(self, name: str) -> ExperimentId: ...

    @abc.abstractmethod
    def find_by_dataset(self, experiment: ExperimentId, digest: DatasetHash) -> Optional[TrackedRun]: ...

    @abc.abstractmethod
    def best(self, experiment: ExperimentId, protocol: str) -> TrackedRun: ...

    @abc.abstractmethod
    def begin(self, experiment: ExperimentId, job: TrainingJob) -> RunId: ...

    @abc.abstractmethod
    def finish(self, run_id: RunId, ok: bool) -> None: ...


def to_tracked(run: Run) -> TrackedRun:
    return TrackedRun(RunId(run.info.run_id), run.info.status, dict(run.data.tags), dict(run.data.metrics))


class MlflowTracker(AbstractTracker):
    DIGEST_TAG = "lineage.dataset_sha256"
    PROTOCOL_TAG = "study.protocol"

    def __init__(self, client: Optional[MlflowClient] = None) -> None:
        self._client = client if client is not None else MlflowClient()
        self._cache: dict[str, ExperimentId] = {}

    def experiment(self, name: str) -> ExperimentId:
        if name in self._cache:
            return self._cache[name]
        try:
            eid = self._client.create_experiment(name)
        except MlflowException as exc:
            if exc.error_code != ErrorCode.Name(RESOURCE_ALREADY_EXISTS):
                raise TrackerError(f"cannot create {name}") from exc
            known = self._client.get_experiment_by_name(name)
            if known.lifecycle_stage == "deleted":
                self._client.restore_experiment(known.experiment_id)
            eid = known.experiment_id
        self._cache[name] = ExperimentId(eid)
        return self._cache[name]

    def find_by_dataset(self, experiment: ExperimentId, digest: DatasetHash) -> Optional[TrackedRun]:
        page = self._client.search_runs(
            experiment_ids=[experiment],
            filter_string=f"tags.`{self.DIGEST_TAG}` = '{digest}' and attributes.status = 'FINISHED'",
            run_view_type=ViewType.ACTIVE_ONLY,
            max_results=1,
            order_by=["attributes.start_time DESC"],
        )
        return to_tracked(page[0]) if page else None

    def best(self, experiment: ExperimentId, protocol: str) -> TrackedRun:
        page = self._client.search_runs(
            experiment_ids=[experiment],
            filter_string=f"tags.`{self.PROTOCOL_TAG}` = '{protocol}' and attributes.status = 'FINISHED'",
            run_view_type=ViewType.ACTIVE_ONLY,
            max_results=1,
            order_by=["metrics.dice_val DESC"],
        )
        if not page:
            raise RunNotFound(f"no finished run under protocol {protocol}")
        return to_tracked(page[0])

    def begin(self, experiment: ExperimentId, job: TrainingJob) -> RunId:
        run = self._client.create_run(
            experiment_id=experiment,
            run_name=f"{job.architecture}-{job.dataset.digest[:8]}",
            tags=self.lineage(job),
        )
        return RunId(run.info.run_id)

    def lineage(self, job: TrainingJob) -> Mapping[str, str]:
        return {
            self.DIGEST_TAG: job.dataset.digest,
            "lineage.dataset_name": job.dataset.name,
            "lineage.n_studies": str(job.dataset.n_studies),
            "lineage.modality": job.dataset.modality.value,
            self.PROTOCOL_TAG: job.study_protocol,
        }

    def finish(self, run_id: RunId, ok: bool) -> None:
        self._client.set_terminated(run_id, "FINISHED" if ok else "FAILED")


class NullTracker(AbstractTracker):
    """For unit tests at scanner sites without network."""

    def experiment(self, name: str) -> ExperimentId:
        return ExperimentId("0")

    def find_by_dataset(self, experiment: ExperimentId, digest: DatasetHash) -> Optional[TrackedRun]:
        return None

    def best(self, experiment: ExperimentId, protocol: str) -> TrackedRun:
        raise RunNotFound("null tracker")

    def begin(self, experiment: ExperimentId, job: TrainingJob) -> RunId:
        return RunId("null")

    def finish(self, run_id: RunId, ok: bool) -> None:
        _log.debug("null tracker: %s %s", run_id, ok)
