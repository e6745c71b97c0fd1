"""tables for the group meeting"""
import mlflow
import pandas as pd

from segsweep.config import flatten  # noqa: F401


def children(parent_id):
    """all trials of a sweep as a table"""
    parent = mlflow.get_run(parent_id)
    df = mlflow.search_runs(
        [parent.info.experiment_id], filter_string=f"tags.mlflow.parentRunId = '{parent_id}'"
    )
    keep = [c for c in df.columns if c.startswith(("params.", "metrics.val"))]
    return df[["run_id", "status", "tags.trial_key"] + keep]


def top_trial(parent_id):
    """run of the winner"""
    parent = mlflow.get_run(parent_id)
    df = mlflow.search_runs(
        [parent.info.experiment_id], filter_string=f"tags.mlflow.parentRunId = '{parent_id}'"
    )
    df = df[df["status"] == "FINISHED"]
    if df.empty or df["metrics.val_dice"].isna().all():
        return None
    return mlflow.get_run(df.loc[df["metrics.val_dice"].idxmax(), "run_id"])


def most_robust(parent_id):
    """the winner when we look at the bad cases only"""
    parent = mlflow.get_run(parent_id)
    df = mlflow.search_runs(
        [parent.info.experiment_id], filter_string=f"tags.mlflow.parentRunId = '{parent_id}'"
    )
    df = df[df["status"] == "FINISHED"]
    if df.empty or df["metrics.val_dice_p5"].isna().all():
        return None
    return mlflow.get_run(df.loc[df["metrics.val_dice_p5"].idxmax(), "run_id"])


def siblings(run_id):
    """trials of the same sweep"""
    run = mlflow.get_run(run_id)
    parent_id = run.data.tags.get("mlflow.parentRunId")
    if parent_id is None:
        return []
    runs = mlflow.search_runs(
        [run.info.experiment_id],
        f"tags.mlflow.parentRunId = '{parent_id}'",
        output_format="list",
    )
    return [r for r in runs if r.info.run_id != run_id]


def main_effects(parent_id):
    df = children(parent_id)
    rows = []
    for col in df.columns:
        if not col.startswith("params.") or df[col].nunique() < 2:
            continue
        means = df.groupby(col)["metrics.val_dice"].agg(["mean", "std", "count"])
        for value, row in means.iterrows():
            rows.append({"param": col[7:], "value": value, **row.to_dict()})
    return pd.DataFrame(rows).sort_values("mean", ascending=False)


def to_latex(df, path):
    with open(path, "w") as f:
        f.write(df.to_latex(index=False, float_format="%.3f", escape=True))


def thrown_out(parent_id):
    """lost GPU hours by preemption, for the complaint to the computing centre"""
    lost = 0
    parent = mlflow.get_run(parent_id)
    for r in mlflow.search_runs(
        [parent.info.experiment_id],
        f"tags.mlflow.parentRunId = '{parent_id}'",
        output_format="list",
    ):
        tag = r.data.tags.get("preemptions")
        try:
            lost += int(tag) if tag else 0
        except ValueError:
            pass
    return lost
