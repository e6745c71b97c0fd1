"""Forecast sums and their parts so that they agree."""

import mlflow
import numpy as np

from tidecast.data import rolling_folds
from tidecast.metrics import rmse, smape


def summing_matrix(groups):
    """Rows are sums, columns are bottom series."""
    bottom = sorted({leaf for leaves in groups.values() for leaf in leaves})
    matrix = np.zeros((len(groups) + len(bottom), len(bottom)))
    for row, leaves in enumerate(groups.values()):
        for leaf in leaves:
            matrix[row, bottom.index(leaf)] = 1
    matrix[len(groups):] = np.eye(len(bottom))
    return matrix, bottom


def reconcile(base, matrix):
    """Least squares reconciliation of base forecasts."""
    weights = np.linalg.pinv(matrix.T @ matrix) @ matrix.T
    return matrix @ (weights @ base)


def backtest_hierarchy(total, model, horizon, n_folds=3):
    """Backtest the top series of a hierarchy; the caller has an open run."""
    scores = []
    mlflow.set_tag("tidecast.series", total.name)
    mlflow.set_tag("tidecast.hash", total.fingerprint())
    mlflow.set_tag("tidecast.freq", total.freq)
    mlflow.set_tag("tidecast.length", len(total))
    for f in rolling_folds(total, horizon, n_folds):
        with mlflow.start_run(nested=True, run_name="fold-%d" % f.index):
            mlflow.set_tags(
                {
                    "tidecast.horizon": horizon,
                    "tidecast.cutoff": f.cutoff.isoformat(),
                    "tidecast.fold": f.index,
                }
            )
            forecast = model.fit(f.train).predict(horizon)
            mlflow.log_metric("rmse", rmse(f.test, forecast))
            mlflow.log_metric("smape", smape(f.test, forecast))
        scores.append(smape(f.test, forecast))
    return float(np.mean(scores))
