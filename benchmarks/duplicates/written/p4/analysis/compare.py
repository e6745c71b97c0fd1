"""Compare two runs, by name: python -m analysis.compare grasp/train ur10-v13 ur10-v14"""
import sys

import mlflow
import pandas as pd
from mlflow.entities import ViewType


def find(experiment, name):
    """Run named so. If several have the name: the last."""
    e = mlflow.get_experiment_by_name(experiment)
    table = mlflow.search_runs(
        experiment_ids=[e.experiment_id],
        filter_string=f"attributes.run_name = '{name}'",
        run_view_type=ViewType.ACTIVE_ONLY,
    ).sort_values("start_time")
    if table.empty:
        sys.exit(f"no run {name} in {experiment}")
    return mlflow.get_run(table.iloc[-1].run_id)


def params_diff(a, b):
    keys = sorted(set(a.data.params) | set(b.data.params))
    rows = [(k, a.data.params.get(k, "-"), b.data.params.get(k, "-")) for k in keys]
    return pd.DataFrame([r for r in rows if r[1] != r[2]], columns=["param", a.info.run_name, b.info.run_name])


def metrics_diff(a, b):
    rows = []
    for k, v in a.data.metrics.items():
        other = b.data.metrics.get(k)
        rows.append((k, v, other, None if other is None else other - v))
    return pd.DataFrame(rows, columns=["metric", a.info.run_name, b.info.run_name, "delta"])


if __name__ == "__main__":
    experiment, left, right = sys.argv[1:4]
    a, b = find(experiment, left), find(experiment, right)
    print(params_diff(a, b).to_string(index=False))
    print(metrics_diff(a, b).to_string(index=False))
