"""All runs of the monitoring are found and made here."""

from __future__ import annotations

import datetime as dt
from typing import Iterator

import mlflow
from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from driftdesk import filters as f
from driftdesk.config import Watched, experiment_name

MODEL = "drift.model"
DAY = "drift.day"
KIND = "drift.kind"


class Store:
    """The runs of one model."""

    def __init__(self, model: Watched, client: MlflowClient | None = None) -> None:
        self.model = model
        self.client = client or MlflowClient()
        self.experiment_id = self._experiment()

    def _experiment(self) -> str:
        name = experiment_name(self.model.model)
        experiment = self.client.get_experiment_by_name(name)
        if experiment is None:
            return self.client.create_experiment(name, tags={"owner": self.model.owner})
        return experiment.experiment_id

    def of_day(self, day: dt.date) -> Run | None:
        """The daily run of a day."""
        runs = self.client.search_runs(
            [self.experiment_id],
            f.all_of(
                f.tag(MODEL, self.model.model),
                f.tag(DAY, day.isoformat()),
                f.tag(KIND, "daily"),
                f.status("FINISHED"),
            ),
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        return runs[0] if runs else None

    def yesterday(self) -> Run | None:
        return self.of_day(dt.date.today() - dt.timedelta(days=1))

    def reference(self) -> Run:
        """The run that the model is compared with: by tag, then by name, then the oldest."""
        for query, order in (
            (f.all_of(f.tag(MODEL, self.model.model), f.tag("drift.reference", "true")), "DESC"),
            (f.attribute("run_name", "=", f"reference-{self.model.model}"), "DESC"),
            (f.all_of(f.tag(MODEL, self.model.model), f.status("FINISHED")), "ASC"),
        ):
            runs = self.client.search_runs(
                [self.experiment_id],
                query,
                order_by=[f"attributes.start_time {order}"],
                max_results=1,
            )
            if runs:
                return runs[0]
        raise LookupError(f"{self.model.model} has no reference")

    def open_day(self, day: dt.date) -> Run:
        """Make the daily run."""
        return self.client.create_run(
            self.experiment_id,
            run_name=f"{self.model.model}-{day:%Y%m%d}",
            tags={
                MODEL: self.model.model,
                DAY: day.isoformat(),
                KIND: "daily",
                "owner": self.model.owner,
            },
        )

    def days(self, since: dt.date) -> Iterator[Run]:
        """All daily runs since a day, page by page."""
        token = None
        begin = int(dt.datetime.combine(since, dt.time()).timestamp() * 1000)
        while True:
            page = self.client.search_runs(
                [self.experiment_id],
                f.all_of(f.tag(KIND, "daily"), f.attribute("start_time", ">=", begin)),
                max_results=500,
                page_token=token,
            )
            yield from page
            token = page.token
            if not token:
                return

    def close_stale(self, hours: int = 6) -> int:
        """End daily runs that hang."""
        limit = int((dt.datetime.now() - dt.timedelta(hours=hours)).timestamp() * 1000)
        count = 0
        for run in self.client.search_runs(
            [self.experiment_id],
            f.all_of(f.status("RUNNING"), f.attribute("start_time", "<", limit)),
        ):
            self.client.set_terminated(run.info.run_id, "KILLED")
            count += 1
        return count

    def worst_day(self) -> Run | None:
        runs = self.client.search_runs(
            [self.experiment_id],
            f.tag(KIND, "daily"),
            order_by=["metrics.`psi.max` DESC"],
            max_results=1,
        )
        return runs[0] if runs else None


def day_of(run: Run) -> dt.date:
    """The day of a daily run; the day of its start for old runs."""
    text = run.data.tags.get(DAY)
    if text:
        return dt.date.fromisoformat(text)
    return dt.datetime.fromtimestamp(run.info.start_time / 1000).date()


def set_reference(run_id: str) -> None:
    mlflow.MlflowClient().set_tag(run_id, "drift.reference", "true")
