"""Triage of new claims: fast track, normal or special investigation."""
import os

import mlflow
import pandas as pd
import xgboost as xgb
from mlflow.tracking import MlflowClient
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold

EXPERIMENT = "claims-triage"


def start_or_resume(job_name, team="claims", run_name="triage"):
    """In an Azure job the run exists already, on a laptop it doesn't."""
    mlflow.set_experiment(EXPERIMENT)
    azure_id = os.getenv("MLFLOW_RUN_ID", "")
    if azure_id:
        run = mlflow.start_run(run_id=azure_id)
        mlflow.set_tags({"job_name": job_name, "team": team, "origin": "azure"})
    else:
        run = mlflow.start_run(run_name=run_name, tags={"job_name": job_name, "team": team, "origin": "local"})
    return run


def folds(y, k=5, seed=11):
    return StratifiedKFold(n_splits=k, shuffle=True, random_state=seed).split(y.to_frame(), y)


def cross_validate(df, target, params, num_round=300, k=5):
    y = df[target]
    x = df.drop(columns=[target])
    aucs = []
    for i, (tr, te) in enumerate(folds(y, k)):
        with mlflow.start_run(run_name=f"fold{i}", nested=True):
            booster = xgb.train(params, xgb.DMatrix(x.iloc[tr], y.iloc[tr]), num_round)
            auc = roc_auc_score(y.iloc[te], booster.predict(xgb.DMatrix(x.iloc[te])))
            mlflow.log_metric("auc", auc)
            aucs.append(auc)
    return pd.Series(aucs)


def best_triage():
    """Highest mean auc of the parents (folds are left out)."""
    client = MlflowClient()
    exp = client.get_experiment_by_name(EXPERIMENT)
    runs = client.search_runs([exp.experiment_id], "metrics.auc_mean > 0.5", order_by=["metrics.auc_mean DESC"])
    parents = [r for r in runs if "mlflow.parentRunId" not in r.data.tags]
    return parents[0] if parents else None


def main(path="data/triage.parquet"):
    df = pd.read_parquet(path)
    run = start_or_resume("triage-weekly")
    try:
        scores = cross_validate(df, "special_investigation", {"objective": "binary:logistic", "max_depth": 4})
        mlflow.log_metric("auc_mean", scores.mean())
        mlflow.log_metric("auc_sd", scores.std())
    except Exception:
        mlflow.end_run("FAILED")
        raise
    mlflow.end_run()
    return run.info.run_id


if __name__ == "__main__":
    main()
