"""Clients of servers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Iterator


@dataclass(frozen=True)
class Server:
    """A tracking server with its client."""

    uri: str

    @cached_property
    def client(self) -> Any:
        from mlflow.tracking import MlflowClient

        return MlflowClient(tracking_uri=self.uri)

    def all_runs(self, experiment_id: str, filter_string: str = "") -> Iterator[Any]:
        """All active runs of an experiment, oldest first."""
        token: str | None = None
        while True:
            page = self.client.search_runs(
                [experiment_id],
                filter_string,
                max_results=500,
                order_by=["attributes.start_time ASC"],
                page_token=token,
            )
            yield from page
            token = page.token
            if not token:
                break

    def experiment_id(self, name: str) -> str:
        """The id of an experiment that must be there."""
        experiment = self.client.get_experiment_by_name(name)
        if experiment is None:
            raise LookupError(f"{self.uri} has no experiment {name!r}")
        return experiment.experiment_id
