"""Weekly numbers as a CSV for the account managers."""

from __future__ import annotations

import pathlib

import mlflow
import pandas as pd

COLUMNS = ["run_id", "start_time", "metrics.val_pr_auc", "metrics.val_ece", "tags.adrank.market"]


def table_for(bundle: str) -> pd.DataFrame:
    frame = mlflow.search_runs(
        search_all_experiments=True,
        filter_string=f"tags.`adrank.bundle` = '{bundle}'",
        order_by=["attributes.start_time DESC"],
        max_results=5_000,
    )
    return frame.reindex(columns=COLUMNS)


def pivot(frame: pd.DataFrame) -> pd.DataFrame:
    frame = frame.assign(week=frame["start_time"].dt.isocalendar().week)
    return frame.pivot_table(index="week", columns="tags.adrank.market", values="metrics.val_pr_auc")


if __name__ == "__main__":
    out = pathlib.Path("reports")
    out.mkdir(exist_ok=True)
    pivot(table_for("nightly")).to_csv(out / "pr_auc.csv")
