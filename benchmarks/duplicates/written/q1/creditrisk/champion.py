"""Champion selection for PD models."""
from __future__ import annotations

import logging
from dataclasses import dataclass

import mlflow
from mlflow.tracking import MlflowClient

from creditrisk.constants import EXPERIMENT_TEMPLATE
from creditrisk.guards import GuardViolation, require_gini, require_portfolio
from creditrisk.tracking import experiment_or_fail

log = logging.getLogger("creditrisk.champion")


@dataclass(frozen=True)
class Champion:
    run_id: str
    gini: float
    model_uri: str
    month: str


def pick_champion(portfolio: str) -> Champion:
    """The finished development run with the highest out-of-time Gini."""
    require_portfolio(portfolio)
    exp_id = experiment_or_fail(EXPERIMENT_TEMPLATE.format(portfolio=portfolio))
    runs = mlflow.search_runs(
        experiment_ids=[exp_id],
        filter_string="attributes.status = 'FINISHED' and tags.`audit.purpose` = 'development'",
        order_by=["metrics.gini_oot DESC"],
        max_results=1,
    )
    if runs.empty:
        raise GuardViolation(f"no finished development run for {portfolio}")
    row = runs.iloc[0]
    require_gini(portfolio, row["metrics.gini_oot"])
    return Champion(
        run_id=row.run_id,
        gini=float(row["metrics.gini_oot"]),
        model_uri=f"runs:/{row.run_id}/model",
        month=row["tags.audit.reporting_month"],
    )


def production_run(portfolio: str):
    """Run behind the registered version which carries the alias 'champion'."""
    client = MlflowClient()
    name = f"pd-{portfolio}"
    version = client.get_model_version_by_alias(name, "champion")
    if not version.run_id:
        raise GuardViolation(f"{name} v{version.version} has no source run")
    return client.get_run(version.run_id)


def promote(champion: Champion, portfolio: str, approver: str) -> str:
    client = MlflowClient()
    name = f"pd-{portfolio}"
    version = mlflow.register_model(champion.model_uri, name)
    client.set_registered_model_alias(name, "champion", version.version)
    client.set_tag(champion.run_id, "audit.promoted_by", approver)
    client.set_tag(champion.run_id, "audit.promoted_version", str(version.version))
    client.set_tag(champion.run_id, "audit.promoted_alias", "champion")
    log.info("%s v%s is champion now (gini %.3f)", name, version.version, champion.gini)
    return version.version
