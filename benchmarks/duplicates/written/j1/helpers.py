"""Things that I needed more than once. Not every experiment uses them."""
import hashlib
import json
import subprocess

import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
import mlflow
import numpy as np
from mlflow.tracking import MlflowClient

EXPERIMENT = "pv-thesis"
STUDENT = "m.okafor"


def rmse(y, p):
    return float(np.sqrt(np.mean((np.asarray(y) - np.asarray(p)) ** 2)))


def mae(y, p):
    return float(np.mean(np.abs(np.asarray(y) - np.asarray(p))))


def skill(y, p, ref):
    """Skill score against a reference forecast, 1 is perfect."""
    r = rmse(y, ref)
    return 1.0 - rmse(y, p) / r if r > 0 else float("nan")


def cfg_hash(cfg):
    return hashlib.md5(json.dumps(cfg, sort_keys=True).encode()).hexdigest()[:10]


def git_commit():
    try:
        return subprocess.check_output(["git", "rev-parse", "--short", "HEAD"], text=True).strip()
    except Exception:
        return "unknown"


def get_exp(name=EXPERIMENT):
    """Id of the experiment. Makes it if it is not there."""
    e = mlflow.get_experiment_by_name(name)
    if e is None:
        return mlflow.create_experiment(name)
    return e.experiment_id


def last_run(model, exp=EXPERIMENT):
    """Newest finished run of a model family or None."""
    runs = MlflowClient().search_runs(
        [get_exp(exp)],
        filter_string=f"tags.model = '{model}' and attributes.status = 'FINISHED'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return runs[0] if runs else None


def run_tags(model, site, lags):
    return {
        "model": model,
        "site": site,
        "lags": ",".join(str(l) for l in lags),
        "git": git_commit(),
        "student": STUDENT,
    }


def plot_day(y, p, title, path):
    fig, ax = plt.subplots(figsize=(7, 3))
    ax.plot(y, label="measured", color="black")
    ax.plot(p, label="forecast", color="tab:orange")
    ax.set_ylabel("kW")
    ax.set_title(title)
    ax.legend()
    fig.tight_layout()
    fig.savefig(path, dpi=150)
    plt.close(fig)
    return path
