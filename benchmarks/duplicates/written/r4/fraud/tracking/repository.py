"""Runs in MLflow."""
from __future__ import annotations

import logging
from typing import Sequence

from mlflow.entities import Run, ViewType
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

from ..decorators import retry
from ..settings import METRIC_PRAUC, TAG_APPROVAL, TAG_MODE, TAG_TENANT, TAG_TICKET, Mode
from .experiments import ExperimentResolver
from .protocols import RunNotFound

logger = logging.getLogger(__name__)


def _eq(key: str, value: str) -> str:
    escaped = value.replace("'", "\\'")
    return f"tags.`{key}` = '{escaped}'"


class MlflowRunRepository:
    def __init__(self, client: MlflowClient, resolver: ExperimentResolver) -> None:
        self._client = client
        self._resolver = resolver

    @retry(on=(MlflowException,))
    def _search(self, *conditions: str, order: str = "attributes.start_time DESC", limit: int = 1) -> list[Run]:
        return list(
            self._client.search_runs(
                [self._resolver.require()],
                filter_string=" and ".join(conditions),
                run_view_type=ViewType.ACTIVE_ONLY,
                max_results=limit,
                order_by=[order],
            )
        )

    def approved(self, tenant: str, mode: Mode) -> Run:
        hits = self._search(_eq(TAG_TENANT, tenant), _eq(TAG_MODE, mode.value), _eq(TAG_APPROVAL, "approved"))
        if not hits:
            raise RunNotFound(f"{tenant} has no approved {mode.value} run")
        return hits[0]

    def best_by_prauc(self, tenant: str) -> Run | None:
        hits = self._search(
            _eq(TAG_TENANT, tenant), "attributes.status = 'FINISHED'", order=f"metrics.{METRIC_PRAUC} DESC"
        )
        return hits[0] if hits else None

    def by_ticket(self, ticket: str) -> Run | None:
        hits = self._search(_eq(TAG_TICKET, ticket))
        return hits[0] if hits else None

    def recent(self, tenant: str, limit: int = 20) -> Sequence[Run]:
        return self._search(_eq(TAG_TENANT, tenant), limit=limit)
