"""Runs -> DataFrames."""
import json

import mlflow
import numpy as np
import pandas as pd

KEEP = ["run_id", "start_time", "status"]


def experiment_frame(name, strip=True):
    exp = mlflow.get_experiment_by_name(name)
    if exp is None:
        raise KeyError(name)
    df = mlflow.search_runs([exp.experiment_id], max_results=50_000)
    if not strip:
        return df
    cols = KEEP + [c for c in df.columns if c.startswith(("metrics.", "params.", "tags."))]
    df = df[cols].rename(columns=lambda c: c.split(".", 1)[-1])
    return df.loc[:, ~df.columns.duplicated()]


def best_on(df, dataset):
    """Row with the highest success rate on the dataset version."""
    part = df.loc[df["dataset_version"].eq(dataset) & df["success_rate"].notna()]
    if part.empty:
        return None
    return part.loc[part["success_rate"].idxmax()]


def pose_columns(df):
    """Unpack camera_pose into six columns."""
    def unpack(raw):
        return np.array(json.loads(raw), dtype=float) if isinstance(raw, str) else np.zeros(6)

    poses = np.vstack([unpack(p) for p in df["camera_pose"]])
    for i, axis in enumerate(("x", "y", "z", "roll", "pitch", "yaw")):
        df[f"cam_{axis}"] = poses[:, i]
    return df


def pivot_sweep(df, sweep_id):
    cells = df[(df["sweep_id"] == sweep_id) & (df["level"] == "cell")]
    return cells.pivot_table(index="friction", columns="n_items", values="success_rate", aggfunc="mean")
