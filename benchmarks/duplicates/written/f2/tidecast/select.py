"""Choose which model to use for a series."""

import logging

import mlflow
import pandas as pd

from tidecast.metrics import smape
from tidecast.models import make_model

log = logging.getLogger(__name__)


def champion(parent_run_id, experiment_id, metric="smape"):
    """Return id of the child run with the lowest error."""
    children = mlflow.search_runs(
        [experiment_id], filter_string=f"tags.mlflow.parentRunId = '{parent_run_id}'"
    )
    children = children.dropna(subset=[f"metrics.{metric}"])
    if not len(children):
        raise ValueError(f"run {parent_run_id} has no scored folds")
    return children.loc[children[f"metrics.{metric}"].idxmin(), "run_id"]


def blend(specs, series, horizon):
    """Weigh models by how they did on the last horizon."""
    train, test = series.values.iloc[:-horizon], series.values.iloc[-horizon:]
    scores = {s["name"]: smape(test, make_model(s).fit(train).predict(horizon)) for s in specs}
    inverse = {name: 1 / (score + 1e-9) for name, score in scores.items()}
    total = sum(inverse.values())
    return {name: value / total for name, value in inverse.items()}


def last_backtest_scores(experiment_name, model):
    """Mean errors of the last backtest of a model."""
    exp = mlflow.get_experiment_by_name(experiment_name)
    if exp is None:
        return {}
    df = mlflow.search_runs(
        experiment_ids=[exp.experiment_id],
        filter_string="tags.tidecast.kind = 'backtest' and tags.tidecast.model = '%s'" % model,
    )
    df = df[df["status"] == "FINISHED"] if not df.empty else df
    if df.empty:
        log.warning("no finished backtest of %s", model)
        return {}
    newest = df.sort_values("start_time", ascending=False)["run_id"].iloc[0]
    return dict(mlflow.get_run(newest).data.metrics)


def worst_series(experiment_id, limit=5):
    """Names of the series with the highest mean error over all backtests."""
    df = mlflow.search_runs([experiment_id], filter_string="tags.tidecast.kind = 'backtest'")
    ranked = df.groupby("tags.tidecast.series")["metrics.mean_smape"].mean()
    return list(ranked.sort_values(ascending=False).head(limit).index)


def spread(runs):
    """First and last cutoff of some fold runs."""
    stamps = []
    for r in runs:
        raw = next(v for k, v in r.data.tags.items() if k == "tidecast.cutoff")
        ts = pd.to_datetime(raw, utc=True)
        stamps.append(ts)
    return min(stamps), max(stamps)
