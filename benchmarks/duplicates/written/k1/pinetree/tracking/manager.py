"""Manual tracking of studies and trials."""

from __future__ import annotations

import logging
from typing import Any

from mlflow import MlflowClient
from mlflow.entities import Run, ViewType
from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID, MLFLOW_RUN_NAME

from pinetree.config import StudyConfig

log = logging.getLogger(__name__)

TAG_STUDY = "pinetree.study"
TAG_KIND = "pinetree.kind"
TAG_TRIAL = "pinetree.trial"
TAG_SAMPLER = "pinetree.sampler"
TAG_VERSION = "pinetree.version"


def ensure_experiment(client: MlflowClient, name: str) -> str:
    """The id of the experiment, made or restored when needed."""
    found = client.get_experiment_by_name(name)
    if found is None:
        return client.create_experiment(name)
    if found.lifecycle_stage == "deleted":
        log.info("restoring experiment %s", name)
        client.restore_experiment(found.experiment_id)
    return found.experiment_id


def trial_number(run: Run) -> int:
    """The number of the trial, -1 for runs that are no trial."""
    raw = run.data.tags.get(TAG_TRIAL)
    return int(raw) if raw is not None else -1


def trial_tags(number: int, sampler: str) -> dict[str, str]:
    """The tags that each trial carries."""
    from pinetree import __version__

    return {
        TAG_KIND: "trial",
        TAG_TRIAL: str(number),
        TAG_SAMPLER: sampler,
        TAG_VERSION: __version__,
    }


class StudyTracker:
    """Keeps a study's run and the runs of its trials."""

    def __init__(self, config: StudyConfig, client: MlflowClient | None = None) -> None:
        self.config = config
        self.client = client or MlflowClient(tracking_uri=config.tracking_uri)
        self.experiment_id = ensure_experiment(self.client, config.experiment)
        self.study_run_id: str | None = None

    def find_study(self, key: str) -> Run | None:
        """The run of an earlier start of the same study."""
        runs = self.client.search_runs(
            [self.experiment_id],
            filter_string=f"tags.`{TAG_STUDY}` = '{key}' and tags.`{TAG_KIND}` = 'study'",
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        return runs[0] if runs else None

    def open_study(self) -> str:
        """Resume the study's run or start a new one."""
        earlier = self.find_study(self.config.key)
        if earlier is not None:
            self.client.update_run(earlier.info.run_id, status="RUNNING")
            self.study_run_id = earlier.info.run_id
            return self.study_run_id
        run = self.client.create_run(
            self.experiment_id,
            run_name=self.config.name,
            tags={TAG_STUDY: self.config.key, TAG_KIND: "study"},
        )
        self.study_run_id = run.info.run_id
        self.client.log_param(self.study_run_id, "metric", self.config.metric)
        self.client.log_param(self.study_run_id, "direction", self.config.direction)
        return self.study_run_id

    def start_trial(self, number: int, params: dict[str, Any]) -> str:
        """A child run for one trial."""
        tags = trial_tags(number, self.config.sampler)
        tags[MLFLOW_PARENT_RUN_ID] = self.study_run_id
        tags[MLFLOW_RUN_NAME] = f"{self.config.name}-{number}"
        run = self.client.create_run(self.experiment_id, tags=tags)
        for name, value in params.items():
            self.client.log_param(run.info.run_id, name, value)
        return run.info.run_id

    def end_trial(self, run_id: str, metrics: dict[str, float], ok: bool = True) -> None:
        """Log the metrics and close the trial."""
        for name, value in metrics.items():
            self.client.log_metric(run_id, name, value)
        self.client.set_terminated(run_id, "FINISHED" if ok else "FAILED")

    def trials(self) -> list[Run]:
        """All trials of the study, in their order."""
        token, runs = None, []
        while True:
            page = self.client.search_runs(
                [self.experiment_id],
                f"tags.`{MLFLOW_PARENT_RUN_ID}` = '{self.study_run_id}'",
                run_view_type=ViewType.ACTIVE_ONLY,
                page_token=token,
            )
            runs.extend(page)
            token = page.token
            if not token:
                break
        return sorted(runs, key=trial_number)

    def best_trial(self, study_run_id: str | None = None) -> Run | None:
        """The best finished trial by the study's metric."""
        order = "DESC" if self.config.direction == "maximize" else "ASC"
        parent = study_run_id or self.study_run_id
        best = self.client.search_runs(
            [self.experiment_id],
            f"tags.`{MLFLOW_PARENT_RUN_ID}` = '{parent}' and attributes.status = 'FINISHED'",
            order_by=[f"metrics.`{self.config.metric}` {order}"],
            max_results=1,
        )
        return best[0] if best else None

    def best_params(self) -> dict[str, str]:
        """The params of the best trial."""
        best = self.best_trial()
        return dict(best.data.params) if best else {}

    def close_stale(self, older_than_ms: int, now_ms: int) -> int:
        """Fail trials whose worker has died."""
        n = 0
        for run in self.trials():
            if run.info.status == "RUNNING" and now_ms - run.info.start_time > older_than_ms:
                self.client.set_terminated(run.info.run_id, status="KILLED")
                n += 1
        return n
