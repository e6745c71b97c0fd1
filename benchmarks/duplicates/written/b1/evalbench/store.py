from __future__ import annotations

from functools import lru_cache
from typing import Iterator

from mlflow.entities import Run
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

from evalbench.types import Job

JUDGE = "eval.judge"
PROMPT_SHA = "eval.prompt_sha"
PROVIDER = "eval.provider"
SUITE = "eval.suite"
BATCH = "eval.batch_index"


class RunStore:
    """All access to evaluation runs goes through here."""

    def __init__(self, experiment: str, client: MlflowClient | None = None) -> None:
        self.client = client or MlflowClient()
        self.experiment = experiment

    @property
    def experiment_id(self) -> str:
        found = self.client.get_experiment_by_name(self.experiment)
        if found is None:
            try:
                return self.client.create_experiment(self.experiment)
            except MlflowException:
                found = self.client.get_experiment_by_name(self.experiment)
        return found.experiment_id

    def by_prompt(self, sha: str) -> Run | None:
        """Newest run of a prompt."""
        page = self.client.search_runs(
            [self.experiment_id],
            f"tags.`{PROMPT_SHA}` = '{sha}'",
            max_results=1,
            order_by=["attributes.start_time DESC"],
        )
        return next(iter(page), None)

    def suite(self, name: str) -> list[Run]:
        runs: list[Run] = []
        token = None
        while True:
            page = self.client.search_runs(
                [self.experiment_id], f"tags.`{SUITE}` = '{name}'", page_token=token
            )
            runs.extend(page)
            token = page.token
            if not token:
                return runs

    @staticmethod
    def judge(run: Run) -> str:
        """The judge model; old runs were all judged by gpt-4."""
        return run.data.tags.get(JUDGE, "gpt-4")

    @staticmethod
    def tags(job: Job) -> dict[str, str]:
        return {JUDGE: job.judge, PROMPT_SHA: job.prompt.sha, PROVIDER: job.provider, SUITE: job.suite}

    def open_batch(self, parent: Run, index: int) -> str:
        child = self.client.create_run(
            parent.info.experiment_id,
            run_name=f"{parent.info.run_name}-b{index:03d}",
            tags={"mlflow.parentRunId": parent.info.run_id, BATCH: str(index)},
        )
        return child.info.run_id


@lru_cache(maxsize=128)
def cached_prompt_run(experiment: str, sha: str) -> str | None:
    run = RunStore(experiment).by_prompt(sha)
    return None if run is None else run.info.run_id
