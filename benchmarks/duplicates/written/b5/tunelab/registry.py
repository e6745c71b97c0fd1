"""Where studies and trials are kept. The only module that should search for runs."""

from __future__ import annotations

import subprocess
from typing import Optional

from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from tunelab.space import VERSION

T_STUDY = "tune.study"
T_TRIAL = "tune.trial"
T_WORKER = "tune.worker"
T_SPACE = "tune.space_version"
T_SEED = "tune.seed"
T_REV = "tune.git_rev"
T_HASH = "tune.config_hash"
T_WINNER = "tune.winner"


def revision() -> str:
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    return done.stdout.strip() or "none"


class StudyRegistry:
    def __init__(self, client: Optional[MlflowClient] = None, prefix: str = "tune/"):
        self._client = client or MlflowClient()
        self._prefix = prefix

    @property
    def client(self) -> MlflowClient:
        return self._client

    def experiment_for(self, study: str) -> str:
        name = self._prefix + study
        experiment = self._client.get_experiment_by_name(name)
        if experiment is None:
            return self._client.create_experiment(name)
        return experiment.experiment_id

    def tags_for(self, study: str, seed: int) -> dict[str, str]:
        return {
            T_STUDY: study,
            T_SPACE: str(VERSION),
            T_SEED: str(seed),
            T_REV: revision(),
        }

    def parent(self, study: str) -> Optional[Run]:
        """Newest parent run of a study."""
        runs = self._client.search_runs(
            [self.experiment_for(study)],
            f"tags.`{T_STUDY}` = '{study}' and tags.`tune.kind` = 'parent'",
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        return runs[0] if runs else None

    def parent_id(self, study: str) -> str:
        run = self.parent(study)
        if run is None:
            raise LookupError(study)
        return run.info.run_id

    def open_trial(self, parent: Run, index: int, worker: str) -> str:
        run = self._client.create_run(
            experiment_id=parent.info.experiment_id,
            run_name=f"t{index:04d}",
            tags={
                "mlflow.parentRunId": parent.info.run_id,
                T_STUDY: parent.data.tags[T_STUDY],
                T_TRIAL: str(index),
                T_WORKER: worker,
            },
        )
        return run.info.run_id

    def trial_with(self, experiment_id: str, config_hash: str) -> Optional[Run]:
        runs = self._client.search_runs(
            [experiment_id], f"tags.`{T_HASH}` = '{config_hash}'", max_results=1
        )
        return runs[0] if runs else None

    def winner(self, study: str) -> Optional[Run]:
        runs = self._client.search_runs(
            [self.experiment_for(study)],
            f"tags.`{T_STUDY}` = '{study}' and attributes.status = 'FINISHED'",
            order_by=["metrics.val_loss ASC"],
            max_results=1,
        )
        return runs[0] if runs else None

    def newest(self, experiment_id: str) -> Optional[Run]:
        runs = self._client.search_runs([experiment_id], order_by=["attributes.start_time DESC"], max_results=1)
        return runs[0] if runs else None

    def finished(self, study: str) -> list[Run]:
        found, token = [], None
        while True:
            page = self._client.search_runs(
                [self.experiment_for(study)], f"tags.`{T_STUDY}` = '{study}'", page_token=token
            )
            found += [r for r in page if "val_loss" in r.data.metrics]
            token = page.token
            if not token:
                break
        return found


def space_version(run: Run) -> int:
    value = run.data.tags.get(T_SPACE)
    return int(value) if value else 1
