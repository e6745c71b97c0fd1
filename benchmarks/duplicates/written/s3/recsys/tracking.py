"""Tracking helpers of the recommender team."""
from __future__ import annotations

import os
from functools import lru_cache
from typing import Iterator

import mlflow
from mlflow.entities import Experiment, Run
from mlflow.tracking import MlflowClient

RANKER_EXPERIMENT = "reco/ranker"
CANDIDATE_EXPERIMENT = "reco/candidates"
FEATURE_HASH = "feature_hash"


@lru_cache(maxsize=None)
def get_client(uri: str | None = None) -> MlflowClient:
    return MlflowClient(uri or os.getenv("RECO_TRACKING_URI", "https://mlflow.reco.example"))


def use_experiment(name: str) -> Experiment:
    """Sets the experiment active; brings it back if it was deleted."""
    client = get_client()
    experiment = client.get_experiment_by_name(name)
    if experiment is not None and experiment.lifecycle_stage == "deleted":
        client.restore_experiment(experiment.experiment_id)
    return mlflow.set_experiment(name)


def require_experiment(name: str) -> str:
    experiment = get_client().get_experiment_by_name(name)
    if experiment is None:
        raise KeyError(f"experiment {name!r} does not exist")
    return experiment.experiment_id


def run_by_feature_hash(experiment: str, feature_hash: str, market: str) -> Run | None:
    """Latest finished run which was trained on exactly this feature set."""
    hits = get_client().search_runs(
        experiment_ids=[require_experiment(experiment)],
        filter_string=(
            f"tags.{FEATURE_HASH} = '{feature_hash}' and tags.market = '{market}' "
            "and attributes.status = 'FINISHED'"
        ),
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return next(iter(hits), None)


def iterate_runs(experiment_id: str, query: str = "", page: int = 500) -> Iterator[Run]:
    client, token = get_client(), None
    while True:
        chunk = client.search_runs([experiment_id], query, max_results=page, page_token=token)
        yield from chunk
        if not (token := chunk.token):
            break


def feature_tags(feature_set) -> dict[str, str]:
    return {
        FEATURE_HASH: feature_set.digest(),
        "feature_set": feature_set.name,
        "feature_count": str(len(feature_set.columns)),
        "feature_schema": str(feature_set.schema_version),
    }
