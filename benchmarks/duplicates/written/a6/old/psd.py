import sys

import mlflow
import numpy as np
from mlflow.tracking import MlflowClient
from scipy.signal import welch

from common import load_epochs


def fs_of(run_id):
    run = MlflowClient().get_run(run_id)
    value = run.data.tags.get("neuro.sfreq", None)
    if not value:
        return 250
    return int(value)


def bands(x, fs):
    f, p = welch(x, fs, nperseg=min(fs, x.shape[-1]))
    out = {}
    for name, lo, hi in (("theta", 4, 8), ("alpha", 8, 13), ("beta", 13, 30)):
        out[name] = float(p[..., (f >= lo) & (f < hi)].mean())
    return out


def log_bands(subject, run_id):
    x, _ = load_epochs(subject, "01")
    with mlflow.start_run(run_name=f"psd-{subject}"):
        mlflow.log_metrics(bands(x, fs_of(run_id)))


def find_by_pipeline(h):
    e = mlflow.get_experiment_by_name("preprocess")
    t = mlflow.search_runs([e.experiment_id], order_by=["start_time DESC"])
    t = t[t["tags.neuro.pipeline"] == h]
    return t.run_id.iloc[0] if not t.empty else None


if __name__ == "__main__":
    rid = find_by_pipeline(sys.argv[2])
    log_bands(sys.argv[1], rid)
