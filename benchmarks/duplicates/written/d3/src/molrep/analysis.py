from __future__ import annotations

import mlflow
import numpy as np
import pandas as pd


def results(phase: str, experiment: str = "molrep") -> pd.DataFrame:
    """mean and std of auc for each dataset and kind"""
    df = mlflow.search_runs(
        experiment_names=[experiment],
        filter_string=f"tags.phase = '{phase}' and attributes.status = 'FINISHED'",
        max_results=5000,
    )
    if df.empty:
        return df
    by = df.groupby(["tags.data.name", "tags.source_run"])["metrics.auc"]
    return by.agg(["mean", "std", "size"]).reset_index()


def latex(df: pd.DataFrame) -> str:
    rows = []
    for _, r in df.iterrows():
        rows.append(f"{r['tags.data.name']} & ${r['mean']:.3f} \\pm {r['std']:.3f}$ \\\\")
    return "\n".join(rows)


def curve(run_id: str, metric: str = "val_loss", smooth: int = 5) -> np.ndarray:
    client = mlflow.MlflowClient()
    values = [m.value for m in client.get_metric_history(run_id, metric)]
    kernel = np.ones(smooth) / smooth
    return np.convolve(values, kernel, mode="valid")


def lineage(run_id: str) -> list[str]:
    """the run, its source, the source of that, ..."""
    client, chain = mlflow.MlflowClient(), []
    while run_id:
        chain.append(run_id)
        run_id = client.get_run(run_id).data.tags.get("source_run")
    return chain
