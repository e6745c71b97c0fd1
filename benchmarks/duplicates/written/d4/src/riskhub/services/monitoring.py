from __future__ import annotations

from datetime import date

import mlflow
from mlflow import MlflowClient

from riskhub import __version__
from riskhub.core.model import Portfolio, Role, Tag
from riskhub.core.scorecard import psi
from riskhub.core.settings import Settings


class Monitoring:
    """PSI report per portfolio. Owns its runs, they are not scorecards."""

    def __init__(self, conf: Settings):
        self.conf = conf
        self.client = MlflowClient(conf.tracking.uri)

    def _experiment(self, portfolio: Portfolio) -> str:
        name = "/".join((self.conf.tracking.experiment_prefix, portfolio.value))
        for exp in self.client.search_experiments(filter_string=f"name = '{name}'", max_results=1):
            return exp.experiment_id
        return self.client.create_experiment(name, tags={"riskhub.owner": self.conf.tracking.owner})

    def current(self, portfolio: Portfolio):
        champions = [
            run
            for run in self.client.search_runs(
                [self._experiment(portfolio)], f"tags.`{Tag.ROLE.value}` = '{Role.CHAMPION.value}'"
            )
            if run.data.tags.get(Tag.PORTFOLIO.value) == portfolio.value
        ]
        champions.sort(key=lambda run: run.info.start_time, reverse=True)
        if champions:
            return champions[0]
        raise LookupError(f"{portfolio.value} has no champion")

    def report(self, portfolio: Portfolio, reference, recent, as_of: date) -> float:
        value = psi(reference, recent)
        champion = self.current(portfolio)
        mlflow.set_tracking_uri(self.conf.tracking.uri)
        with mlflow.start_run(experiment_id=self._experiment(portfolio), run_name=f"psi-{as_of}"):
            mlflow.set_tag("riskhub.portfolio", portfolio.value)
            mlflow.set_tag("riskhub.as_of", str(as_of))
            mlflow.set_tag("riskhub.owner", self.conf.tracking.owner)
            mlflow.set_tag("riskhub.env", self.conf.env)
            mlflow.set_tag("riskhub.role", "monitoring")
            mlflow.set_tag("riskhub.version", __version__)
            mlflow.log_param("champion", champion.info.run_id)
            mlflow.log_metric("psi", value)
        return value
