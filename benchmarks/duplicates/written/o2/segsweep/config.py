# configuration: plain yaml + command line overrides, no hydra (we tried)
import copy
import itertools
import os

import mlflow
import yaml
from mlflow.tracking import MlflowClient

DEFAULTS = {
    "cohort": "liver-ct-2021",
    "net": {"name": "unet", "width": 32, "depth": 5, "norm": "instance"},
    "optim": {"lr": 3e-4, "wd": 1e-5, "epochs": 250, "amp": True},
    "loss": {"dice": 1.0, "ce": 1.0},
    "seed": 0,
}

ARTIFACT_BASE = os.environ.get("LAB_ARTIFACTS", "/gpfs/lab/mlartifacts")


def load(path, overrides=()):
    cfg = copy.deepcopy(DEFAULTS)
    with open(path) as f:
        merge(cfg, yaml.safe_load(f) or {})
    for item in overrides:
        key, value = item.split("=", 1)
        node = cfg
        *head, last = key.split(".")
        for part in head:
            node = node.setdefault(part, {})
        node[last] = yaml.safe_load(value)
    return cfg


def merge(a, b):
    for k, v in b.items():
        if isinstance(v, dict) and isinstance(a.get(k), dict):
            merge(a[k], v)
        else:
            a[k] = v
    return a


def flatten(cfg, prefix=""):
    out = {}
    for k, v in cfg.items():
        if isinstance(v, dict):
            out.update(flatten(v, prefix + k + "."))
        else:
            out[prefix + k] = v
    return out


def grid(space):
    keys = sorted(space)
    for values in itertools.product(*(space[k] for k in keys)):
        yield dict(zip(keys, values))


def trial_key(cfg):
    flat = flatten(cfg)
    return "-".join(f"{k.split('.')[-1]}{flat[k]}" for k in sorted(flat) if k != "cohort")


def open_experiment(cohort):
    """makes the experiment of a cohort (on gpfs, not in the home of whoever came first) and activates it"""
    name = f"seg/{cohort}"
    client = MlflowClient()
    if client.get_experiment_by_name(name) is None:
        client.create_experiment(
            name,
            artifact_location=os.path.join(ARTIFACT_BASE, cohort),
            tags={"cohort": cohort},
        )
    return mlflow.set_experiment(name).experiment_id
