"""Streamly, second contract: an ALS ranker for the films within a row."""
import logging

import implicit
import mlflow
import numpy as np
from mlflow.tracking import MlflowClient
from scipy.sparse import csr_matrix

from common.offline import ndcg

logger = logging.getLogger("streamly.ranker")

EXPERIMENT = "streamly-ranker"


def build_matrix(frame):
    users = frame["user"].astype("category")
    items = frame["item"].astype("category")
    data = (frame["minutes"], (users.cat.codes, items.cat.codes))
    return csr_matrix(data), users.cat.categories, items.cat.categories


def evaluate(model, held_out, matrix, k=10):
    scores = []
    for user, relevant in held_out.items():
        ids, _ = model.recommend(user, matrix[user], N=k)
        scores.append(ndcg([int(i in relevant) for i in ids], k))
    return float(np.mean(scores)) if scores else 0.0


def train(frame, held_out, factors=64, regularization=0.01, catalog="eu"):
    mlflow.set_experiment(EXPERIMENT)
    matrix, _, items = build_matrix(frame)
    with mlflow.start_run(run_name=f"als-{factors}"):
        mlflow.set_tags(
            {
                "client": "streamly",
                "model": "als",
                "catalog": catalog,
                "items": str(len(items)),
            }
        )
        mlflow.log_params({"factors": factors, "regularization": regularization})
        model = implicit.als.AlternatingLeastSquares(factors=factors, regularization=regularization)
        model.fit(matrix)
        mlflow.log_metric("ndcg_10", evaluate(model, held_out, matrix))
    return model


def best_ranker(catalog):
    """by ndcg"""
    client = MlflowClient()
    experiment = client.get_experiment_by_name(EXPERIMENT)
    hits = client.search_runs(
        [experiment.experiment_id],
        filter_string=f"tags.catalog = '{catalog}' and attributes.status = 'FINISHED'",
        order_by=["metrics.ndcg_10 DESC"],
        max_results=1,
    )
    return hits[0] if hits else None


def catalog_size(run):
    return int(run.data.tags.get("items", 0))


def compare_catalogs(catalogs):
    table = {}
    for catalog in catalogs:
        run = best_ranker(catalog)
        if run is None:
            logger.warning("no ranker for %s", catalog)
            continue
        table[catalog] = (run.data.metrics["ndcg_10"], catalog_size(run))
    return table
