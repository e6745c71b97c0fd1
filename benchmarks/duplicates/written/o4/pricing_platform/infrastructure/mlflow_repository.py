"""Calibrations in MLflow."""
from __future__ import annotations

import datetime
import logging
from typing import Dict, List, Optional

from mlflow.entities import Run, ViewType
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

from pricing_platform.application.ports import CalibrationRepository
from pricing_platform.domain.model import (
    Actor,
    ApprovalState,
    CalibrationRun,
    ChangeTicket,
    LineOfBusiness,
    NotFound,
    TariffVersion,
)
from pricing_platform.infrastructure import tag_names
from pricing_platform.infrastructure.audit import AuditTagFactory

LOGGER = logging.getLogger(__name__)


class MlflowCalibrationRepository(CalibrationRepository):
    """Implementation of the port."""

    def __init__(self, client: MlflowClient, audit_tags: AuditTagFactory) -> None:
        self._client = client
        self._audit_tags = audit_tags
        self._experiment_ids: Dict[LineOfBusiness, str] = {}

    # -- experiments ------------------------------------------------------

    def _experiment_id(self, line: LineOfBusiness) -> str:
        if line not in self._experiment_ids:
            name = f"pricing/{line.value}/calibration"
            experiment = self._client.get_experiment_by_name(name)
            if experiment is None:
                experiment_id = self._client.create_experiment(name, tags={tag_names.LINE: line.value})
                LOGGER.info("created experiment %s", name)
            else:
                experiment_id = experiment.experiment_id
            self._experiment_ids[line] = experiment_id
        return self._experiment_ids[line]

    # -- reading ----------------------------------------------------------

    def latest_for_tariff(self, tariff: TariffVersion) -> Optional[CalibrationRun]:
        conditions = [
            f"tags.{tag_names.TARIFF} = '{tariff}'",
            "attributes.status = 'FINISHED'",
        ]
        runs = self._client.search_runs(
            experiment_ids=[self._experiment_id(tariff.line)],
            filter_string=" and ".join(conditions),
            run_view_type=ViewType.ACTIVE_ONLY,
            max_results=1,
            order_by=["attributes.start_time DESC"],
        )
        if not runs:
            return None
        return self._to_domain(runs[0])

    def best_approved(self, tariff: TariffVersion) -> Optional[CalibrationRun]:
        conditions = [
            f"tags.{tag_names.TARIFF} = '{tariff}'",
            f"tags.`{tag_names.APPROVAL_STATE}` = '{ApprovalState.APPROVED.value}'",
        ]
        runs = self._client.search_runs(
            experiment_ids=[self._experiment_id(tariff.line)],
            filter_string=" and ".join(conditions),
            run_view_type=ViewType.ACTIVE_ONLY,
            max_results=1,
            order_by=["metrics.gini DESC"],
        )
        return self._to_domain(runs[0]) if runs else None

    def all_for_tariff(self, tariff: TariffVersion) -> List[CalibrationRun]:
        result: List[CalibrationRun] = []
        token: Optional[str] = None
        while True:
            page = self._client.search_runs(
                experiment_ids=[self._experiment_id(tariff.line)],
                filter_string=f"tags.{tag_names.TARIFF} = '{tariff}'",
                max_results=200,
                page_token=token,
            )
            result.extend(self._to_domain(run) for run in page)
            token = page.token
            if not token:
                break
        return result

    def get(self, run_id: str) -> CalibrationRun:
        try:
            return self._to_domain(self._client.get_run(run_id))
        except MlflowException as error:
            raise NotFound(run_id) from error

    # -- writing ----------------------------------------------------------

    def start(self, tariff: TariffVersion, actor: Actor, ticket: ChangeTicket) -> str:
        tags = self._audit_tags.create(actor, ticket)
        tags[tag_names.TARIFF] = str(tariff)
        tags[tag_names.LINE] = tariff.line.value
        tags[tag_names.APPROVAL_STATE] = ApprovalState.DRAFT.value
        run = self._client.create_run(
            self._experiment_id(tariff.line), tags=tags, run_name=f"{tariff}-{ticket.number}"
        )
        return run.info.run_id

    def finish(self, run_id: str, metrics: Dict[str, float], ok: bool) -> None:
        for name, value in metrics.items():
            self._client.log_metric(run_id, name, value)
        self._client.set_terminated(run_id, "FINISHED" if ok else "FAILED")

    def set_state(self, run_id: str, state: ApprovalState, actor: Actor) -> None:
        now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
        self._client.set_tag(run_id, tag_names.APPROVAL_STATE, state.value)
        self._client.set_tag(run_id, tag_names.APPROVAL_BY, actor.user_id)
        self._client.set_tag(run_id, tag_names.APPROVAL_AT, now)

    # -- mapping ----------------------------------------------------------

    def _to_domain(self, run: Run) -> CalibrationRun:
        tags = run.data.tags
        line, _, label = tags[tag_names.TARIFF].partition(":")
        return CalibrationRun(
            run_id=run.info.run_id,
            tariff=TariffVersion(LineOfBusiness(line), label),
            started=datetime.datetime.fromtimestamp(run.info.start_time / 1000),
            state=self._state(run),
            metrics=dict(run.data.metrics),
            parents=self._parents(run),
            approver=tags.get(tag_names.APPROVAL_BY),
        )

    @staticmethod
    def _state(run: Run) -> ApprovalState:
        value = run.data.tags.get(tag_names.APPROVAL_STATE)
        try:
            return ApprovalState(value)
        except ValueError:
            return ApprovalState.DRAFT

    @staticmethod
    def _parents(run: Run) -> List[str]:
        raw = run.data.tags.get(tag_names.LINEAGE_PARENTS, "")
        return [parent.strip() for parent in raw.split(",") if parent.strip()]
