"""A table of all models of a session or of an experiment."""

from __future__ import annotations

import mlflow
import pandas as pd


def leaderboard(experiment: str, session: str | None = None) -> pd.DataFrame:
    """All finished models, the best first."""
    query = "attributes.status = 'FINISHED'"
    if session:
        query += f" and tags.Session = '{session}'"
    table = mlflow.search_runs(
        experiment_names=[experiment],
        filter_string=query,
        order_by=["metrics.cv_score DESC"],
    )
    wanted = {
        "tags.Model": "model",
        "tags.Session": "session",
        "metrics.cv_score": "cv_score",
        "metrics.fit_seconds": "seconds",
    }
    return table[[c for c in wanted if c in table]].rename(columns=wanted)


def top_model(experiment: str, session: str):
    """Load the best model of a session."""
    df = mlflow.search_runs(
        experiment_names=[experiment],
        filter_string="tags.Session = '{}' and status = 'FINISHED'".format(session),
    )
    if df.empty or "metrics.cv_score" not in df.columns:
        raise LookupError(f"no model in the session {session}")
    best_id = df.sort_values("metrics.cv_score", ascending=False)["run_id"].iloc[0]
    return mlflow.sklearn.load_model(f"runs:/{best_id}/model")


def fastest_model(experiment: str, at_least: float) -> str | None:
    """The model that was fitted the fastest and has a score above a limit."""
    df = mlflow.search_runs(
        experiment_names=[experiment],
        filter_string=f"metrics.cv_score > {at_least}",
        order_by=["metrics.fit_seconds ASC"],
        max_results=1,
    )
    return None if df.empty else df.run_id[0]
