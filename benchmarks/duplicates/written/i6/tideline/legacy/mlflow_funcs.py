"""Functions from before TrackingService. Some reports still import them."""

import datetime as dt
import logging

import mlflow
from mlflow.tracking import MlflowClient

log = logging.getLogger(__name__)
_client = None


def client():
    global _client
    if _client is None:
        _client = MlflowClient()
    return _client


def get_experiment_id(name, desk="systematic"):
    exp = mlflow.get_experiment_by_name(name)
    if exp is not None:
        return exp.experiment_id
    return mlflow.create_experiment(name, tags={"tl.desk": desk})


def last_run(name, strategy):
    """Newest finished run id of a strategy."""
    runs = client().search_runs(
        experiment_ids=[get_experiment_id(name)],
        filter_string="tags.`tl.strategy` = '%s'" % strategy,
        order_by=["start_time DESC"],
    )
    for run in runs:
        if run.info.status == "FINISHED":
            return run.info.run_id
    log.info("no finished run of %s", strategy)
    return None


def run_on(name, strategy, day):
    df = mlflow.search_runs(
        experiment_names=[name],
        filter_string=f"tags.`tl.strategy` = '{strategy}' AND tags.`tl.as_of` = '{day:%Y-%m-%d}'",
        order_by=["start_time DESC"],
    )
    if not df.empty:
        df = df[df["status"] == "FINISHED"]
    if df.empty:
        return None
    return df["run_id"].iloc[0]


def best_sharpe(name, strategy):
    df = mlflow.search_runs(experiment_names=[name], filter_string=f"tags.`tl.strategy` = '{strategy}' and status = 'FINISHED'")
    if df.empty or "metrics.sharpe" not in df:
        return None
    df = df.dropna(subset=["metrics.sharpe"])
    return df.loc[df["metrics.sharpe"].idxmax(), "run_id"] if len(df) else None


def run_date(run):
    try:
        return dt.datetime.strptime(run.data.tags["tl.as_of"], "%Y-%m-%d").date()
    except (KeyError, ValueError):
        return None


def backtest_tags(strategy, universe, day, desk="systematic"):
    tags = {}
    tags["tl.strategy"] = strategy
    tags["tl.universe"] = universe
    tags["tl.as_of"] = day.strftime("%Y-%m-%d")
    tags["tl.calendar"] = "XNYS"
    tags["tl.desk"] = desk
    return tags


def table(name, limit=1000):
    return mlflow.search_runs(experiment_names=[name], max_results=limit)
