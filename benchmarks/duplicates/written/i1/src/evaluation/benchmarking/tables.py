"""Tables of benchmarks for the report."""

import pandas as pd
from mlflow.tracking import MlflowClient


def benchmark_table(client: MlflowClient, experiment_id: str) -> pd.DataFrame:
    rows = []
    for run in client.search_runs([experiment_id], "tags.`code.stage` = 'benchmarking'"):
        rows.append(
            {
                "run": run.info.run_name,
                "trial": run.data.tags.get("code.lineage.hpo_trial_key_hash", "")[:8],
                **run.data.metrics,
            }
        )
    return pd.DataFrame(rows)


def slowest(client: MlflowClient, experiment_id: str):
    worst = client.search_runs([experiment_id], order_by=["metrics.p95_ms DESC"], max_results=1)
    return worst[0] if worst else None
