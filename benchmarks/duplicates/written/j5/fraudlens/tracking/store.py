"""The new tracking module."""
from __future__ import annotations

import logging
import os
import time
from contextlib import contextmanager
from functools import lru_cache
from typing import Iterator, Mapping, Optional

from mlflow import MlflowClient
from mlflow.entities import Run, ViewType
from mlflow.exceptions import MlflowException, RestException

log = logging.getLogger(__name__)


class RunStore:
    def __init__(self, experiment: str = "fraudlens", client: Optional[MlflowClient] = None):
        self.experiment = experiment
        self.client = client or MlflowClient()

    @property
    def experiment_id(self) -> str:
        found = self.client.get_experiment_by_name(self.experiment)
        if found is not None:
            return found.experiment_id
        try:
            return self.client.create_experiment(self.experiment)
        except RestException:
            # somebody else was faster
            return self.client.get_experiment_by_name(self.experiment).experiment_id

    def latest_prod(self, model: str) -> Optional[Run]:
        page = self.client.search_runs(
            [self.experiment_id],
            filter_string=(
                f"tags.model = '{model}' AND tags.stage = 'prod' "
                "AND attributes.status = 'FINISHED'"
            ),
            run_view_type=ViewType.ACTIVE_ONLY,
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        return next(iter(page), None)

    def locate(self, ref: str) -> Run:
        """A run by whatever a person types: id, release tag, name, or just the newest."""
        try:
            return self.client.get_run(ref)
        except MlflowException:
            log.debug("%s is no run id", ref)
        for flt in (f"tags.release = '{ref}'", f"attributes.run_name = '{ref}'", ""):
            runs = self.client.search_runs([self.experiment_id], flt, order_by=["attributes.start_time DESC"], max_results=1)
            if runs:
                return runs[0]
        raise LookupError(ref)

    def cheapest(self, model: str) -> Optional[Run]:
        runs = self.client.search_runs([self.experiment_id], f"tags.model = '{model}' and metrics.cost > 0",
                                       order_by=["metrics.cost ASC"], max_results=1)
        return runs[0] if runs else None

    @contextmanager
    def run(self, name: str, tags: Mapping[str, str]) -> Iterator[Run]:
        run = self.client.create_run(self.experiment_id, tags=dict(tags), run_name=name)
        try:
            yield run
        except BaseException:
            self.client.set_terminated(run.info.run_id, "FAILED")
            raise
        self.client.set_terminated(run.info.run_id)

    def close_stale(self, hours: float = 6) -> int:
        before = int((time.time() - hours * 3600) * 1000)
        stale = self.client.search_runs([self.experiment_id], f"attributes.status = 'RUNNING' and attributes.start_time < {before}")
        for run in stale:
            self.client.set_terminated(run.info.run_id, "KILLED")
        return len(stale)


@lru_cache(maxsize=None)
def default_store() -> RunStore:
    return RunStore(os.environ.get("FRAUDLENS_EXPERIMENT", "fraudlens"))
