"""Nightly training per tenant."""
from __future__ import annotations

import logging
import sys
from typing import Any

import mlflow
import numpy as np
import pandas as pd
from mlflow.tracking import MlflowClient
from sklearn.metrics import average_precision_score, roc_curve

from ..settings import METRIC_PRAUC, Mode, Settings
from ..tracking import AuditTags, ExperimentResolver

logger = logging.getLogger("fraud.train")


def load_transactions(settings: Settings, days: int) -> pd.DataFrame:
    path = f"s3://fraud-lake-{settings.region}/{settings.tenant}/{settings.scheme}/last_{days}d.parquet"
    df = pd.read_parquet(path)
    logger.info("%d transactions, %.3f%% fraud", len(df), 100 * df["is_fraud"].mean())
    return df


def threshold_at_fpr(y: np.ndarray, p: np.ndarray, max_fpr: float) -> float:
    fpr, _, thr = roc_curve(y, p)
    ok = np.where(fpr <= max_fpr)[0]
    return float(thr[ok[-1]]) if len(ok) else 1.0


def fit(df: pd.DataFrame) -> Any:
    from xgboost import XGBClassifier

    X = df.drop(columns=["is_fraud", "id", "ts"])
    pos = max(df["is_fraud"].sum(), 1)
    return XGBClassifier(n_estimators=600, max_depth=6, scale_pos_weight=(len(df) - pos) / pos).fit(X, df["is_fraud"])


def train(settings: Settings, ticket: str, mode: Mode = Mode.SHADOW) -> str:
    client = MlflowClient(settings.tracking_uri)
    experiment_id = ExperimentResolver(client, settings).ensure()
    df = load_transactions(settings, 90).sort_values("ts")
    cut = int(len(df) * 0.85)
    with mlflow.start_run(
        experiment_id=experiment_id,
        run_name=f"{settings.tenant}-{mode.value}",
        tags=AuditTags(settings).for_run(mode, ticket),
    ) as run:
        model = fit(df.iloc[:cut])
        valid = df.iloc[cut:]
        p = model.predict_proba(valid.drop(columns=["is_fraud", "id", "ts"]))[:, 1]
        mlflow.log_metric(METRIC_PRAUC, average_precision_score(valid["is_fraud"], p))
        mlflow.set_tag("fraud.threshold", f"{threshold_at_fpr(valid['is_fraud'].to_numpy(), p, settings.max_fpr):.5f}")
        mlflow.xgboost.log_model(model, "model")
    return run.info.run_id


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    print(train(Settings.from_env(), ticket=sys.argv[1]))
