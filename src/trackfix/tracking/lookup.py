"""The strategies of the finder: each asks one question, and says what came of it."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trackfix.tracking.errors import (
    ExperimentNotFoundError,
    RunNotFoundError,
    TrackingError,
    mlflow_errors,
    redacted,
)
from trackfix.tracking.experiments import resolve_experiment_id
from trackfix.tracking.index import store_of
from trackfix.tracking.lookup_report import Attempt
from trackfix.tracking.queries import TagValue, iter_runs, query_runs_by_tags, tag_text

if TYPE_CHECKING:
    from mlflow.entities import Run
    from mlflow.tracking import MlflowClient

    from trackfix.tracking.index import RunIndex
    from trackfix.tracking.naming import NamingContext
    from trackfix.tracking.tag_keys import TagKeys

logger = logging.getLogger("trackfix.tracking")

METADATA_FILE = "metadata.json"

# A trial has few folds, so that they and the trial itself come in one answer.
_RUNS_OF_A_TRIAL = 100


class Lookup:
    """Where a run may be, and what it must carry; a method for each way to look for it.

    Every method returns an attempt. What it raises is an error of the server.
    """

    def __init__(
        self,
        client: MlflowClient,
        keys: TagKeys,
        experiment_id: str | None,
        tags: Mapping[str, TagValue],
    ) -> None:
        self._client = client
        self._keys = keys
        self._experiment_id = experiment_id
        self._wanted = {key: tag_text(key, value) for key, value in tags.items()}

    def by_run_id(self, strategy: str, run_id: str | None, key_hash: str | None = None) -> Attempt:
        if not run_id:
            return Attempt(strategy, "skipped", "none was given")
        try:
            # An id that MLflow rejects is the id of no run.
            with mlflow_errors(
                f"reading run {run_id}", missing=RunNotFoundError, invalid=RunNotFoundError
            ):
                run = self._client.get_run(run_id)
        except RunNotFoundError as error:
            return Attempt(strategy, "not found", f"there is no run {run_id}", error=error)
        objection = self._objection(run, key_hash)
        if objection:
            return Attempt(strategy, "rejected", f"run {run_id} {objection}")
        return Attempt(strategy, "found", run_id=run_id)

    def by_metadata(
        self, output_dir: str | os.PathLike[str] | None, key_hash: str | None
    ) -> Attempt:
        strategy = "metadata"
        if output_dir is None:
            return Attempt(strategy, "skipped", "no output_dir was given")
        path = Path(output_dir) / METADATA_FILE
        try:
            run_id, uri = _recorded_run(path)
        except FileNotFoundError:
            return Attempt(strategy, "not found", f"there is no {path}")
        except (OSError, ValueError) as error:
            return self._unreadable(strategy, f"{path} can't be read: {error}", error)
        if run_id is None:
            return Attempt(strategy, "not found", f"{path} names no run")
        if uri is not None and store_of(uri) != self._store:
            return Attempt(strategy, "rejected", f"run {run_id} is in {redacted(uri)}")
        return self.by_run_id(strategy, run_id, key_hash)

    def by_index(self, index: RunIndex | None, key_hash: str | None) -> Attempt:
        strategy = "index"
        if index is None or key_hash is None:
            missing = "index" if index is None else "run-key hash"
            return Attempt(strategy, "skipped", f"no {missing} was given")
        try:
            entries = index.entries(key_hash)
        except TrackingError as error:
            return self._unreadable(strategy, str(error), error)
        for entry in entries:
            if entry.store == self._store:
                return self.by_run_id(strategy, entry.run_id, key_hash)
        if entries:
            stores = ", ".join(entry.store for entry in entries)
            return Attempt(strategy, "rejected", f"it is known only of {stores}")
        return Attempt(strategy, "not found")

    def by_key_hash(self, key_hash: str | None) -> Attempt:
        strategy = "run_key_hash"
        if key_hash is None:
            return Attempt(strategy, "skipped", "neither a context nor a hash was given")
        return self._newest(strategy, {self._keys.run_key_hash: key_hash})

    def by_context(self, context: NamingContext | None) -> Attempt:
        strategy = "tags"
        if context is None or context.spec_fp is None:
            return Attempt(strategy, "skipped", "no context with a spec fingerprint was given")
        values = context.values()
        names = ("stage", "model", "env", "spec_fp", "variant")
        tags = {getattr(self._keys, name): values[name] for name in names if name in values}
        return self._newest(strategy, tags)

    def by_run_name(self, run_name: str | None) -> Attempt:
        strategy = "run_name"
        if not run_name:
            return Attempt(strategy, "skipped", "none was given")
        return self._newest(strategy, {self._keys.run_name: run_name})

    def by_time(self, *, anything_goes: bool) -> Attempt:
        strategy = "most_recent"
        if not self._wanted and not anything_goes:
            return Attempt(strategy, "skipped", "without tags it would be an unrelated run")
        return self._newest(strategy, {})

    def by_trial_id(self, trial_id: str) -> Attempt:
        strategy = "trial_id"
        experiment_id, why_not = self._searched_experiment()
        if experiment_id is None:
            return Attempt(strategy, "skipped", why_not)
        tags = {**self._wanted, self._keys.trial_id: trial_id}
        found = 0
        for run in iter_runs(
            experiment_id, tags=tags, page_size=_RUNS_OF_A_TRIAL, client=self._client
        ):
            if self._keys.fold not in run.data.tags:
                return Attempt(strategy, "found", run_id=run.info.run_id)
            found += 1
        return Attempt(strategy, "not found", f"only {found} folds of it" if found else "")

    def _newest(self, strategy: str, tags: Mapping[str, str]) -> Attempt:
        experiment_id, why_not = self._searched_experiment()
        if experiment_id is None:
            return Attempt(strategy, "skipped", why_not)
        for key, value in tags.items():
            if self._wanted.get(key, value) != value:
                both = f"tag {key!r} can't be {value!r} and {self._wanted[key]!r}"
                return Attempt(strategy, "not found", both)
        runs = query_runs_by_tags(
            experiment_id, {**self._wanted, **tags}, max_results=1, client=self._client
        )
        if not runs:
            return Attempt(strategy, "not found", f"in experiment {experiment_id}")
        return Attempt(strategy, "found", run_id=runs[0].info.run_id)

    def _searched_experiment(self) -> tuple[str | None, str]:
        try:
            return resolve_experiment_id(experiment_id=self._experiment_id, client=self._client), ""
        except ExperimentNotFoundError as error:
            return None, str(error)

    def _objection(self, run: Run, key_hash: str | None) -> str | None:
        if run.info.lifecycle_stage == "deleted":
            return "is deleted"
        experiment_id = run.info.experiment_id
        if self._experiment_id not in (None, experiment_id):
            return f"is in experiment {experiment_id}, not in {self._experiment_id}"
        tags = run.data.tags
        for key, value in self._wanted.items():
            if tags.get(key) != value:
                return f"has {tags.get(key)!r} for tag {key!r}, not {value!r}"
        if key_hash is not None and tags.get(self._keys.run_key_hash, key_hash) != key_hash:
            return "has another run-key hash"
        return None

    @property
    def _store(self) -> str:
        return store_of(self._client.tracking_uri)

    def _unreadable(self, strategy: str, detail: str, error: Exception) -> Attempt:
        logger.warning("a run is looked for without its %s: %s", strategy, detail)
        return Attempt(strategy, "error", detail, error=error)


def _recorded_run(path: Path) -> tuple[str | None, str | None]:
    """The run id and the tracking URI in a metadata file; ValueError if it has another form."""
    content: Any = json.loads(path.read_text(encoding="utf-8"))
    section = content.get("mlflow", content) if isinstance(content, dict) else None
    if not isinstance(section, dict):
        raise ValueError("it holds no mapping")
    found = section.get("run_id") or section.get("mlflow_run_id"), section.get("tracking_uri")
    if not all(value is None or isinstance(value, str) for value in found):
        raise ValueError("run_id and tracking_uri must be text")
    return found
