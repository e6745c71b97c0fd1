"""Use a suite in pytest: a test fails when the score fell."""

from __future__ import annotations

import mlflow
import pytest


def pytest_addoption(parser):
    group = parser.getgroup("evalloom")
    group.addoption("--evalloom-experiment", default="evalloom")
    group.addoption("--evalloom-tolerance", type=float, default=0.02)


@pytest.fixture(scope="session")
def evalloom_last_suite(request):
    """A function that gives the metrics of the last run of a suite."""
    client = mlflow.MlflowClient()
    experiment_name = request.config.getoption("--evalloom-experiment")

    def last(suite_name):
        exp = client.get_experiment_by_name(experiment_name)
        if exp is None:
            pytest.skip("no results yet")
        query = "status = 'FINISHED' AND tags.\"evalloom.kind\" = 'suite'"
        query += f" AND tags.\"evalloom.suite\" = '{suite_name}'"
        hits = client.search_runs(
            exp.experiment_id, query, order_by=["start_time DESC"], max_results=1
        )
        if not hits:
            pytest.skip(f"no run of {suite_name}")
        return hits[0].data.metrics

    return last
