"""Choose what goes into the ensemble."""

from __future__ import annotations

import mlflow
from mlflow import MlflowClient

from tabformer.runs import trials_of


def best_trial(parent, objective="rmse"):
    client = MlflowClient()
    done = [t for t in trials_of(client, parent) if objective in t.data.metrics]
    if not done:
        raise LookupError("no trial has finished")
    return min(done, key=lambda t: t.data.metrics[objective])


def top_k(parent, k=5, objective="rmse"):
    client = MlflowClient()
    done = [t for t in trials_of(client, parent) if objective in t.data.metrics]
    return sorted(done, key=lambda t: t.data.metrics[objective])[:k]


def named(experiment_id, name):
    """The newest run of that name."""
    result = MlflowClient().search_runs(
        [experiment_id],
        filter_string=f"attributes.run_name = '{name}'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return result[0] if result else None


def load_models(runs_):
    return [mlflow.pytorch.load_model(f"runs:/{r.info.run_id}/model") for r in runs_]
