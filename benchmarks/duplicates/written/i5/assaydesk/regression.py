"""Compares a suite run with the baseline; used in CI."""

import logging
import sys
from typing import Dict, List, Optional

import mlflow
import pandas as pd
from mlflow.tracking import MlflowClient

logger = logging.getLogger(__name__)
TOLERANCE = 0.02


def get_baseline_id(suite: str) -> Optional[str]:
    filters = {"assay.suite": suite, "assay.baseline": "true"}
    clause = " and ".join(f"tags.`{k}` = '{v}'" for k, v in filters.items())
    runs: pd.DataFrame = mlflow.search_runs(
        experiment_names=[f"assaydesk/{suite}"],
        filter_string=clause,
        order_by=["start_time DESC"],
    )
    if runs.empty:
        return None
    runs = runs[runs.status == "FINISHED"]
    return None if runs.empty else runs.iloc[0].run_id


def _judge(run) -> tuple:
    value = run.data.tags.get("assay.judge")
    if not value:
        return "correctness", 1
    parts = value.split("@")
    return parts[0], int(parts[1]) if len(parts) > 1 else 1


def deltas(baseline_id: str, run_id: str) -> Dict[str, float]:
    client = MlflowClient()
    old, new = client.get_run(baseline_id), client.get_run(run_id)
    if _judge(old) != _judge(new):
        raise ValueError("the runs were scored by different judges")
    shared = set(old.data.metrics) & set(new.data.metrics)
    return {key: new.data.metrics[key] - old.data.metrics[key] for key in sorted(shared)}


def best_candidate(suite: str, parent_id: str) -> Optional[str]:
    found = mlflow.search_runs(
        experiment_names=[f"assaydesk/{suite}"],
        filter_string=f"tags.mlflow.parentRunId = '{parent_id}'",
        order_by=["metrics.pass_rate DESC"],
        max_results=1,
        output_format="list",
    )
    return found[0].info.run_id if found else None


def check(suite: str, parent_id: str) -> List[str]:
    baseline, candidate = get_baseline_id(suite), best_candidate(suite, parent_id)
    if baseline is None or candidate is None:
        logger.warning("Nothing to compare for %s", suite)
        return []
    return [key for key, change in deltas(baseline, candidate).items() if change < -TOLERANCE]


if __name__ == "__main__":
    worse = check(sys.argv[1], sys.argv[2])
    print("worse:", ", ".join(worse) or "nothing")
    sys.exit(1 if worse else 0)
