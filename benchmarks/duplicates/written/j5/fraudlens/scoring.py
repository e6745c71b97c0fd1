import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from fraudlens.payments import cost, features


def fit(df, C=1.0):
    return make_pipeline(StandardScaler(), LogisticRegression(C=C, max_iter=500)).fit(features(df), df["label"])


def score(model, df):
    return model.predict_proba(features(df))[:, 1]


def best_threshold(p, df, steps=40):
    grid = np.quantile(p, np.linspace(0.5, 0.999, steps))
    costs = [cost(df["label"], p >= t, df["amount"]) for t in grid]
    return float(grid[int(np.argmin(costs))]), float(min(costs))


def metrics(model, df):
    p = score(model, df)
    t, c = best_threshold(p, df)
    return {"auc": roc_auc_score(df["label"], p), "ap": average_precision_score(df["label"], p), "threshold": t, "cost": c}
