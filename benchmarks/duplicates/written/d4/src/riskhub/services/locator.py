"""Finds the run that a user means: an id, a prefix of an id, or a month."""
from __future__ import annotations

import re

from mlflow.entities import Run
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

from riskhub.core.model import Portfolio, Tag
from riskhub.core.ports import RunStore


class RunLocator:
    def __init__(self, client: MlflowClient, store: RunStore):
        self._client = client
        self._store = store

    def __call__(self, portfolio: Portfolio, text: str) -> Run:
        for strategy in (self._by_id, self._by_month, self._by_name):
            run = strategy(portfolio, text)
            if run is not None:
                return run
        raise LookupError(f"no run {text!r} in {portfolio.value}")

    def _by_id(self, portfolio: Portfolio, text: str) -> Run | None:
        try:
            return self._client.get_run(text)
        except MlflowException:
            return None

    def _by_month(self, portfolio: Portfolio, text: str) -> Run | None:
        if not re.fullmatch(r"\d{4}-\d{2}", text):
            return None
        return self._first(portfolio, f"tags.`{Tag.AS_OF.value}` LIKE '{text}-%'")

    def _by_name(self, portfolio: Portfolio, text: str) -> Run | None:
        return self._first(portfolio, f"attributes.run_name = '{text}'")

    def _first(self, portfolio: Portfolio, query: str) -> Run | None:
        runs = self._client.search_runs(
            [self._store.experiment(portfolio)], query, max_results=1, order_by=["start_time DESC"]
        )
        return runs[0] if runs else None
