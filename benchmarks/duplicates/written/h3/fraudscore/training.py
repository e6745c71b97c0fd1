"""Train a challenger."""
from __future__ import annotations

import os

import mlflow
import mlflow.sklearn
from mlflow import MlflowClient
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.metrics import precision_recall_curve, roc_auc_score
from sklearn.model_selection import train_test_split

from fraudscore import constants as c
from fraudscore import features, storage
from fraudscore.registry import experiment_id


def best_threshold(truth, score, precision: float = 0.9) -> float:
    p, _, thresholds = precision_recall_curve(truth, score)
    good = [t for value, t in zip(p, thresholds) if value >= precision]
    return float(min(good)) if good else 0.5


def train(days: int = 90) -> str:
    rows = storage.labelled(days)
    x, y = features.table(rows), rows["fraud"]
    x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=0.2, stratify=y, random_state=7)
    client = MlflowClient()
    mlflow.set_experiment(experiment_id=experiment_id(client, c.EXPERIMENT_TRAIN))
    with mlflow.start_run(run_name=f"train-{days}d") as run:
        model = GradientBoostingClassifier(n_estimators=200).fit(x_train, y_train)
        score = model.predict_proba(x_test)[:, 1]
        mlflow.log_params({"days": days, "rows": len(rows)})
        mlflow.log_metric("auc", roc_auc_score(y_test, score))
        mlflow.set_tags(
            {
                c.TAG_THRESHOLD: f"{best_threshold(y_test, score):.4f}",
                c.TAG_FEATURES: ",".join(x.columns),
                "fs.owner": os.environ.get("USER", "cron"),
            }
        )
        mlflow.sklearn.log_model(model, "model", registered_model_name=c.MODEL)
    newest = client.search_model_versions(f"name='{c.MODEL}' and run_id='{run.info.run_id}'")[0]
    client.set_registered_model_alias(c.MODEL, c.CHALLENGER, newest.version)
    client.set_model_version_tag(c.MODEL, newest.version, "auc", str(roc_auc_score(y_test, score)))
    return run.info.run_id
