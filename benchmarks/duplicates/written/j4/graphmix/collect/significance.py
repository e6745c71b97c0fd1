"""Paired test of two methods over the seeds."""
import itertools
import sys

import mlflow
import numpy as np

from graphmix.data import DATASETS

mlflow.set_tracking_uri("sqlite:///graphmix.db")


def accuracies(method, dataset, seeds):
    out = []
    every = mlflow.search_runs(experiment_names=["graphmix"], filter_string="status = 'FINISHED'")
    for seed in seeds:
        hit = every[(every["params.method"] == method) & (every["params.dataset"] == dataset)
                    & (every["params.seed"] == str(seed))]
        if hit.empty:
            out.append(np.nan)
            continue
        newest = hit.sort_values("start_time").iloc[-1]
        out.append(newest["metrics.test_acc"])
    return np.array(out)


def sign_flip(d):
    d = d[~np.isnan(d)]
    if not len(d):
        return float("nan")
    obs = abs(d.mean())
    flips = [abs((d * s).mean()) for s in itertools.product((1, -1), repeat=len(d))]
    return float(np.mean([f >= obs for f in flips]))


def best_lr(dataset):
    df = mlflow.search_runs(experiment_names=["graphmix"], filter_string=f"params.dataset='{dataset}'",
                            order_by=["metrics.val_acc DESC"], max_results=1)
    return float(df["params.lr"][0]) if len(df) else None


if __name__ == "__main__":
    a, b = sys.argv[1:3] if len(sys.argv) > 2 else ("sgc", "mix")
    for ds in DATASETS:
        print(ds, sign_flip(accuracies(b, ds, range(5)) - accuracies(a, ds, range(5))), best_lr(ds))
