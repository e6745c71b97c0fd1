"""Prompt versions.

Prompts lived in run tags before MLflow had a prompt registry; `PromptStore` still
serves both.
"""
from __future__ import annotations

import hashlib
import logging
import re
from dataclasses import dataclass

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Run
from mlflow.exceptions import MlflowException

logger = logging.getLogger(__name__)
_VAR = re.compile(r"{{\s*(\w+)\s*}}")


class PromptNotFound(KeyError):
    ...


@dataclass(frozen=True, slots=True)
class Prompt:
    name: str
    version: int
    template: str

    @property
    def variables(self) -> set[str]:
        return set(_VAR.findall(self.template))

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.template.encode()).hexdigest()[:12]

    def render(self, **values: str) -> str:
        missing = self.variables - values.keys()
        if missing:
            raise ValueError(f"missing prompt variables: {sorted(missing)}")
        return _VAR.sub(lambda m: str(values[m.group(1)]), self.template)


class PromptStore:
    def __init__(self, client: MlflowClient, experiment_name: str) -> None:
        self._client = client
        self._experiment_name = experiment_name

    @property
    def experiment_id(self) -> str:
        exp = self._client.get_experiment_by_name(self._experiment_name)
        if exp is None:
            return self._client.create_experiment(self._experiment_name, tags={"app.owner": "llm-apps"})
        return exp.experiment_id

    def run_for(self, name: str, version: int) -> Run:
        """The (newest) run in which a prompt version was registered."""
        runs = self._client.search_runs(
            [self.experiment_id],
            filter_string=f"tags.`prompt.name` = '{name}' AND tags.`prompt.version` = '{version}' AND tags.`app.kind` = 'prompt'",
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        if not runs:
            raise PromptNotFound(f"{name}:{version}")
        return runs[0]

    def latest_version(self, name: str) -> int:
        versions = [
            int(r.data.tags["prompt.version"])
            for r in self._client.search_runs([self.experiment_id], f"tags.`prompt.name` = '{name}'", max_results=1000)
        ]
        return max(versions, default=0)

    def register(self, name: str, template: str) -> Prompt:
        prompt = Prompt(name, self.latest_version(name) + 1, template)
        run = self._client.create_run(
            self.experiment_id,
            run_name=f"{name}-v{prompt.version}",
            tags={
                "app.kind": "prompt",
                "prompt.name": name,
                "prompt.version": str(prompt.version),
                "prompt.digest": prompt.digest,
            },
        )
        self._client.log_text(run.info.run_id, template, "prompt.txt")
        self._client.set_terminated(run.info.run_id)
        return prompt

    def load(self, name: str, version: int | None = None) -> Prompt:
        try:
            p = mlflow.genai.load_prompt(name, version=version)
            return Prompt(p.name, p.version, p.template)
        except (MlflowException, AttributeError):
            logger.debug("prompt %s not in registry, looking in runs", name)
        version = version or self.latest_version(name)
        run = self.run_for(name, version)
        text = mlflow.artifacts.load_text(f"{run.info.artifact_uri}/prompt.txt")
        return Prompt(name, version, text)
