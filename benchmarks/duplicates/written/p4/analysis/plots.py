"""Figures for the weekly."""
import json
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from mlflow.tracking import MlflowClient

import tracking
from analysis.frames import experiment_frame, pivot_sweep

OUT = Path("figures")


def success_over_versions(name="grasp/train"):
    df = experiment_frame(name)
    top = df.groupby("dataset_version")["success_rate"].max()
    fig, ax = plt.subplots()
    ax.bar(top.index, top.values)
    ax.set_ylim(0, 1)
    ax.set_ylabel("success rate")
    fig.savefig(OUT / "versions.png", dpi=150)


def latest_sweep(dataset):
    """newest sweep parent for the heat map"""
    c = MlflowClient()
    exp = c.get_experiment_by_name("grasp/sweeps")
    parents = []
    for r in c.search_runs([exp.experiment_id], max_results=2000):
        t = r.data.tags
        if t.get("level") == "sweep" and t.get("dataset_version") == dataset:
            parents.append(r)
    if not parents:
        return None
    return sorted(parents, key=lambda r: -r.info.start_time)[0]


def heatmap(dataset):
    sweep = latest_sweep(dataset)
    if sweep is None:
        print("no sweep on", dataset)
        return
    table = pivot_sweep(experiment_frame("grasp/sweeps"), sweep.data.tags["sweep_id"])
    fig, ax = plt.subplots()
    im = ax.imshow(table.values, vmin=0, vmax=1)
    ax.set_xticks(range(len(table.columns)), table.columns)
    ax.set_yticks(range(len(table.index)), table.index)
    fig.colorbar(im)
    pose = sweep.data.tags.get("camera_pose")
    if pose:
        x, y, z = [float(v) for v in json.loads(pose)][:3]
        ax.set_title(f"camera at {x:.2f} {y:.2f} {z:.2f}")
    fig.savefig(OUT / f"sweep-{dataset}.png", dpi=150)


def learning_curve(run_name):
    exp_id = tracking.activate("grasp/train")
    run = tracking.by_name(exp_id, run_name)
    if run is None:
        return
    history = tracking.client().get_metric_history(run.info.run_id, "loss")
    plt.figure()
    plt.plot([m.step for m in history], [m.value for m in history])
    plt.savefig(OUT / f"loss-{run_name}.png")


if __name__ == "__main__":
    OUT.mkdir(exist_ok=True)
    success_over_versions()
    heatmap("v14")
