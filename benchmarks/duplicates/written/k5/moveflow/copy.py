"""Copy by the MLflow client, from server to server."""

from __future__ import annotations

import logging
import tempfile
from dataclasses import dataclass, field

from mlflow import MlflowClient
from mlflow.entities import Experiment, Metric, Param, Run, RunStatus, ViewType

from moveflow.tags import PARENT, SOURCE_EXPERIMENT, SOURCE_RUN, parent_of, portable, source_tags

log = logging.getLogger(__name__)


@dataclass
class Summary:
    """What a move did."""

    copied: int = 0
    skipped: int = 0
    failed: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.copied} copied, {self.skipped} skipped, {len(self.failed)} failed"


def target_experiment(client: MlflowClient, source: Experiment, name: str | None = None) -> str:
    """The experiment in the target, made when missing."""
    name = name or source.name
    existing = client.get_experiment_by_name(name)
    if existing is not None:
        return existing.experiment_id
    return client.create_experiment(name, tags={SOURCE_EXPERIMENT: source.experiment_id})


def iter_runs(client: MlflowClient, experiment_id: str, deleted: bool = False):  # type: ignore[no-untyped-def]
    """All runs of an experiment, oldest first."""
    view = ViewType.ALL if deleted else ViewType.ACTIVE_ONLY
    page = client.search_runs([experiment_id], "", view, max_results=500, order_by=["start_time ASC"])
    while page:
        yield from page
        if not page.token:
            break
        page = client.search_runs(
            [experiment_id], "", view, max_results=500, order_by=["start_time ASC"], page_token=page.token
        )


class RunCopier:
    """Copies runs and keeps their family ties."""

    def __init__(self, source: MlflowClient, target: MlflowClient, artifacts: bool = True) -> None:
        self.source = source
        self.target = target
        self.artifacts = artifacts
        self.ids: dict[str, str] = {}

    def existing(self, experiment_id: str, run_id: str) -> str | None:
        """The copy that is there already."""
        hits = self.target.search_runs(
            [experiment_id],
            filter_string=f"tags.`{SOURCE_RUN}` = '{run_id}'",
            max_results=1,
        )
        return hits[0].info.run_id if hits else None

    def copy(self, run: Run, experiment_id: str) -> str:
        """Copy one run with all that it holds."""
        tags = portable(run.data.tags)
        tags.update(source_tags(run, self.source.tracking_uri))
        parent = parent_of(run)
        if parent in self.ids:
            tags[PARENT] = self.ids[parent]
        new = self.target.create_run(
            experiment_id, start_time=run.info.start_time, tags=tags, run_name=run.info.run_name
        )
        run_id = new.info.run_id
        self.ids[run.info.run_id] = run_id
        self._data(run, run_id)
        if self.artifacts:
            self._artifacts(run.info.run_id, run_id)
        self.target.set_terminated(run_id, run.info.status, run.info.end_time)
        return run_id

    def _data(self, run: Run, run_id: str) -> None:
        params = [Param(k, v) for k, v in run.data.params.items()]
        for i in range(0, len(params), 100):
            self.target.log_batch(run_id, params=params[i : i + 100])
        for key in run.data.metrics:
            history = self.source.get_metric_history(run.info.run_id, key)
            metrics = [Metric(m.key, m.value, m.timestamp, m.step) for m in history]
            for i in range(0, len(metrics), 1000):
                self.target.log_batch(run_id, metrics=metrics[i : i + 1000])

    def _artifacts(self, old: str, new: str) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for item in self.source.list_artifacts(old):
                self.source.download_artifacts(old, item.path, folder)
            self.target.log_artifacts(new, folder)

    def copy_experiment(self, name: str, new_name: str | None = None) -> Summary:
        """Copy all runs of an experiment, parents first."""
        source = self.source.get_experiment_by_name(name)
        if source is None:
            raise LookupError(name)
        experiment_id = target_experiment(self.target, source, new_name)
        summary = Summary()
        runs = list(iter_runs(self.source, source.experiment_id))
        runs.sort(key=lambda r: (parent_of(r) is not None, r.info.start_time))
        for run in runs:
            done = self.existing(experiment_id, run.info.run_id)
            if done is not None:
                self.ids[run.info.run_id] = done
                summary.skipped += 1
                continue
            try:
                self.copy(run, experiment_id)
                summary.copied += 1
            except Exception:
                log.exception("cannot copy %s", run.info.run_id)
                summary.failed.append(run.info.run_id)
        return summary


def rollback(client: MlflowClient, experiment_id: str) -> int:
    """Delete all copies in an experiment."""
    n = 0
    for run in iter_runs(client, experiment_id):
        if SOURCE_RUN in run.data.tags:
            client.delete_run(run.info.run_id)
            n += 1
    return n


def close_open_copies(client: MlflowClient, experiment_id: str) -> None:
    """Close copies that a broken move has left open."""
    for run in client.search_runs([experiment_id], "attributes.status = 'RUNNING'"):
        if run.data.tags.get(SOURCE_RUN):
            client.set_terminated(run.info.run_id, RunStatus.to_string(RunStatus.KILLED))
