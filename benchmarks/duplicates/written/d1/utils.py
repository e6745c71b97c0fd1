import random
import subprocess
import time
from contextlib import contextmanager

import mlflow
import numpy as np

import config as C


@contextmanager
def timer(name):
    t0 = time.time()
    print(f"[{name}] start")
    yield
    print(f"[{name}] done in {time.time() - t0:.0f} s")


def seed_everything(seed=C.SEED):
    random.seed(seed)
    np.random.seed(seed)


def git_sha():
    try:
        return subprocess.check_output(["git", "rev-parse", "--short", "HEAD"], text=True).strip()
    except Exception:
        return "nogit"


def rmsle(y, p):
    """y and p are already log1p'd"""
    return float(np.sqrt(np.mean((y - p) ** 2)))


def init_mlflow(name=C.EXPERIMENT):
    mlflow.set_tracking_uri("http://127.0.0.1:5000")
    return mlflow.set_experiment(name).experiment_id


def latest_run(family):
    """Row of the newest finished run of a model family (None when there is none)."""
    runs = mlflow.search_runs(
        experiment_names=[C.EXPERIMENT],
        filter_string=f"tags.family = '{family}' and attributes.status = 'FINISHED'",
        order_by=["start_time DESC"],
        max_results=1,
    )
    if runs.empty:
        return None
    return runs.iloc[0]


def children(parent):
    """Run ids of the folds below a parent, in order."""
    kids = mlflow.search_runs(
        experiment_names=[C.EXPERIMENT],
        filter_string=f"tags.mlflow.parentRunId='{parent}'",
        order_by=["tags.fold ASC"],
    )
    return kids["run_id"].tolist()


def folds(dates, n=C.N_FOLDS, horizon=C.HORIZON):
    """Walk-forward folds: last `horizon` days, then the ones before, ..."""
    days = np.sort(np.unique(dates))
    for k in range(n):
        stop = len(days) - k * horizon
        start = stop - horizon
        va = np.isin(dates, days[start:stop])
        tr = dates < days[start]
        yield k, np.where(tr)[0], np.where(va)[0]
