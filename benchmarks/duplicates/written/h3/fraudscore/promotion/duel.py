"""Champion against challenger on the newest labels."""
from __future__ import annotations

import getpass
from datetime import datetime, timezone

import mlflow
import mlflow.sklearn
from mlflow import MlflowClient
from sklearn.metrics import roc_auc_score

from fraudscore import constants as c
from fraudscore import features, storage
from fraudscore.registry import champion_run, experiment_id


def _auc(version: str, rows) -> float:
    model = mlflow.sklearn.load_model(f"models:/{c.MODEL}/{version}")
    return float(roc_auc_score(rows["fraud"], model.predict_proba(features.table(rows))[:, 1]))


def promotion_tags(old: str, old_auc: float, new_auc: float) -> dict[str, str]:
    """What is written on the run of a new champion."""
    return {
        "fs.promoted_by": getpass.getuser(),
        "fs.promoted_at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "fs.replaced_version": old,
        "fs.champion_auc": f"{old_auc:.4f}",
        "fs.challenger_auc": f"{new_auc:.4f}",
    }


def duel(margin: float = 0.002) -> bool:
    """Whether the challenger won."""
    client = MlflowClient()
    rows = storage.labelled(30)
    before = champion_run(client)
    old = client.get_model_version_by_alias(c.MODEL, c.CHAMPION).version
    new = client.get_model_version_by_alias(c.MODEL, c.CHALLENGER)
    old_auc, new_auc = _auc(old, rows), _auc(new.version, rows)
    run = client.create_run(
        experiment_id(client, c.EXPERIMENT_DUEL),
        run_name=f"duel-{old}-{new.version}",
        tags={"fs.job": "duel", "fs.champion": old, "fs.challenger": new.version, "fs.before": before.info.run_id},
    )
    client.log_metric(run.info.run_id, "champion_auc", old_auc)
    client.log_metric(run.info.run_id, "challenger_auc", new_auc)
    client.set_terminated(run.info.run_id)
    if new_auc < old_auc + margin:
        return False
    for key, value in promotion_tags(old, old_auc, new_auc).items():
        client.set_tag(new.run_id, key, value)
    client.set_registered_model_alias(c.MODEL, c.CHAMPION, new.version)
    return True
