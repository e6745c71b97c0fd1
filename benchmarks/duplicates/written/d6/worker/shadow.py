"""Runs the newest model beside the one that is served, and compares them."""
from __future__ import annotations

import argparse
import json

import mlflow
import numpy as np

from app.config import config
from app.ml.model import Classifier
from app.ml.registry import RunRegistry, ServingSpec
from app.schemas import Document


def newest(dataset):
    mlflow.set_tracking_uri(config.mlflow_uri)
    df = mlflow.search_runs(experiment_names=[config.train_experiment], order_by=["start_time DESC"])
    if "params.dataset" not in df:
        return None
    df = df[df["params.dataset"].eq(dataset) & df["status"].eq("FINISHED")]
    return None if df.empty else df["run_id"].iat[0]


def read(path):
    with open(path) as f:
        return [Document(**json.loads(line)) for line in f]


def agreement(a, b):
    same = [x.labels[0].name == y.labels[0].name for x, y in zip(a, b)]
    return float(np.mean(same))


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("documents")
    ap.add_argument("--dataset", default=config.dataset)
    args = ap.parse_args()
    registry = RunRegistry(config)
    candidate = newest(args.dataset)
    served = registry.spec()
    if candidate in (None, served.run_id):
        print("nothing new")
        return
    documents = read(args.documents)
    spec = ServingSpec.from_run(registry.client.get_run(candidate))
    value = agreement(
        Classifier.load(served).predict(documents),
        Classifier.load(spec).predict(documents),
    )
    mlflow.set_experiment(config.serve_experiment)
    tags = dict(service="shadow", env=config.env)
    tags.setdefault("version", config.version)
    with mlflow.start_run(run_name=f"shadow-{config.env}", tags=tags):
        mlflow.log_params({"served": served.run_id, "candidate": candidate})
        mlflow.log_metric("agreement", value)
    print(value)


if __name__ == "__main__":
    main()
