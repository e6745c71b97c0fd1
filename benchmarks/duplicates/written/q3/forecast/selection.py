"""Which model for which store."""
import logging
from collections import Counter

import mlflow
from mlflow.tracking import MlflowClient

logger = logging.getLogger(__name__)
FALLBACK = "snaive"


def best_store_run(experiment_id, store):
    """Lowest WAPE ever finished for the store, None for a new store."""
    client = MlflowClient()
    runs = client.search_runs(
        experiment_ids=[experiment_id],
        filter_string=f"tags.level = 'store' AND tags.store = '{store}' AND attributes.status = 'FINISHED'",
        order_by=["metrics.wape ASC"],
        max_results=1,
    )
    return runs[0] if runs else None


def last_store_run(experiment_id, store):
    """Most recent finished run for the store, None for a new store."""
    client = MlflowClient()
    runs = client.search_runs(
        experiment_ids=[experiment_id],
        filter_string=f"tags.level = 'store' AND tags.store = '{store}' AND attributes.status = 'FINISHED'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return runs[0] if runs else None


def worst_stores(experiment_id, week, n=10):
    df = mlflow.search_runs([experiment_id], f"tags.level = 'store' and tags.week = '{week}'")
    if df.empty:
        return []
    return df.nlargest(n, "metrics.wape")["tags.store"].tolist()


def choose_model(experiment_id, store):
    best = best_store_run(experiment_id, store)
    if best is None:
        return FALLBACK
    return best.data.params.get("model", FALLBACK)


def popularity(experiment_id, stores):
    return Counter(choose_model(experiment_id, s) for s in stores)
