"""Shared bits. Please put new helpers here."""
import os
import random
import socket
import subprocess

import mlflow
import numpy as np
import pandas as pd
import torch

STUDY = "solubility"
DATA = os.environ.get("SOL_DATA", "data")
AMINO = "ACDEFGHIKLMNPQRSTVWY"
SPLITS = ["random", "cluster30", "cluster50"]


def seed_everything(seed):
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


def load_split(split, part):
    frame = pd.read_csv(os.path.join(DATA, f"{split}_{part}.csv"))
    return frame["sequence"].tolist(), frame["solubility"].to_numpy(dtype="float32")


def composition(sequences):
    out = np.zeros((len(sequences), len(AMINO)), dtype="float32")
    for i, sequence in enumerate(sequences):
        for letter in sequence:
            j = AMINO.find(letter)
            if j >= 0:
                out[i, j] += 1
        out[i] /= max(len(sequence), 1)
    return out


def one_hot(sequences, length=400):
    out = np.zeros((len(sequences), len(AMINO), length), dtype="float32")
    for i, sequence in enumerate(sequences):
        for k, letter in enumerate(sequence[:length]):
            j = AMINO.find(letter)
            if j >= 0:
                out[i, j, k] = 1
    return out


def r2(truth, guess):
    truth, guess = np.asarray(truth), np.asarray(guess)
    return float(1 - ((truth - guess) ** 2).sum() / ((truth - truth.mean()) ** 2).sum())


def git_commit():
    try:
        return subprocess.check_output(["git", "rev-parse", "--short", "HEAD"], text=True).strip()
    except Exception:
        return "none"


def use_experiment(name=STUDY):
    """Make the experiment when it is missing and set it active."""
    exp = mlflow.get_experiment_by_name(name)
    exp_id = exp.experiment_id if exp is not None else mlflow.create_experiment(name)
    mlflow.set_experiment(experiment_id=exp_id)
    return exp_id


def machine_tags(seed):
    """Where a run was made."""
    return {
        "host": socket.gethostname(),
        "commit": git_commit(),
        "seed": str(seed),
        "slurm": os.environ.get("SLURM_JOB_ID", "local"),
    }


def newest_run(model, split, study=STUDY):
    """Newest finished run of a model on a split."""
    frame = mlflow.search_runs(
        experiment_names=[study],
        filter_string=f"tags.model = '{model}' and tags.split = '{split}' and status = 'FINISHED'",
        order_by=["start_time DESC"],
        max_results=1,
    )
    return None if frame.empty else frame.iloc[0].run_id


def find_any(tracking, exp_id, key):
    """By the tag `alias`, then by name, then the newest."""
    for clause in (f"tags.alias = '{key}'", f"attributes.run_name = '{key}'", ""):
        hits = tracking.search_runs([exp_id], clause, order_by=["start_time DESC"], max_results=1)
        if hits:
            return hits[0]
    return None
