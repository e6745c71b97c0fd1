"""Case reserves: expected ultimate per open claim."""
import logging

import mlflow
import numpy as np
import pandas as pd
from mlflow.exceptions import MlflowException
from sklearn.ensemble import HistGradientBoostingRegressor

LOG = logging.getLogger(__name__)
EXPERIMENT = "claims-reserving"


def open_experiment(name=EXPERIMENT, location=None):
    """Look the experiment up; make it, or undelete it, if need be."""
    existing = mlflow.get_experiment_by_name(name)
    if existing is not None and existing.lifecycle_stage != "deleted":
        return existing.experiment_id
    if existing is not None:
        mlflow.MlflowClient().restore_experiment(existing.experiment_id)
        return existing.experiment_id
    return mlflow.create_experiment(name, artifact_location=location)


def chain_ladder(triangle: pd.DataFrame) -> pd.Series:
    factors = []
    for j in range(triangle.shape[1] - 1):
        rows = triangle.iloc[:, j + 1].notna()
        factors.append(triangle.loc[rows].iloc[:, j + 1].sum() / triangle.loc[rows].iloc[:, j].sum())
    cdf = np.cumprod(factors[::-1])[::-1]
    return pd.Series(np.append(cdf, 1.0), index=triangle.columns)


def make_features(claims: pd.DataFrame, as_of: str) -> pd.DataFrame:
    d = claims.copy()
    cutoff = pd.Timestamp(as_of)
    d["age_days"] = (cutoff - d["reported_at"]).dt.days
    d["delay_days"] = (d["reported_at"] - d["occurred_at"]).dt.days
    d["log_paid"] = np.log1p(d["paid_to_date"])
    for col in ("cause", "region", "handler_team"):
        d[col] = d[col].astype("category").cat.codes
    return d


def train(claims: pd.DataFrame, as_of: str, seed: int = 1, max_iter: int = 400, quantile: float = None):
    x = make_features(claims, as_of)
    y = x.pop("ultimate")
    with mlflow.start_run(experiment_id=open_experiment(), run_name=f"reserve-{as_of}") as active:
        mlflow.set_tags({"as_of": as_of, "method": "hgb", "quantile": str(quantile)})
        loss = "quantile" if quantile else "gamma"
        reg = HistGradientBoostingRegressor(loss=loss, quantile=quantile, max_iter=max_iter, random_state=seed)
        reg.fit(x, y)
        pred = reg.predict(x)
        mlflow.log_metric("bias", float(pred.sum() / y.sum() - 1))
        mlflow.sklearn.log_model(reg, "model")
        return active.info.run_id


def run_of_quarter(as_of):
    """The reserving run booked for a quarter; there must be exactly one."""
    exp = mlflow.get_experiment_by_name(EXPERIMENT)
    if exp is None:
        raise MlflowException(f"{EXPERIMENT} does not exist")
    runs = mlflow.search_runs([exp.experiment_id], f"tags.as_of = '{as_of}' and tags.booked = 'yes'", output_format="list")
    if len(runs) != 1:
        raise ValueError(f"{len(runs)} booked runs for {as_of}, expected one")
    return runs[0]
