"""Releases are runs; this module finds and writes them."""

from __future__ import annotations

import datetime as dt
import getpass
from collections.abc import Iterable

from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from shipyard import names


class Releases:
    def __init__(self, client: MlflowClient, team: str):
        self.client = client
        self.team = team

    def audit_experiment(self) -> str:
        path = f"audit/{self.team}"
        experiment = self.client.get_experiment_by_name(path)
        if experiment is not None:
            return experiment.experiment_id
        return self.client.create_experiment(path, tags={"team": self.team})

    def by_id(self, release_id: str) -> Run | None:
        matches = self.client.search_runs(
            [self.audit_experiment()],
            filter_string=f"tags.`{names.RELEASE}` = '{release_id}'",
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        return matches[0] if matches else None

    def require(self, release_id: str) -> Run:
        release = self.by_id(release_id)
        if release is None:
            raise LookupError(f"release {release_id} is unknown")
        return release

    def last_passed(self, experiment_id: str, model: str) -> Run | None:
        """Newest run of a model that passed its gate."""
        matches = self.client.search_runs(
            [experiment_id],
            filter_string=f"tags.`{names.GATE}` = 'passed' and tags.`{names.MODEL}` = '{model}'",
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        return matches[0] if matches else None

    def first_passed(self, experiment_id: str, model: str) -> Run | None:
        matches = self.client.search_runs(
            [experiment_id],
            filter_string=f"tags.`{names.GATE}` = 'passed' and tags.`{names.MODEL}` = '{model}'",
            order_by=["attributes.start_time ASC"],
            max_results=1,
        )
        return matches[0] if matches else None

    def all(self) -> Iterable[Run]:
        token = None
        while True:
            page = self.client.search_runs([self.audit_experiment()], page_token=token)
            yield from page
            token = page.token
            if not token:
                return

    def tags(self, release_id: str, ticket: str) -> dict[str, str]:
        now = dt.datetime.now(dt.timezone.utc)
        return {
            names.RELEASE: release_id,
            names.TICKET: ticket,
            names.ACTOR: getpass.getuser(),
            names.AT: now.isoformat(timespec="seconds"),
        }

    def open_audit(self, release_id: str, ticket: str) -> str:
        run = self.client.create_run(
            self.audit_experiment(), tags=self.tags(release_id, ticket), run_name=f"release {release_id}"
        )
        return run.info.run_id


def ticket_of(run: Run) -> str:
    """Ticket of a release in upper case, empty when it has none."""
    return run.data.tags.get(names.TICKET, "").upper()


def is_signed_off(run: Run) -> bool:
    return run.data.tags.get(names.SIGNED, "false").lower() == "true"
