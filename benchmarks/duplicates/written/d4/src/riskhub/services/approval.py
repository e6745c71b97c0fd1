from __future__ import annotations

import json
from datetime import date

from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from riskhub.core.model import Approval, Portfolio, Tag
from riskhub.core.ports import RunStore


class NotApproved(Exception):
    pass


class ApprovalService:
    def __init__(self, client: MlflowClient, store: RunStore):
        self.client = client
        self.store = store

    def approve(self, run_id: str, by: str, cutoffs: dict[str, float]) -> None:
        for tag, value in (
            (Tag.APPROVED_BY, by),
            (Tag.APPROVED_ON, date.today().isoformat()),
            (Tag.CUTOFFS, json.dumps(cutoffs, sort_keys=True)),
        ):
            self.client.set_tag(run_id, tag.value, value)

    @staticmethod
    def of(run: Run) -> Approval:
        tags = run.data.tags
        if Tag.APPROVED_BY.value not in tags:
            raise NotApproved(run.info.run_id)
        return Approval(
            by=tags[Tag.APPROVED_BY.value],
            on=date.fromisoformat(tags[Tag.APPROVED_ON.value]),
            cutoffs=json.loads(tags[Tag.CUTOFFS.value]),
        )

    def due(self, today: date) -> list[Portfolio]:
        late = []
        for portfolio in Portfolio:
            run = self.store.champion(portfolio)
            if run is None or self.of(run).expired(today):
                late.append(portfolio)
        return late
