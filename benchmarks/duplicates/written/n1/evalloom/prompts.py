"""Versions of prompts, kept as runs of the kind "prompt"."""

from __future__ import annotations

import mlflow
from mlflow.tracking import MlflowClient

from evalloom.config import KIND_TAG
from evalloom.tracking import ensure_experiment
from evalloom.types import PromptVersion

PROMPT_EXPERIMENT = "evalloom-prompts"


class PromptStore:
    """Save and load prompts."""

    def __init__(self, client: MlflowClient | None = None) -> None:
        self._client = client or MlflowClient()
        self._experiment_id = ensure_experiment(PROMPT_EXPERIMENT)

    def load(self, name: str) -> PromptVersion:
        """The newest version of a prompt."""
        runs = self._client.search_runs(
            [self._experiment_id],
            f"tags.`{KIND_TAG}` = 'prompt' and tags.`prompt.name` = '{name}'",
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        if not runs:
            raise KeyError(name)
        run = runs[0]
        template = mlflow.artifacts.load_text(f"{run.info.artifact_uri}/prompt.txt")
        return PromptVersion(name, int(run.data.tags["prompt.version"]), template)

    def save(self, name: str, template: str, author: str = "") -> PromptVersion:
        try:
            version = self.load(name).version + 1
        except KeyError:
            version = 1
        run = self._client.create_run(
            self._experiment_id,
            run_name=f"{name}-v{version}",
            tags={
                KIND_TAG: "prompt",
                "prompt.name": name,
                "prompt.version": str(version),
                "prompt.author": author,
            },
        )
        self._client.log_text(run.info.run_id, template, "prompt.txt")
        self._client.set_terminated(run.info.run_id)
        return PromptVersion(name, version, template)

    def names(self) -> list[str]:
        runs = self._client.search_runs(
            [self._experiment_id], f"tags.`{KIND_TAG}` = 'prompt'", max_results=5000
        )
        return sorted({run.data.tags["prompt.name"] for run in runs})
