"""Our tracking layer. Import this, not mlflow! (see wiki/Tracking)"""
import json
import os
import platform
import warnings
from contextlib import contextmanager

import mlflow
from mlflow.tracking import MlflowClient

DATASET = "dataset_version"
ROBOT = "robot"
SWEEP = "sweep_id"

_client = None


def client():
    global _client
    if _client is None:
        mlflow.set_tracking_uri(os.getenv("MLFLOW_TRACKING_URI", "file:///data/mlruns"))
        _client = MlflowClient()
    return _client


def activate(name):
    """Sets the experiment, with the team tag on new ones."""
    exp = client().get_experiment_by_name(name)
    if exp is None:
        client().create_experiment(name, tags={"team": "grasping"})
    mlflow.set_experiment(name)
    return mlflow.get_experiment_by_name(name).experiment_id


def by_name(experiment_id, run_name):
    """The newest run called ``run_name``."""
    runs = client().search_runs(
        [experiment_id],
        "tags.mlflow.runName = '{}'".format(run_name),
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    if len(runs) == 0:
        return None
    return runs[0]


def best_grasp(experiment_id, dataset):
    """Best success rate among runs on a dataset version."""
    runs = client().search_runs(
        [experiment_id],
        f"tags.{DATASET} = '{dataset}'",
        order_by=["metrics.success_rate DESC"],
        max_results=1,
    )
    return runs[0] if runs else None


def hardware_tags(robot):
    return {
        ROBOT: robot,
        "gripper": os.getenv("GRIPPER", "parallel-2f"),
        "host": platform.node(),
        "sim_build": os.getenv("SIM_BUILD", "unknown"),
    }


@contextmanager
def run(name, robot, dataset, **extra):
    """``with tracking.run("x", "ur10", "v12"):``"""
    tags = hardware_tags(robot)
    tags[DATASET] = dataset
    tags.update({k: str(v) for k, v in extra.items()})
    with mlflow.start_run(run_name=name, tags=tags) as r:
        yield r


def pose_of(run_):
    """camera_pose tag (JSON, x y z r p y) as a list of floats."""
    raw = run_.data.tags.get("camera_pose")
    if raw is None:
        return [0.0] * 6
    return [float(v) for v in json.loads(raw)]


def sweep_runs(experiment_id, sweep_id):
    out, token = [], None
    while True:
        page = client().search_runs([experiment_id], f"tags.{SWEEP} = '{sweep_id}'", page_token=token)
        out += page
        token = page.token
        if token is None or token == "":
            break
    return out


def log_dict_metrics(d, prefix=""):
    for k, v in d.items():
        if isinstance(v, dict):
            log_dict_metrics(v, prefix + k + ".")
        elif isinstance(v, (int, float)):
            mlflow.log_metric(prefix + k, v)
        else:
            warnings.warn("skip metric %s" % (prefix + k))
