"""RunStore on an MLflow server."""
from __future__ import annotations

import logging
from typing import Final, Mapping

from mlflow.entities import Metric, Run
from mlflow.tracking import MlflowClient
from mlflow.utils.time import get_current_time_millis

from fedlab.domain import Campaign, CampaignId, RoundState, RunId, SiteId
from fedlab.retry import retrying
from fedlab.store.base import TagKey

_LOG: Final = logging.getLogger(__name__)

_STATUS: Final[Mapping[RoundState, str]] = {
    RoundState.OPEN: "RUNNING",
    RoundState.AGGREGATED: "FINISHED",
    RoundState.ABORTED: "KILLED",
}


class MlflowRunStore:
    def __init__(self, experiment: str, client: MlflowClient | None = None) -> None:
        self._experiment = experiment
        self._client = client or MlflowClient()
        self._exp_id: str | None = None

    @retrying(attempts=3)
    def _experiment_id(self) -> str:
        if self._exp_id is None:
            exp = self._client.get_experiment_by_name(self._experiment)
            if exp is None:
                self._exp_id = self._client.create_experiment(
                    self._experiment, tags={"project": "fedlab", "data_class": "health"}
                )
            else:
                self._exp_id = exp.experiment_id
        return self._exp_id

    def _one(self, *clauses: str) -> Run | None:
        found = self._client.search_runs(
            [self._experiment_id()],
            filter_string=" and ".join(clauses),
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        return found[0] if found else None

    @retrying(attempts=3)
    def ensure_campaign(self, campaign: Campaign) -> RunId:
        existing = self._one(f"tags.`{TagKey.CAMPAIGN}` = '{campaign.id}'", f"tags.`{TagKey.ROLE}` = 'campaign'")
        if existing is not None:
            return RunId(existing.info.run_id)
        created = self._client.create_run(
            self._experiment_id(),
            run_name=f"campaign-{campaign.id}",
            tags={
                TagKey.CAMPAIGN: campaign.id,
                TagKey.ROLE: "campaign",
                TagKey.SITES: ",".join(s.id for s in campaign.sites),
            },
        )
        return RunId(created.info.run_id)

    def find_round(self, campaign: CampaignId, round_no: int) -> RunId | None:
        run = self._one(
            f"tags.`{TagKey.CAMPAIGN}` = '{campaign}'",
            f"tags.`{TagKey.ROLE}` = 'round'",
            f"tags.`{TagKey.ROUND}` = '{round_no}'",
        )
        return RunId(run.info.run_id) if run else None

    @retrying(attempts=3)
    def start_round(self, campaign: CampaignId, round_no: int) -> RunId:
        parent = self._one(f"tags.`{TagKey.CAMPAIGN}` = '{campaign}'", f"tags.`{TagKey.ROLE}` = 'campaign'")
        if parent is None:
            raise LookupError(f"campaign {campaign} was never opened")
        run = self._client.create_run(
            self._experiment_id(),
            run_name=f"round-{round_no:03d}",
            tags={
                TagKey.PARENT: parent.info.run_id,
                TagKey.CAMPAIGN: campaign,
                TagKey.ROLE: "round",
                TagKey.ROUND: str(round_no),
                TagKey.STATE: RoundState.OPEN.value,
            },
        )
        _LOG.info("round %d of %s is %s", round_no, campaign, run.info.run_id)
        return RunId(run.info.run_id)

    @retrying(attempts=5)
    def start_site_run(self, round_run: RunId, site: SiteId, round_no: int) -> RunId:
        run = self._client.create_run(
            self._experiment_id(),
            run_name=f"{site}-{round_no:03d}",
            tags={
                TagKey.PARENT: round_run,
                TagKey.ROLE: "site",
                TagKey.SITE: site,
                TagKey.ROUND: str(round_no),
            },
        )
        return RunId(run.info.run_id)

    def best_round(self, campaign: CampaignId) -> RunId | None:
        rounds = self._client.search_runs(
            [self._experiment_id()],
            f"tags.`{TagKey.CAMPAIGN}` = '{campaign}' and tags.`{TagKey.ROLE}` = 'round' and attributes.status = 'FINISHED'",
            order_by=["metrics.val_auc DESC"],
            max_results=1,
        )
        if not rounds:
            return None
        return RunId(rounds[0].info.run_id)

    def log_metrics(self, run: RunId, metrics: Mapping[str, float], step: int | None = None) -> None:
        now = get_current_time_millis()
        self._client.log_batch(run, metrics=[Metric(k, v, now, step or 0) for k, v in metrics.items()])

    def close(self, run: RunId, state: RoundState) -> None:
        self._client.set_tag(run, TagKey.STATE, state.value)
        self._client.set_terminated(run, _STATUS[state])
