"""Nightly regression in simulation (Jenkins). Olek's; doesn't use tracking.py because of the Windows box."""
import json
import os
import socket
import sys

import mlflow
from mlflow.tracking import MlflowClient

from sim.runner import simulate
from sim.world import SceneFactory

ROBOT = os.environ.get("ROBOT", "ur10")
DATASET_VERSION = os.environ.get("DATASET_VERSION", "v14")


def init_experiment(name):
    c = MlflowClient()
    try:
        experiment_id = c.get_experiment_by_name(name).experiment_id
    except AttributeError:
        experiment_id = c.create_experiment(name, tags={"team": "grasping"})
    mlflow.set_experiment(experiment_id=experiment_id)
    return experiment_id


def previous(exp_id, name):
    for info in mlflow.search_runs([exp_id], order_by=["start_time DESC"], output_format="list"):
        if info.info.run_name == name:
            return info
    return None


def baseline(exp_id):
    """pinned by hand in the UI with tag baseline=true"""
    runs = mlflow.search_runs([exp_id], "tags.baseline = 'true'", max_results=1, output_format="list")
    if not runs:
        raise RuntimeError("nobody pinned a baseline")
    return runs[0]


def start(name):
    r = mlflow.start_run(run_name=name)
    mlflow.set_tag("robot", ROBOT)
    mlflow.set_tag("gripper", os.environ.get("GRIPPER", "parallel-2f"))
    mlflow.set_tag("host", socket.gethostname())
    mlflow.set_tag("sim_build", os.environ.get("SIM_BUILD", "unknown"))
    mlflow.set_tag("dataset_version", DATASET_VERSION)
    return r


def main(planner):
    exp_id = init_experiment("grasp/nightly")
    name = f"nightly-{ROBOT}"
    last = previous(exp_id, name)
    base = baseline(exp_id)
    start(name)
    try:
        scene = SceneFactory(["box", "bottle", "bag"], seed=1234).drop(20, 0.6)
        result = simulate(scene, planner, "top", attempts=100)
        mlflow.log_metric("success_rate", result["success_rate"])
        mlflow.set_tag("camera_pose", json.dumps(planner.camera_pose))
    finally:
        mlflow.end_run()
    for label, ref in (("last", last), ("baseline", base)):
        if ref is not None and result["success_rate"] < ref.data.metrics["success_rate"] - 0.03:
            print("REGRESSION against", label, ref.info.run_id)
            return 1
    return 0


if __name__ == "__main__":
    from planners import load
    sys.exit(main(load(sys.argv[1])))
