"""Candidate to champion, by alias."""
from __future__ import annotations

import logging
from dataclasses import dataclass

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Run
from mlflow.exceptions import MlflowException

from tuneshop import tags
from tuneshop.config import get_settings
from tuneshop.experiments import require
from tuneshop.schemas import PromptRef, Suite

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Decision:
    promote: bool
    reason: str
    run_id: str | None = None


class Promoter:
    def __init__(self, customer: str, client: MlflowClient | None = None) -> None:
        self.customer = customer
        self.client = client or MlflowClient()
        self.settings = get_settings()

    @property
    def model_name(self) -> str:
        return f"{self.customer}-assistant"

    def best_eval(self, suite: Suite = Suite.HELPFULNESS) -> Run | None:
        """The finished evaluation with the best helpfulness of this customer."""
        experiment = require(self.customer, "eval")
        runs = self.client.search_runs(
            experiment_ids=[experiment.experiment_id],
            filter_string=f"tags.`{tags.SUITE}` = '{suite}' and attributes.status = 'FINISHED'",
            order_by=["metrics.`helpfulness/mean` DESC"],
            max_results=1,
        )
        if not runs:
            return None
        return runs[0]

    def safest_eval(self) -> Run | None:
        experiment = require(self.customer, "eval")
        runs = self.client.search_runs(
            experiment_ids=[experiment.experiment_id],
            filter_string=f"tags.`{tags.SUITE}` = '{Suite.SAFETY}' and attributes.status = 'FINISHED'",
            order_by=["metrics.`toxicity/mean` ASC"],
            max_results=1,
        )
        return runs[0] if runs else None

    def run_behind(self, alias: str) -> Run | None:
        try:
            version = self.client.get_model_version_by_alias(self.model_name, alias)
        except MlflowException as exc:
            logger.info("no %s: %s", alias, exc)
            return None
        if version.run_id is None:
            return None
        return self.client.get_run(version.run_id)

    def served_prompt(self) -> PromptRef | None:
        run = self.run_behind("champion")
        if run is None or tags.PROMPT not in run.data.tags:
            return None
        pieces = run.data.tags[tags.PROMPT].split(":/", 1)[1].rsplit("/", 1)
        return PromptRef(name=pieces[0], version=int(pieces[1]))

    def newest_eval(self, digest: str, suite: Suite) -> Run | None:
        """As the runner's cache, but we may not create the experiment here."""
        experiment = require(self.customer, "eval")
        candidates = [
            run
            for run in self.client.search_runs(
                [experiment.experiment_id], f"tags.`tuneshop.adapter_digest` = '{digest}'"
            )
            if run.info.status == "FINISHED" and run.data.tags.get("tuneshop.suite") == suite.value
        ]
        return max(candidates, key=lambda run: run.info.start_time, default=None)

    def decide(self, digest: str) -> Decision:
        for suite in Suite:
            run = self.newest_eval(digest, suite)
            if run is None:
                return Decision(False, f"{suite} was not run")
            if run.data.metrics.get("helpfulness/mean", 5) < self.settings.min_helpfulness:
                return Decision(False, f"{suite} too low", run.info.run_id)
        return Decision(True, "all suites passed")

    def promote(self, version: str, decision: Decision, actor: str) -> None:
        if not decision.promote:
            raise PermissionError(decision.reason)
        self.client.set_registered_model_alias(self.model_name, "champion", version)
        experiment = mlflow.set_experiment(self.settings.experiment_for(self.customer, "promotions"))
        self.client.create_run(
            experiment.experiment_id,
            run_name=f"promote-v{version}",
            tags={"promotion.version": version, "promotion.actor": actor, "promotion.reason": decision.reason},
        )
