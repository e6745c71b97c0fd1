from __future__ import annotations

from mlflow import MlflowClient
from mlflow.entities import Run


def find_reference(client: MlflowClient, experiment_id: str, sha: str, suite: str) -> Run | None:
    """Run to compare with: the baseline, else any run of the suite."""
    runs = client.search_runs(
        [experiment_id], f"tags.`eval.prompt_sha` = '{sha}' and tags.`eval.role` = 'reference'", max_results=1
    )
    if runs:
        return runs[0]
    runs = client.search_runs(
        [experiment_id],
        f"tags.`eval.suite` = '{suite}'",
        order_by=["metrics.mean_score DESC"],
        max_results=1,
    )
    return runs[0] if runs else None


def baseline(client: MlflowClient, experiment_id: str, name: str = "baseline") -> Run:
    runs = client.search_runs(
        [experiment_id],
        filter_string=f"attributes.run_name = '{name}' and attributes.status = 'FINISHED'",
        order_by=["attributes.end_time DESC"],
        max_results=1,
    )
    if not runs:
        raise LookupError(f"no finished run named {name}")
    return runs[0]


def latest_of_suite(client: MlflowClient, experiment_ids: list[str], suite: str) -> Run | None:
    runs = client.search_runs(
        experiment_ids,
        f"tags.`eval.suite` = '{suite}'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    if len(runs) == 0:
        return None
    return runs[0]
