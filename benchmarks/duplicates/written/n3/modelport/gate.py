"""The promotion gate: a model goes on only when it is good enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable

import mlflow
from mlflow import MlflowClient

from modelport.errors import GateClosed


@dataclass(frozen=True)
class Rule:
    """A limit for a metric."""

    metric: str
    at_least: float | None = None
    at_most: float | None = None

    def broken(self, metrics: dict[str, float]) -> str | None:
        if self.metric not in metrics:
            return f"{self.metric} is missing"
        value = metrics[self.metric]
        if self.at_least is not None and value < self.at_least:
            return f"{self.metric} = {value} is below {self.at_least}"
        if self.at_most is not None and value > self.at_most:
            return f"{self.metric} = {value} is above {self.at_most}"
        return None


def candidate(experiment: str, name: str, metric: str = "auc"):
    """The run of a model with the highest metric."""
    client = MlflowClient()
    exp = client.get_experiment_by_name(experiment)
    if exp is None:
        raise GateClosed(f"no experiment {experiment}")
    ranked = client.search_runs(
        exp.experiment_id,
        filter_string=f"tags.`port.model` = '{name}' and attributes.status = 'FINISHED'",
        order_by=[f"metrics.{metric} DESC"],
        max_results=1,
    )
    if not ranked:
        raise GateClosed(f"no run of {name}")
    return ranked[0]


def check(run_id: str, rules: Iterable[Rule]) -> None:
    """Raise when a rule is broken; else note that the run passed."""
    run = mlflow.get_run(run_id)
    problems = [text for rule in rules if (text := rule.broken(run.data.metrics))]
    client = MlflowClient()
    client.set_tag(run_id, "port.checks", "failed" if problems else "passed")
    if problems:
        raise GateClosed("; ".join(problems))


def promote(name: str, run_id: str, alias: str = "champion") -> str:
    """Give the alias to the version that the run made."""
    client = MlflowClient()
    versions = client.search_model_versions(f"name = '{name}' and run_id = '{run_id}'")
    if not versions:
        version = mlflow.register_model(f"runs:/{run_id}/model", name)
    else:
        version = max(versions, key=lambda v: int(v.version))
    client.set_registered_model_alias(name, alias, version.version)
    return version.version


def fastest(experiment_id: str, name: str):
    """The run with the lowest latency, for the edge devices."""
    ranked = MlflowClient().search_runs(
        [experiment_id],
        f"tags.`port.model` = '{name}'",
        order_by=["metrics.latency_p95 ASC"],
        max_results=1,
    )
    return ranked[0] if ranked else None
