"""Entry points of the wheel tasks."""
import argparse
import os

import mlflow
from mlflow import MlflowClient


def my_latest(experiment_id, user):
    client = MlflowClient()
    found = client.search_runs(
        [experiment_id],
        f"tags.mlflow.user = '{user}'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return found[0].info.run_id if found else None


def top_candidate(experiment):
    ranked = mlflow.search_runs(experiment_names=[experiment], filter_string="status = 'FINISHED'")
    ranked = ranked[ranked["metrics.recall_at_p90"].notna()]
    if ranked.empty:
        raise RuntimeError("no candidate")
    return ranked.nlargest(1, "metrics.recall_at_p90").iloc[0]["run_id"]


def already_done(experiment_id, params):
    clauses = [f"params.{k} = '{v}'" for k, v in sorted(params.items())]
    hits = MlflowClient().search_runs([experiment_id], " and ".join(clauses), max_results=1)
    return bool(hits)


def cost_tags():
    return {
        "finops.cluster": os.environ.get("DB_CLUSTER_ID", ""),
        "finops.pool": os.environ.get("DB_POOL_ID", ""),
        "finops.cost_center": "fraud",
    }


def threshold_task(argv=None):
    from fraudlib.thresholds import Budget, threshold_for

    parser = argparse.ArgumentParser()
    parser.add_argument("--experiment", default="/Shared/fraud/threshold")
    parser.add_argument("--window", required=True)
    parser.add_argument("--reviews", type=int, default=300)
    args = parser.parse_args(argv)
    mlflow.set_experiment(args.experiment)
    scores = mlflow.artifacts.load_dict("runs:/" + training_run(args.window) + "/scores.json")
    with mlflow.start_run(tags=cost_tags()):
        value = threshold_for(scores["score"], 30, Budget(args.reviews))
        mlflow.log_metric("threshold", value)


def training_run(window, path="/Shared/fraud/train"):
    api = MlflowClient()
    experiment = api.get_experiment_by_name(path)
    if experiment is None:
        raise LookupError(path)
    newest = None
    for run in api.search_runs([experiment.experiment_id]):
        if run.data.tags.get("fraud.label_window") != window:
            continue
        if newest is None or run.info.start_time > newest.info.start_time:
            newest = run
    if newest is None:
        raise LookupError(window)
    return newest.info.run_id
