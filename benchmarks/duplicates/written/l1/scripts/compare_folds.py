"""Table of fold scores of the best run."""
import sys

import mlflow
import pandas as pd

sys.path.append(".")
from src.config import EXPERIMENT  # noqa: E402


def get_best():
    best_id, best_score = None, float("inf")
    for r in mlflow.search_runs(experiment_names=[EXPERIMENT], output_format="list"):
        score = r.data.metrics.get("cv_rmsle")
        if score is not None and score < best_score:
            best_id, best_score = r.info.run_id, score
    return best_id


def folds(parent):
    return mlflow.search_runs(
        experiment_names=[EXPERIMENT],
        filter_string=f"tags.mlflow.parentRunId = '{parent}'",
        output_format="list",
    )


if __name__ == "__main__":
    b = get_best()
    rows = []
    for r in folds(b):
        k = int(r.data.tags.get("fold", -1))
        rows.append({"fold": k, **r.data.metrics})
    print(pd.DataFrame(rows).sort_values("fold").to_string(index=False))
