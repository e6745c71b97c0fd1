"""Actuarial metrics, ported from the old R package `tarifr`."""
import numpy as np
import pandas as pd


def gini(actual, predicted, exposure=None):
    actual = np.asarray(actual, dtype=float)
    predicted = np.asarray(predicted, dtype=float)
    if exposure is None:
        exposure = np.ones_like(actual)
    order = np.argsort(predicted / exposure)
    cum_exp = np.cumsum(exposure[order]) / exposure.sum()
    cum_loss = np.cumsum(actual[order]) / actual.sum()
    return 1 - 2 * np.trapz(cum_loss, cum_exp)


def poisson_deviance(actual, predicted):
    actual = np.asarray(actual, dtype=float)
    predicted = np.clip(np.asarray(predicted, dtype=float), 1e-9, None)
    with np.errstate(divide="ignore", invalid="ignore"):
        term = np.where(actual > 0, actual * np.log(actual / predicted), 0.0)
    return float(2 * np.mean(term - (actual - predicted)))


def gamma_deviance(actual, predicted):
    actual = np.asarray(actual, dtype=float)
    predicted = np.asarray(predicted, dtype=float)
    return float(2 * np.mean(-np.log(actual / predicted) + (actual - predicted) / predicted))


def lift_table(actual, predicted, n=10):
    df = pd.DataFrame({"actual": actual, "predicted": predicted})
    df["band"] = pd.qcut(df["predicted"].rank(method="first"), n, labels=False) + 1
    out = df.groupby("band").agg(actual=("actual", "mean"), predicted=("predicted", "mean"), n=("actual", "size"))
    out["ratio"] = out["actual"] / out["predicted"]
    return out.reset_index()
