"""Helpers for single runs."""

import mlflow
import pandas as pd
from mlflow.tracking import MlflowClient

from tidecast.tracking.const import BACKTEST, Tags


def series_tags(series):
    """Tags that tell which data a run saw."""
    return {
        Tags.SERIES: series.name,
        Tags.FREQ: series.freq,
        Tags.LENGTH: str(len(series)),
        Tags.HASH: series.fingerprint(),
    }


def fold_run(fold, horizon):
    """Open the nested run of one fold."""
    tags = {
        Tags.FOLD: str(fold.index),
        Tags.CUTOFF: fold.cutoff.isoformat(),
        Tags.HORIZON: str(horizon),
    }
    return mlflow.start_run(run_name=f"fold-{fold.index}", nested=True, tags=tags)


def latest_backtest(experiment_id, model_name):
    """Id of the newest finished backtest of a model, or None."""
    runs = MlflowClient().search_runs(
        experiment_ids=[experiment_id],
        filter_string=(
            f"tags.`{Tags.KIND}` = '{BACKTEST}' and tags.`{Tags.MODEL}` = '{model_name}'"
            " and attributes.status = 'FINISHED'"
        ),
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return runs[0].info.run_id if runs else None


def cutoff_of(run):
    """Cutoff of a fold run."""
    stamp = pd.Timestamp(run.data.tags[Tags.CUTOFF])
    return stamp.tz_localize("UTC") if stamp.tzinfo is None else stamp.tz_convert("UTC")


def model_of(run):
    return run.data.tags.get(Tags.MODEL)
