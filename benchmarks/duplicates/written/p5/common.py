"""Common code of the benchmark. Please use it in new experiments!  -- H.K."""
import functools
import os
import platform
import time

import mlflow
import numpy as np
import pandas as pd
import sklearn
from mlflow.tracking import MlflowClient
from sklearn.datasets import fetch_openml
from sklearn.metrics import balanced_accuracy_score, f1_score, roc_auc_score

DATASETS = {
    "adult": 1590,
    "bank": 1461,
    "credit-g": 31,
    "phoneme": 1489,
    "spambase": 44,
    "vehicle": 54,
}
SUITE = "tabsuite-2"
SEEDS = (0, 1, 2)


def setup(name):
    """Experiment ``tabsuite/<name>``; made if new, un-deleted if necessary. Becomes the active one."""
    full = "tabsuite/" + name
    client = MlflowClient()
    exp = client.get_experiment_by_name(full)
    if exp is None:
        exp_id = client.create_experiment(full)
    else:
        exp_id = exp.experiment_id
        if exp.lifecycle_stage == "deleted":
            client.restore_experiment(exp_id)
    mlflow.set_experiment(full)
    return exp_id


@functools.lru_cache(maxsize=None)
def load(name):
    bunch = fetch_openml(data_id=DATASETS[name], as_frame=True)
    X, y = bunch.data, bunch.target
    cats = X.select_dtypes(["category", "object"]).columns
    X = pd.get_dummies(X, columns=list(cats), dummy_na=True)
    return X.fillna(X.median()), y.astype("category").cat.codes


def done(exp_id, dataset, algorithm, seed):
    """Finished run of dataset x algorithm x seed, or None."""
    runs = MlflowClient().search_runs(
        [exp_id],
        f"params.dataset = '{dataset}' and params.algorithm = '{algorithm}' "
        f"and params.seed = '{seed}' and attributes.status = 'FINISHED'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return runs[0] if runs else None


def env_tags():
    return {
        "python": platform.python_version(),
        "sklearn": sklearn.__version__,
        "numpy": np.__version__,
        "machine": os.uname().nodename,
    }


def best_f1(exp_id, dataset):
    """Run with the highest f1_macro on the dataset."""
    runs = MlflowClient().search_runs(
        [exp_id],
        f"params.dataset = '{dataset}' and attributes.status = 'FINISHED'",
        order_by=["metrics.f1_macro DESC"],
        max_results=1,
    )
    if not runs:
        return None
    return runs[0]


def parse_scheme(run):
    """'5x2' -> (5, 2): folds, repeats"""
    folds, _, repeats = run.data.tags.get("cv_scheme", "5x1").partition("x")
    return int(folds), int(repeats or 1)


def scores(y, p, proba=None):
    out = {"f1_macro": f1_score(y, p, average="macro"), "bacc": balanced_accuracy_score(y, p)}
    if proba is not None and proba.shape[1] == 2:
        out["auc"] = roc_auc_score(y, proba[:, 1])
    return out


class Clock:
    def __enter__(self):
        self.t = time.perf_counter()
        return self

    def __exit__(self, *exc):
        self.seconds = time.perf_counter() - self.t
        return False
