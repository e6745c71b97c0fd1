"""Metrics, and who is the champion."""
import logging

import mlflow
import numpy as np
from mlflow.tracking import MlflowClient

log = logging.getLogger(__name__)


def wape(y, yhat):
    total = np.abs(y).sum()
    return float(np.abs(y - yhat).sum() / total) if total else float("nan")


def bias(y, yhat):
    total = np.abs(y).sum()
    return float((yhat - y).sum() / total) if total else float("nan")


def mase(y, yhat, season=7):
    naive = np.abs(y[season:] - y[:-season]).mean()
    return float(np.abs(y - yhat).mean() / naive) if naive else float("nan")


def score_frame(frame):
    """All metrics by category, and one line for everything."""
    rows = {}
    for category, part in frame.groupby("category"):
        y, yhat = part["y"].to_numpy(), part["yhat"].to_numpy()
        rows[category] = {"wape": wape(y, yhat), "bias": bias(y, yhat), "mase": mase(y, yhat)}
    y, yhat = frame["y"].to_numpy(), frame["yhat"].to_numpy()
    rows["all"] = {"wape": wape(y, yhat), "bias": bias(y, yhat), "mase": mase(y, yhat)}
    return rows


def best_run_for_region(experiment_name, region):
    """The finished run with the lowest backtest WAPE of a region.

    Returns
    -------
    mlflow.entities.Run or None
    """
    client = MlflowClient()
    exp = client.get_experiment_by_name(experiment_name)
    if exp is None:
        return None
    found = client.search_runs(
        experiment_ids=[exp.experiment_id],
        filter_string=f"tags.region = '{region}' and attributes.status = 'FINISHED'",
        order_by=["metrics.backtest_wape ASC"],
        max_results=1,
    )
    if not found:
        log.info("no candidate for %s", region)
        return None
    return found[0]


def least_biased(experiment_id, region):
    """For the replenishment people, who care about bias and not about WAPE."""
    frame = mlflow.search_runs(
        [experiment_id],
        filter_string=f"tags.region = '{region}' and attributes.status = 'FINISHED'",
    )
    if frame.empty or "metrics.backtest_bias" not in frame:
        return None
    idx = frame["metrics.backtest_bias"].abs().idxmin()
    return frame.loc[idx, "run_id"]


def compare(client, run_a, run_b):
    a, b = client.get_run(run_a).data.metrics, client.get_run(run_b).data.metrics
    shared = sorted(set(a) & set(b))
    return {name: b[name] - a[name] for name in shared}
