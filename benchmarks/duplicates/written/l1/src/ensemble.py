import mlflow
import numpy as np
import pandas as pd
from mlflow import MlflowClient
from scipy.optimize import minimize

from src.config import EXPERIMENT, OUT
from src.track import last_run_of


def load_oof(names):
    return pd.concat([pd.read_parquet(OUT / f"oof_{n}.parquet") for n in names], axis=1)


def weights(oof, y):
    n = oof.shape[1]

    def loss(w):
        return float(np.sqrt(np.mean((oof.values @ w - y) ** 2)))

    r = minimize(loss, np.ones(n) / n, bounds=[(0, 1)] * n,
                 constraints={"type": "eq", "fun": lambda w: w.sum() - 1})
    return r.x


def best_single():
    """best model so far"""
    client = MlflowClient()
    exp = client.get_experiment_by_name(EXPERIMENT)
    if exp is None:
        return None
    found = client.search_runs(
        experiment_ids=[exp.experiment_id],
        filter_string="metrics.cv_rmsle > 0",
        order_by=["metrics.cv_rmsle ASC"],
        max_results=1,
    )
    if not found:
        return None
    return found[0].info.run_id


def most_stable():
    t = mlflow.search_runs(experiment_names=[EXPERIMENT], order_by=["metrics.cv_std ASC"], max_results=1)
    return None if t.empty else t.iloc[0]["run_id"]


def members(families=("lgbm", "ridge")):
    runs = {f: last_run_of(f) for f in families}
    return {f: r.info.run_id for f, r in runs.items() if r is not None}
