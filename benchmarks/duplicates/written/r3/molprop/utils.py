# utils.py - everything that has no better place
# TODO(ml): move to molprop.tracking, see the ticket MOL-311
import json
import os
import subprocess

import mlflow
from mlflow.tracking import MlflowClient

ROOT = os.environ.get("MOLPROP_ROOT", "/data/molprop")


def load_assay(name):
    import pandas as pd

    df = pd.read_csv(os.path.join(ROOT, "assays", name + ".csv"))
    return df.rename(columns={"SMILES": "smiles", "pIC50": "y", "value": "y"}).dropna(subset=["smiles", "y"])


def commit():
    try:
        out = subprocess.run(["git", "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True, check=True)
        return out.stdout.strip()
    except Exception:
        return ""


def get_or_create_experiment(target, endpoint):
    name = target + "/" + endpoint
    exp = mlflow.get_experiment_by_name(name)
    if exp:
        return exp.experiment_id
    return mlflow.create_experiment(name, tags={"target": target, "endpoint": endpoint})


def lineage_tags(ds_hash, split, target):
    return {
        "molprop.dataset": ds_hash,
        "molprop.split": split,
        "molprop.target": target,
        "molprop.commit": commit(),
    }


def find_by_lineage(exp_id, ds_hash, split):
    """Have we fitted this data with this code already? Gives the newest such run or None"""
    c = MlflowClient()
    q = "tags.`molprop.dataset` = '%s' and tags.`molprop.split` = '%s' and tags.`molprop.commit` = '%s'" % (
        ds_hash,
        split,
        commit(),
    )
    res = c.search_runs([exp_id], q + " and attributes.status = 'FINISHED'", order_by=["start_time DESC"], max_results=1)
    if res:
        return res[0]
    return None


def best_study(exp_id):
    c = MlflowClient()
    res = c.search_runs(
        [exp_id], "tags.`molprop.level` = 'study'", order_by=["metrics.cv_rmse ASC"], max_results=1
    )
    return res[0] if res else None


def fold_metrics(split_run_id):
    """list of (fold, rmse) below a split run"""
    c = MlflowClient()
    exp_id = c.get_run(split_run_id).info.experiment_id
    out = []
    for r in c.search_runs([exp_id], f"tags.mlflow.parentRunId = '{split_run_id}'"):
        out.append((int(r.data.tags["molprop.fold"]), r.data.metrics.get("rmse")))
    return sorted(out)


def dump_json(obj, path):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "w") as fh:
        json.dump(obj, fh, indent=2, sort_keys=True)
