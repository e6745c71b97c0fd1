"""Discrimination and stability measures."""
import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score


def gini(y_true, score):
    """2*AUC-1, as in the validation handbook."""
    return 2.0 * roc_auc_score(y_true, score) - 1.0


def psi(expected: pd.Series, actual: pd.Series, bins: int = 10) -> float:
    edges = np.unique(np.quantile(expected.dropna(), np.linspace(0, 1, bins + 1)))
    edges[0], edges[-1] = -np.inf, np.inf
    e = np.histogram(expected, edges)[0] / max(len(expected), 1)
    a = np.histogram(actual, edges)[0] / max(len(actual), 1)
    e, a = np.clip(e, 1e-6, None), np.clip(a, 1e-6, None)
    return float(((a - e) * np.log(a / e)).sum())


def psi_table(reference: pd.DataFrame, current: pd.DataFrame) -> dict:
    shared = [c for c in reference.columns if c in current.columns]
    return {c: psi(reference[c], current[c]) for c in shared}


def calibration_by_grade(grades: pd.Series, defaults: pd.Series, pd_hat: pd.Series) -> pd.DataFrame:
    frame = pd.DataFrame({"grade": grades, "default": defaults, "pd": pd_hat})
    out = frame.groupby("grade").agg(n=("default", "size"), odr=("default", "mean"), pd=("pd", "mean"))
    out["ratio"] = out["odr"] / out["pd"].replace(0, np.nan)
    return out.reset_index()
