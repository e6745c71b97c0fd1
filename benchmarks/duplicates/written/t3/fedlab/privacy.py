"""Privacy budget of a site over a campaign; demanded by the ethics committee."""
from __future__ import annotations

import math
from dataclasses import dataclass

import mlflow
from mlflow.entities import Run
from mlflow.tracking import MlflowClient

SMALL_COHORT = 50


@dataclass(frozen=True)
class Budget:
    epsilon: float
    delta: float = 1e-5

    def sigma(self, sensitivity: float = 1.0) -> float:
        return sensitivity * math.sqrt(2 * math.log(1.25 / self.delta)) / self.epsilon


def privacy_tags(site: str, protocol: str, cohort: int, budget: Budget) -> dict[str, str]:
    small = cohort < SMALL_COHORT
    return {
        "privacy.site": site,
        "privacy.protocol": protocol,
        "privacy.epsilon": format(budget.epsilon, ".3f"),
        "privacy.small_cohort": {True: "yes", False: "no"}[small],
    }


def spent(client: MlflowClient, experiment_id: str, site: str) -> float:
    """Sum of epsilon over all runs of a site (naive composition)."""
    total = 0.0
    page_token: str | None = None
    while True:
        page = client.search_runs([experiment_id], f"tags.`privacy.site` = '{site}'", page_token=page_token)
        for run in page:
            total += epsilon_of(run) or 0.0
        page_token = page.token
        if page_token is None:
            return total


def epsilon_of(run: Run) -> float | None:
    raw = run.data.tags.get("privacy.epsilon")
    return None if raw is None else float(raw)


def annotate_central_run(site: str, protocol: str, cohort: int, budget: Budget) -> None:
    """For the baseline trained centrally on one site's data."""
    mlflow.set_tags(privacy_tags(site, protocol, cohort, budget))
    mlflow.log_param("dp_sigma", budget.sigma())
