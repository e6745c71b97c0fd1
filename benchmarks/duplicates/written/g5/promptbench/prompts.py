"""Prompts and where they are kept."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlflow.tracking import MlflowClient

VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


@dataclass(frozen=True)
class Prompt:
    """A template with its name."""

    name: str
    template: str
    labels: tuple[str, ...] = field(default=())

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.template.encode()).hexdigest()[:16]

    @property
    def variables(self) -> set[str]:
        return set(VARIABLE.findall(self.template))

    def render(self, **values: str) -> str:
        missing = self.variables - values.keys()
        if missing:
            raise KeyError(f"{self.name} needs {sorted(missing)}")
        return VARIABLE.sub(lambda match: values[match.group(1)], self.template)


class PromptRegistry:
    """Keeps each version of a prompt as a run with the template as its artifact."""

    EXPERIMENT = "prompt-registry"

    def __init__(self, client: MlflowClient | None = None) -> None:
        self._mlflow_client = client

    @property
    def client(self) -> MlflowClient:
        if self._mlflow_client is None:
            from mlflow.tracking import MlflowClient

            self._mlflow_client = MlflowClient()
        return self._mlflow_client

    @property
    def experiment_id(self) -> str:
        known = self.client.get_experiment_by_name(self.EXPERIMENT)
        if known is None:
            return self.client.create_experiment(
                self.EXPERIMENT, tags={"promptbench.kind": "registry"}
            )
        return known.experiment_id

    def register(self, prompt: Prompt) -> str:
        """Keep a prompt; the run of an equal one is given back."""
        same = self.client.search_runs(
            [self.experiment_id],
            f"tags.`prompt.name` = '{prompt.name}' and tags.`prompt.digest` = '{prompt.digest}'",
            max_results=1,
        )
        if same:
            return same[0].info.run_id
        version = self._next_version(prompt.name)
        run = self.client.create_run(
            self.experiment_id,
            run_name=f"{prompt.name}-v{version}",
            tags={
                "prompt.name": prompt.name,
                "prompt.version": str(version),
                "prompt.digest": prompt.digest,
                "prompt.labels": json.dumps(list(prompt.labels)),
            },
        )
        self.client.log_text(run.info.run_id, prompt.template, "template.txt")
        self.client.set_terminated(run.info.run_id)
        return run.info.run_id

    def _next_version(self, name: str) -> int:
        runs = self.client.search_runs([self.experiment_id], f"tags.`prompt.name` = '{name}'")
        versions = [int(run.data.tags["prompt.version"]) for run in runs]
        return max(versions, default=0) + 1

    def load(self, name: str, label: str = "production") -> Prompt:
        """Give the newest version of a prompt that has a label."""
        runs = self.client.search_runs(
            [self.experiment_id],
            f"tags.`prompt.name` = '{name}'",
            order_by=["attributes.start_time DESC"],
        )
        for run in runs:
            labels = json.loads(run.data.tags.get("prompt.labels", "[]"))
            if label in labels:
                path = self.client.download_artifacts(run.info.run_id, "template.txt")
                with open(path, encoding="utf-8") as file:
                    return Prompt(name, file.read(), tuple(labels))
        raise LookupError(f"{name} has no version with the label {label}")
