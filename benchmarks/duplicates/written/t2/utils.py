# misc helpers. please add new stuff to lib/ !!
import json
import os
import pickle
import random
import socket
import subprocess
import time
from collections import deque

import gymnasium as gym
import mlflow
import numpy as np
import torch
import yaml
from mlflow.tracking import MlflowClient

from simkit import __version__ as SIM_VERSION

CKPT_DIR = os.getenv("CKPT_DIR", "/data/ckpt")
client = MlflowClient()


# ---------------------------------------------------------------- general
def seed_everything(seed):
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    if torch.cuda.is_available():
        torch.cuda.manual_seed_all(seed)


def load_yaml(p):
    with open(p) as f:
        return yaml.safe_load(f)


def flatten(d, prefix=""):
    out = {}
    for k, v in d.items():
        key = f"{prefix}{k}"
        if isinstance(v, dict):
            out.update(flatten(v, key + "."))
        else:
            out[key] = v
    return out


class RunningMeanStd:
    def __init__(self, shape=(), eps=1e-4):
        self.mean = np.zeros(shape)
        self.var = np.ones(shape)
        self.count = eps

    def update(self, x):
        bm, bv, bc = x.mean(0), x.var(0), x.shape[0]
        delta = bm - self.mean
        tot = self.count + bc
        self.mean = self.mean + delta * bc / tot
        self.var = (self.var * self.count + bv * bc + delta ** 2 * self.count * bc / tot) / tot
        self.count = tot

    def normalise(self, x, clip=10.0):
        return np.clip((x - self.mean) / np.sqrt(self.var + 1e-8), -clip, clip)


def make_env(name, n=1, seed=0, **kw):
    def thunk(i):
        def f():
            env = gym.make(name, **kw)
            env.reset(seed=seed + i)
            return env
        return f
    return gym.vector.SyncVectorEnv([thunk(i) for i in range(n)])


class EpisodeStats:
    def __init__(self, window=100):
        self.ret = deque(maxlen=window)
        self.len = deque(maxlen=window)

    def push(self, r, l):
        self.ret.append(r)
        self.len.append(l)

    def summary(self):
        if not self.ret:
            return {}
        return {"train/return_mean": float(np.mean(self.ret)), "train/len_mean": float(np.mean(self.len))}


# ---------------------------------------------------------------- checkpoints
def save_ckpt(path, model, opt, step, rms=None):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    tmp = path + ".tmp"
    torch.save({"model": model.state_dict(), "opt": opt.state_dict(), "step": step, "rms": pickle.dumps(rms)}, tmp)
    os.replace(tmp, path)


def load_ckpt(path, model, opt):
    d = torch.load(path, map_location="cpu")
    model.load_state_dict(d["model"])
    opt.load_state_dict(d["opt"])
    return d["step"], pickle.loads(d["rms"])


# ---------------------------------------------------------------- mlflow
def get_exp(name):
    e = client.get_experiment_by_name(name)
    if e is None:
        return client.create_experiment(name)
    if e.lifecycle_stage == "deleted":
        client.restore_experiment(e.experiment_id)
    return e.experiment_id


def git_commit():
    try:
        return subprocess.check_output(["git", "rev-parse", "--short", "HEAD"], text=True).strip()
    except Exception:
        return "nogit"


def sim_tags(robot, seed):
    t = {}
    t["sim.version"] = SIM_VERSION
    t["sim.robot"] = robot
    t["git.commit"] = git_commit()
    t["seed"] = str(seed)
    t["host"] = socket.gethostname()
    return t


def find_resumable(exp_id, run_key):
    """newest unfinished run with that key"""
    rs = client.search_runs([exp_id], "tags.run_key = '%s'" % run_key, order_by=["start_time DESC"])
    for r in rs:
        if r.info.status in ("RUNNING", "FAILED", "KILLED"):
            return r
    return None


def get_best_of_sweep(exp_id, parent_id, metric="eval/return_mean"):
    kids = client.search_runs(
        [exp_id],
        f"tags.mlflow.parentRunId = '{parent_id}' and attributes.status = 'FINISHED'",
        max_results=5000,
    )
    kids = [k for k in kids if metric in k.data.metrics]
    if not kids:
        raise RuntimeError("empty sweep " + parent_id)
    return max(kids, key=lambda k: k.data.metrics[metric])


def run_by_key(exp_id, run_key):
    """the finished one, for plots"""
    rs = client.search_runs([exp_id], f"tags.run_key = '{run_key}' and attributes.status = 'FINISHED'", max_results=1)
    return rs[0] if rs else None


def log_cfg(cfg):
    flat = flatten(cfg)
    items = list(flat.items())
    for i in range(0, len(items), 100):
        mlflow.log_params(dict(items[i:i + 100]))
    mlflow.log_text(json.dumps(cfg, indent=1), "config.json")


def delete_failed(exp_id, older_than_h=48):
    lim = (time.time() - older_than_h * 3600) * 1e3
    for r in client.search_runs([exp_id], "attributes.status = 'FAILED'", max_results=1000):
        if r.info.end_time and r.info.end_time < lim:
            client.delete_run(r.info.run_id)
