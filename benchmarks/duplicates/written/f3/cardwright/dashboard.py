"""Numbers for a dashboard, by pandas."""

import mlflow
import pandas as pd

from cardwright.compliance import read_statement
from cardwright.vocabulary import GovTag, Risk


def status_counts(experiment_names):
    """Count runs by model and status."""
    frame = mlflow.search_runs(experiment_names=experiment_names, filter_string="tags.gov.model != ''")
    if frame.empty:
        return pd.DataFrame()
    return frame.pivot_table(
        index="tags.gov.model", columns="tags.gov.status", values="run_id", aggfunc="count", fill_value=0
    )


def leaderboard(model, metric, experiment_names):
    """Return the run with the best metric among all of a model, approved or not."""
    frame = mlflow.search_runs(
        experiment_names=experiment_names,
        filter_string=f"tags.`{GovTag.MODEL.value}` = '{model}'",
        order_by=[f"metrics.`{metric}` DESC"],
        max_results=1,
    )
    return None if frame.empty else frame.iloc[0]


def risk_histogram(runs):
    counts = {risk: 0 for risk in Risk}
    for run in runs:
        counts[read_statement(run).risk] += 1
    return counts


def reviewers(runs):
    """Count decisions by reviewer."""
    names = pd.Series([run.data.tags.get("gov.review.by") for run in runs]).dropna()
    return names.value_counts().to_dict()
