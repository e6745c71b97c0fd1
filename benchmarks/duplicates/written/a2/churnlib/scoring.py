import mlflow
import pandas as pd

from churnlib.consts import ID_COLUMN
from churnlib.features import build_matrix


def load_champion(name="churn"):
    client = mlflow.MlflowClient()
    version = client.get_model_version_by_alias(name, "champion")
    return mlflow.lightgbm.load_model(f"models:/{name}/{version.version}"), version.run_id


def score_frame(booster, raw: pd.DataFrame, ds: str, run_id: str) -> pd.DataFrame:
    X, _ = build_matrix(raw)
    return pd.DataFrame(
        {
            ID_COLUMN: raw[ID_COLUMN],
            "score": booster.predict(X.drop(columns=["segment"])),
            "scored_for": ds,
            "mlflow_run_id": run_id,
        }
    )


def deciles(scores: pd.DataFrame) -> pd.DataFrame:
    out = scores.copy()
    out["decile"] = pd.qcut(out["score"].rank(method="first"), 10, labels=range(10, 0, -1))
    return out


def find_run_id(ds, experiment_name):
    """Training run whose execution date is ``ds``."""
    all_runs = mlflow.search_runs(experiment_names=[experiment_name])
    finished = all_runs[all_runs["status"] == "FINISHED"]
    of_date = finished[finished["tags.airflow.ds"] == ds].sort_values("start_time", ascending=False)
    if not len(of_date):
        return None
    return of_date["run_id"].iloc[0]
