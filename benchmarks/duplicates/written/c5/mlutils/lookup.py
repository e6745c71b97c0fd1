"""One finder, with its strategies in order."""

from __future__ import annotations

import logging
from collections.abc import Callable

from mlflow.entities import Run
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

from mlutils.experiments import experiment_id

log = logging.getLogger(__name__)


class RunLookup:
    """Finds the run that a deployment should use.

    Tried in order: the pinned run id, the index digest, the locale's release, the newest run.
    """

    def __init__(self, component: str, client: MlflowClient | None = None) -> None:
        self.client = client or MlflowClient()
        self.component = component

    def _first(self, where: str, order: str = "attributes.start_time DESC") -> Run | None:
        found = self.client.search_runs([experiment_id(self.component)], where, order_by=[order], max_results=1)
        return found[0] if found else None

    def by_pin(self, pin: str | None) -> Run | None:
        if not pin:
            return None
        try:
            return self.client.get_run(pin)
        except MlflowException:
            log.warning("the pinned run %s is gone", pin)
            return None

    def by_digest(self, digest: str | None) -> Run | None:
        return self._first(f"tags.index_digest = '{digest}'") if digest else None

    def by_release(self, locale: str) -> Run | None:
        return self._first(f"tags.locale = '{locale}' and tags.released = 'true'")

    def newest(self) -> Run | None:
        return self._first("attributes.status = 'FINISHED'")

    def best(self, metric: str = "ndcg_at_10") -> Run | None:
        return self._first(f"metrics.{metric} > 0", f"metrics.{metric} DESC")

    def find(self, *, pin: str | None = None, digest: str | None = None, locale: str = "de-DE") -> Run:
        strategies: list[Callable[[], Run | None]] = [
            lambda: self.by_pin(pin),
            lambda: self.by_digest(digest),
            lambda: self.by_release(locale),
            self.newest,
        ]
        for strategy in strategies:
            run = strategy()
            if run is not None:
                return run
        raise LookupError(f"no run of {self.component}")
