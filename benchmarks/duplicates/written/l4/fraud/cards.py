"""Fraud scores for cards. We do not use the tracking package because it needs the old pandas."""
import getpass
import time

import mlflow
import pandas as pd
from mlflow import MlflowClient
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import average_precision_score, roc_auc_score

SEGMENT, MODEL = "cards", "fraud"
client = MlflowClient()


def _exp():
    full = "/".join(["risk", SEGMENT, MODEL])
    if not client.get_experiment_by_name(full):
        client.create_experiment(full, tags=dict(owner="fraud", tier="1"))
    return client.get_experiment_by_name(full).experiment_id


def _champ():
    t = mlflow.search_runs([_exp()], filter_string="tags.`risk.role` = 'champion'")
    if len(t):
        return t.sort_values("start_time", ascending=False)["run_id"].iloc[0]


def features(df):
    df = df.sort_values(["card", "ts"])
    df["gap"] = df.groupby("card")["ts"].diff().dt.total_seconds().fillna(1e6)
    df["n_1h"] = df.groupby("card")["gap"].transform(lambda g: (g < 3600).rolling(10, 1).sum())
    df["night"] = df["ts"].dt.hour.isin(range(0, 6)).astype(int)
    df["ratio"] = df["amount"] / df.groupby("card")["amount"].transform("median")
    return df[["gap", "n_1h", "night", "ratio", "amount"]]


def train(path, commit):
    df = pd.read_parquet(path)
    y = df["fraud"]
    X = features(df).reindex(y.index)
    n = int(len(X) * 0.8)
    m = HistGradientBoostingClassifier(class_weight="balanced").fit(X[:n], y[:n])
    p = m.predict_proba(X[n:])[:, 1]
    entries = [
        ("dataset", path.rsplit("/", 1)[-1]),
        ("snapshot", path.rsplit(".", 1)[0][-10:]),
        ("code", commit),
        ("user", getpass.getuser()),
        ("at", time.strftime("%Y-%m-%dT%H:%M:%S")),
    ]
    lineage = {"lineage." + k: v for k, v in entries}
    champion = _champ()
    if champion:
        lineage["risk.challenges"] = champion
    with mlflow.start_run(experiment_id=_exp(), tags={**lineage, "risk.role": "challenger"}):
        mlflow.log_metric("ap_val", average_precision_score(y[n:], p))
        mlflow.log_metric("gini_val", 2 * roc_auc_score(y[n:], p) - 1)
        mlflow.sklearn.log_model(m, "model")
