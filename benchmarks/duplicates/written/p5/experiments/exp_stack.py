"""Stacking of the best models of the other experiments (Karim)."""
import mlflow
import numpy as np
from sklearn.ensemble import StackingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import RepeatedStratifiedKFold, cross_val_score

import common

BASES = ["svm", "forest", "knn"]


def best_of(experiment, dataset):
    df = mlflow.search_runs(experiment_names=[f"tabsuite/{experiment}"])
    if df.empty:
        return None
    ok = df[(df["params.dataset"] == dataset) & (df["status"] == "FINISHED")]
    ok = ok.sort_values("metrics.f1_macro", ascending=False)
    return ok.iloc[0] if len(ok) else None


def most_accurate(experiment, dataset):
    df = mlflow.search_runs(
        experiment_names=[f"tabsuite/{experiment}"],
        filter_string=f"params.dataset = '{dataset}' and attributes.status = 'FINISHED'",
        order_by=["metrics.bacc DESC"],
        max_results=1,
    )
    return None if df.empty else df.iloc[0]


def scheme(row):
    value = row.get("tags.cv_scheme") or "5x1"
    parts = value.split("x")
    if len(parts) == 1:
        return int(parts[0]), 1
    return int(parts[0]), int(parts[1])


def estimator(row):
    from experiments.builders import build
    params = {k[len("params."):]: v for k, v in row.items() if k.startswith("params.") and v is not None}
    return build(params)


def main():
    exp_id = common.setup("stack")
    for dataset in common.DATASETS:
        if common.done(exp_id, dataset, "stack", 0):
            continue
        rows = [r for r in (best_of(b, dataset) for b in BASES) if r is not None]
        if len(rows) < 2:
            print("not enough bases on", dataset)
            continue
        folds, repeats = max(scheme(r) for r in rows)
        X, y = common.load(dataset)
        stack = StackingClassifier(
            [(r["params.algorithm"], estimator(r)) for r in rows], LogisticRegression(max_iter=1000)
        )
        with mlflow.start_run(run_name=f"stack-{dataset}", tags=common.env_tags()):
            mlflow.set_tags({"bases": ",".join(r["run_id"] for r in rows), "suite": common.SUITE})
            mlflow.log_params({"dataset": dataset, "algorithm": "stack", "seed": 0})
            cv = RepeatedStratifiedKFold(n_splits=folds, n_repeats=repeats, random_state=0)
            s = cross_val_score(stack, X, y, cv=cv, scoring="f1_macro")
            mlflow.log_metric("f1_macro", np.mean(s))
        top = most_accurate("forest", dataset)
        if top is not None:
            print(dataset, np.mean(s), "forest bacc", top["metrics.bacc"])


if __name__ == "__main__":
    main()
