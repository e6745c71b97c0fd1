"""Random forests & extra trees.

Author: Tomasz (master thesis 2022)
"""
import logging
import os
import platform
from typing import Optional

import mlflow
import numpy
import sklearn
from mlflow.entities import Run
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.model_selection import cross_validate

from common import DATASETS, SEEDS, Clock, load, setup

logger = logging.getLogger("forest")

MODELS = {
    "rf": lambda seed: RandomForestClassifier(500, n_jobs=-1, random_state=seed),
    "et": lambda seed: ExtraTreesClassifier(500, n_jobs=-1, random_state=seed),
}


def find_done(experiment_id: str, **params) -> Optional[Run]:
    """Last finished run with exactly these dataset, algorithm, seed."""
    clauses = ["attributes.status = 'FINISHED'"]
    for key in ("dataset", "algorithm", "seed"):
        clauses.append(f"params.{key} = '{params[key]}'")
    frame = mlflow.search_runs(
        experiment_ids=[experiment_id],
        filter_string=" and ".join(clauses),
        order_by=["start_time DESC"],
        max_results=1,
    )
    if len(frame) == 0:
        return None
    return mlflow.get_run(frame.at[0, "run_id"])


def environment() -> None:
    mlflow.set_tag("python", platform.python_version())
    mlflow.set_tag("machine", platform.node())
    mlflow.set_tag("numpy", numpy.__version__)
    mlflow.set_tag("sklearn", sklearn.__version__)


def one(name: str, algorithm: str, seed: int) -> float:
    X, y = load(name)
    tags = {"suite": "tabsuite-2", "student": "tomasz", "family": "trees", "cv_scheme": "5x1"}
    with mlflow.start_run(run_name=f"{algorithm}-{name}-{seed}", tags=tags):
        environment()
        mlflow.log_params(dict(dataset=name, algorithm=algorithm, seed=seed, trees=500))
        with Clock() as clock:
            cv = cross_validate(MODELS[algorithm](seed), X, y, cv=5, scoring=["f1_macro", "balanced_accuracy"])
        mlflow.log_metric("seconds", clock.seconds)
        mlflow.log_metric("bacc", cv["test_balanced_accuracy"].mean())
        mlflow.log_metric("f1_macro", cv["test_f1_macro"].mean())
    return cv["test_f1_macro"].mean()


def main():
    exp_id = setup("forest")
    for name in DATASETS:
        for algorithm in MODELS:
            for seed in SEEDS:
                old = find_done(exp_id, dataset=name, algorithm=algorithm, seed=seed)
                if old is not None and not os.getenv("FORCE"):
                    logger.info("%s %s %d: %.3f (old)", name, algorithm, seed, old.data.metrics["f1_macro"])
                    continue
                logger.info("%s %s %d: %.3f", name, algorithm, seed, one(name, algorithm, seed))


if __name__ == "__main__":
    logging.basicConfig(level="INFO")
    main()
