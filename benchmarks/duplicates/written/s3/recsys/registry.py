"""Model registry by alias."""
from __future__ import annotations

import mlflow
from mlflow.entities import Run
from mlflow.exceptions import MlflowException

from recsys.tracking import get_client

CHAMPION, CHALLENGER = "champion", "challenger"


def register(run_id: str, name: str) -> str:
    mv = mlflow.register_model(f"runs:/{run_id}/model", name)
    get_client().set_registered_model_alias(name, CHALLENGER, mv.version)
    return mv.version


def champion_run(name: str) -> Run | None:
    """Run that made the champion, None when nobody is."""
    client = get_client()
    try:
        mv = client.get_model_version_by_alias(name, CHAMPION)
    except MlflowException:
        return None
    return client.get_run(mv.run_id)


def challenger_run(name: str) -> Run | None:
    client = get_client()
    try:
        mv = client.get_model_version_by_alias(name, CHALLENGER)
    except MlflowException:
        return None
    return client.get_run(mv.run_id)


def crown(name: str) -> None:
    client = get_client()
    mv = client.get_model_version_by_alias(name, CHALLENGER)
    client.set_registered_model_alias(name, CHAMPION, mv.version)
    client.delete_registered_model_alias(name, CHALLENGER)
    client.set_model_version_tag(name, mv.version, "crowned", "true")


def is_better(name: str, metric: str = "ndcg_10", margin: float = 0.002) -> bool:
    old, new = champion_run(name), challenger_run(name)
    if new is None:
        return False
    if old is None:
        return True
    return new.data.metrics.get(metric, 0) > old.data.metrics.get(metric, 0) + margin


def versions_of_run(run_id: str) -> list[str]:
    return [mv.version for mv in get_client().search_model_versions(f"run_id = '{run_id}'")]
