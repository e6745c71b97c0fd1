"""Compare a run with the baseline of its suite."""

from __future__ import annotations

from dataclasses import dataclass

import mlflow
from mlflow.tracking import MlflowClient

from evalloom.config import settings


@dataclass
class Difference:
    metric: str
    before: float
    after: float

    @property
    def delta(self) -> float:
        return self.after - self.before

    def worse(self, tolerance: float) -> bool:
        return self.delta < -tolerance


def _get_baseline(suite_name):
    experiment = mlflow.get_experiment_by_name(settings.experiment)
    if experiment is None:
        return None
    conditions = ["tags.`evalloom.baseline` = 'true'", f"tags.`evalloom.suite` = '{suite_name}'"]
    df = mlflow.search_runs(
        experiment_ids=[experiment.experiment_id],
        filter_string=" and ".join(conditions),
        order_by=["start_time DESC"],
        max_results=1,
    )
    if len(df) == 0:
        return None
    return MlflowClient().get_run(df.loc[0, "run_id"])


def compare_with_baseline(run_id: str, tolerance: float = 0.01) -> list[Difference]:
    """All metrics that both runs have."""
    run = mlflow.get_run(run_id)
    suite = run.data.tags["evalloom.suite"]
    baseline = _get_baseline(suite)
    if baseline is None:
        raise LookupError(f"the suite {suite} has no baseline")
    both = sorted(set(run.data.metrics) & set(baseline.data.metrics))
    return [Difference(m, baseline.data.metrics[m], run.data.metrics[m]) for m in both]


def best_evaluation(suite_run_id: str, metric: str = "model_judge"):
    """The evaluation of a suite run with the best score."""
    client = MlflowClient()
    parent = client.get_run(suite_run_id)
    children = client.search_runs(
        [parent.info.experiment_id],
        filter_string=f"tags.mlflow.parentRunId = '{suite_run_id}'",
        order_by=[f"metrics.{metric} DESC"],
        max_results=1,
    )
    if not children:
        raise LookupError(f"{suite_run_id} has no evaluations")
    return children[0]


def cheapest_evaluation(suite_run_id: str, floor: float):
    """The evaluation with the least cost among the good ones."""
    client = MlflowClient()
    exp_id = client.get_run(suite_run_id).info.experiment_id
    good = client.search_runs(
        [exp_id],
        f"tags.mlflow.parentRunId = '{suite_run_id}' and metrics.model_judge >= {floor}",
        order_by=["metrics.cost_usd ASC"],
        max_results=1,
    )
    return good[0] if good else None
