"""Optional MLflow integration."""
import os
import pickle
import tempfile

import tidecast
from tidecast.integrations._compat import client, need_mlflow
from tidecast.metrics import smape, windows

NAME_TAG = "tidecast.name"
STAGE_TAG = "tidecast.stage"


def ensure_experiment(name):
    c = client()
    exp = c.get_experiment_by_name(name)
    if exp is None:
        return c.create_experiment(name)
    if exp.lifecycle_stage == "deleted":
        c.restore_experiment(exp.experiment_id)
    return exp.experiment_id


def forecaster_tags(model):
    return {
        "tidecast.class": type(model).__name__,
        "tidecast.freq": str(model.freq),
        "tidecast.horizon": str(model.horizon),
        "tidecast.version": tidecast.__version__,
    }


def save_model(model, path):
    os.makedirs(path, exist_ok=True)
    with open(os.path.join(path, "forecaster.pkl"), "wb") as f:
        pickle.dump(model, f)


def load_model(uri):
    mlflow = need_mlflow()
    local = mlflow.artifacts.download_artifacts(uri)
    with open(os.path.join(local, "forecaster.pkl"), "rb") as f:
        return pickle.load(f)


def log_fit(model, y, name, experiment="tidecast"):
    """Fit a forecaster in a run of its own. Gives back the run's id."""
    mlflow = need_mlflow()
    eid = ensure_experiment(experiment)
    model.fit(y)
    tags = {**forecaster_tags(model), NAME_TAG: name, STAGE_TAG: "fit"}
    with mlflow.start_run(experiment_id=eid, run_name=name, tags=tags) as run:
        mlflow.log_params(model.params())
        with tempfile.TemporaryDirectory() as d:
            save_model(model, d)
            mlflow.log_artifacts(d, "forecaster")
    return run.info.run_id


def latest_fit(name, experiment="tidecast"):
    c = client()
    runs = c.search_runs(
        [ensure_experiment(experiment)],
        f"tags.`{NAME_TAG}` = '{name}' and tags.`{STAGE_TAG}` = 'fit' and attributes.status = 'FINISHED'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    if not runs:
        raise KeyError(name)
    return runs[0]


def load_latest(name, experiment="tidecast"):
    run = latest_fit(name, experiment)
    return load_model(f"runs:/{run.info.run_id}/forecaster")


def backtest(model, y, n=5, dataset="series", experiment="tidecast"):
    mlflow = need_mlflow()
    eid = ensure_experiment(experiment)
    with mlflow.start_run(experiment_id=eid, run_name=f"backtest-{dataset}") as top:
        mlflow.set_tag("tidecast.dataset", dataset)
        scores = []
        for i, (a, b) in enumerate(windows(y, model.horizon, n)):
            tags = {"tidecast.window": str(i), "tidecast.dataset": dataset, "tidecast.cut": str(a.index[-1])}
            with mlflow.start_run(experiment_id=eid, run_name=f"window-{i}", nested=True, tags=tags):
                s = smape(b, model.fit(a).predict())
                mlflow.log_metric("smape", s)
                scores.append(s)
        mlflow.set_tags(forecaster_tags(model))
        mlflow.log_metric("smape", sum(scores) / len(scores))
    return top.info.run_id, scores


def last_backtest(dataset, experiment="tidecast"):
    runs = client().search_runs(
        [ensure_experiment(experiment)],
        f"tags.mlflow.runName = 'backtest-{dataset}'",
        order_by=["attributes.start_time DESC"],
    )
    return runs[0].info.run_id if runs else None
