import mlflow
import pandas as pd
from mlflow import MlflowClient

from tunekit.settings import EXPERIMENT, MODEL_TAG


def best_of_base(base):
    c = MlflowClient()
    exp = c.get_experiment_by_name(EXPERIMENT)
    r = c.search_runs(
        [exp.experiment_id],
        f"tags.base = '{base}' and tags.`tunekit.kind` = 'train' and status = 'FINISHED'",
        order_by=["metrics.eval_loss ASC"],
        max_results=1,
    )
    return r[0] if r else None


def best_judged(model_name):
    df = mlflow.search_runs(
        experiment_names=[EXPERIMENT],
        filter_string=f"tags.`{MODEL_TAG}` = '{model_name}' and tags.`tunekit.suite` = 'judge'",
        order_by=["metrics.judge DESC"],
        max_results=1,
    )
    return df.iloc[0] if len(df) else None


def table(model_name):
    df = mlflow.search_runs(experiment_names=[EXPERIMENT], filter_string=f"tags.`{MODEL_TAG}` = '{model_name}'")
    cols = [c for c in df.columns if c.startswith("metrics.")]
    return df[["run_id", "start_time", *cols]].sort_values("start_time")


def diff(a, b):
    keys = sorted(set(a.data.metrics) | set(b.data.metrics))
    return pd.DataFrame(
        [{"metric": k, "a": a.data.metrics.get(k), "b": b.data.metrics.get(k)} for k in keys]
    )


def against_previous(run):
    """Compare a run with the one before of the same model."""
    client = MlflowClient()
    name = run.data.tags[MODEL_TAG]
    exps = [run.info.experiment_id]
    earlier = None
    for r in client.search_runs(exps, f"tags.`{MODEL_TAG}` = '{name}'", order_by=["start_time DESC"]):
        if r.info.run_id == run.info.run_id:
            continue
        if r.info.status != "FINISHED" or r.data.tags.get("tunekit.kind") != "train":
            continue
        earlier = r
        break
    if earlier is None:
        return None
    return diff(run, earlier)
