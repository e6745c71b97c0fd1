import mlflow
import numpy as np
from sklearn.metrics import mean_absolute_error, mean_squared_error

from src.config import N_FOLDS, TARGET


def time_folds(df, n=N_FOLDS, days=16):
    end = df["date"].max()
    for k in range(n):
        stop = end - np.timedelta64(days * k, "D")
        start = stop - np.timedelta64(days, "D")
        tr = df.index[df["date"] <= start]
        va = df.index[(df["date"] > start) & (df["date"] <= stop)]
        yield k, tr, va


def rmsle(y, p):
    return float(np.sqrt(mean_squared_error(y, np.maximum(p, 0))))


def cross_validate(make_model, df, feats, family, log=True):
    parent = mlflow.active_run()
    oof = np.zeros(len(df))
    scores = []
    for k, tr, va in time_folds(df):
        tags = {"fold": str(k), "family": family, "level": "fold"}
        with mlflow.start_run(run_name=f"{family}-fold{k}", nested=True, tags=tags):
            m = make_model()
            m.fit(df.loc[tr, feats], df.loc[tr, TARGET])
            p = m.predict(df.loc[va, feats])
            oof[va] = p
            s = rmsle(df.loc[va, TARGET], p)
            scores.append(s)
            if log:
                mlflow.log_metric("rmsle", s)
                mlflow.log_metric("mae", mean_absolute_error(df.loc[va, TARGET], p))
    if parent is not None and log:
        mlflow.log_metric("cv_rmsle", float(np.mean(scores)))
        mlflow.log_metric("cv_std", float(np.std(scores)))
    return oof, scores
