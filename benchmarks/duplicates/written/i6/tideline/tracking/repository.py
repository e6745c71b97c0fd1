"""Reading runs."""

import logging
from datetime import date
from typing import Dict, Iterator, List, Optional

from mlflow.entities import Run
from mlflow.store.entities import PagedList
from mlflow.tracking import MlflowClient

logger = logging.getLogger(__name__)

STRATEGY = "tl.strategy"
AS_OF = "tl.as_of"
NEWEST_FIRST = ["attributes.start_time DESC"]
FINISHED = "attributes.status = 'FINISHED'"


def where(**tags: str) -> str:
    """A filter for finished runs with the given `tl.` tags."""
    return " and ".join([FINISHED] + [f"tags.`tl.{key}` = '{value}'" for key, value in tags.items()])


def as_of(run: Run) -> Optional[date]:
    raw = run.data.tags.get(AS_OF)
    if raw is None:
        return None
    try:
        return date.fromisoformat(raw)
    except ValueError:
        logger.warning("%s has a broken date: %s", run.info.run_id, raw)
        return None


class RunRepository:
    """Runs of one experiment."""

    def __init__(self, client: MlflowClient, experiment_id: str) -> None:
        self._client = client
        self._experiment_ids = [experiment_id]

    def on_date(self, strategy: str, as_of: date) -> Optional[Run]:
        page = self._client.search_runs(
            self._experiment_ids,
            where(strategy=strategy, as_of=as_of.isoformat()),
            order_by=NEWEST_FIRST,
            max_results=1,
        )
        return page[0] if page else None

    def newest(self, strategy: str) -> Optional[Run]:
        page = self._client.search_runs(
            self._experiment_ids, where(strategy=strategy), order_by=NEWEST_FIRST, max_results=1
        )
        return page[0] if page else None

    def best(self, strategy: str) -> Optional[Run]:
        page = self._client.search_runs(
            self._experiment_ids, where(strategy=strategy), order_by=["metrics.sharpe DESC"], max_results=1
        )
        return page[0] if page else None

    def shallowest(self, strategy: str) -> Optional[Run]:
        page = self._client.search_runs(
            self._experiment_ids, where(strategy=strategy), order_by=["metrics.max_drawdown DESC"], max_results=1
        )
        return page[0] if page else None

    def every(self, strategy: str) -> Iterator[Run]:
        token: Optional[str] = None
        while True:
            page: PagedList = self._client.search_runs(
                self._experiment_ids, where(strategy=strategy), page_token=token, max_results=500
            )
            yield from page
            token = page.token
            if not token:
                return

    def by_date(self, strategy: str) -> Dict[date, List[Run]]:
        found: Dict[date, List[Run]] = {}
        for run in self.every(strategy):
            day = as_of(run)
            if day is not None:
                found.setdefault(day, []).append(run)
        return found
