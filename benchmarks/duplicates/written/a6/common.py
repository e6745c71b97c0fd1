"""things we agreed on"""
import os
import hashlib
import json

import mlflow
import numpy as np
from mlflow.tracking import MlflowClient

ROOT = os.environ.get("NEURO_ROOT", "/data/neuro")
mlflow.set_tracking_uri(os.environ.get("NEURO_MLFLOW", "sqlite:///neuro.db"))


def bids(subject, session, kind="eeg"):
    return os.path.join(ROOT, f"sub-{subject}", f"ses-{session}", kind)


def load_epochs(subject, session):
    d = np.load(os.path.join(bids(subject, session), "epochs.npz"))
    return d["x"], d["y"]


def cfg_hash(cfg):
    return hashlib.md5(json.dumps(cfg, sort_keys=True).encode()).hexdigest()[:8]


def exp_id(name):
    e = mlflow.get_experiment_by_name(name)
    if e is None:
        return mlflow.create_experiment(name)
    return e.experiment_id


def last_run(name):
    """last run of an experiment, use this one please"""
    runs = MlflowClient().search_runs([exp_id(name)], order_by=["start_time DESC"], max_results=1)
    if not runs:
        return None
    return runs[0].info.run_id


def subject_run(name, subject):
    runs = MlflowClient().search_runs(
        [exp_id(name)],
        "tags.`neuro.subject` = '%s'" % subject,
        order_by=["start_time DESC"],
        max_results=1,
    )
    return runs[0] if runs else None


def rec_tags(subject, session, scanner, prep):
    return {
        "neuro.subject": subject,
        "neuro.session": session,
        "neuro.scanner": scanner,
        "neuro.prep": prep,
    }


def sfreq(run):
    v = run.data.tags.get("neuro.sfreq")
    return int(v) if v else 250


def last_run_obj(name):
    rid = last_run(name)
    return mlflow.get_run(rid) if rid else None
