import json

import matplotlib.pyplot as plt
import mlflow
import pandas as pd
from mlflow.tracking import MlflowClient

from src.track import all_runs


def importance(family="lgbm", top=25):
    c = MlflowClient()
    e = c.get_experiment_by_name("store-sales")
    cand = [
        r for r in c.search_runs([e.experiment_id])
        if r.data.tags.get("family") == family and r.info.status == "FINISHED"
    ]
    cand.sort(key=lambda r: r.info.start_time, reverse=True)
    if not cand:
        return
    run = cand[0]
    path = mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path="importance.json")
    with open(path) as f:
        imp = pd.Series(json.load(f)).sort_values().tail(top)
    imp.plot.barh(figsize=(7, 8))
    plt.tight_layout()
    plt.show()


def score_history():
    t = all_runs()
    t = t.sort_values("start_time")
    for fam, g in t.groupby("tags.family"):
        plt.plot(g["start_time"], g["metrics.cv_rmsle"], "o-", label=fam)
    plt.legend()
    plt.ylabel("cv rmsle")
    plt.show()


def sales_by_store(df, stores=(1, 5, 44)):
    fig, axes = plt.subplots(len(stores), 1, figsize=(10, 2 * len(stores)), sharex=True)
    for ax, s in zip(axes, stores):
        df[df.store_nbr == s].groupby("date")["sales"].sum().plot(ax=ax, title=str(s))
    return fig
