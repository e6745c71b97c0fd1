"""MlflowClient of a workspace."""

from __future__ import annotations

from typing import Any, Iterator

from mlflow.entities import Experiment, Run, ViewType
from mlflow.exceptions import MlflowException
from mlflow.store.entities import PagedList
from mlflow.tracking import MlflowClient

from skyforge.errors import NotFound, QuotaExceeded
from skyforge.retry import retry
from skyforge.workspace import WORKSPACE, Workspace, current, workspace_tags

MAX_EXPERIMENTS = 500


class SkyforgeClient(MlflowClient):
    """Sees only what belongs to the workspace."""

    def __init__(self, workspace: Workspace | None = None) -> None:
        self.workspace = workspace or current()
        super().__init__(tracking_uri=self.workspace.tracking_uri)

    def _mine(self, filter_string: str | None) -> str:
        own = f"tags.`{WORKSPACE}` = '{self.workspace.name}'"
        return f"{own} and {filter_string}" if filter_string else own

    @retry()
    def create_run(self, experiment_id: str, start_time: int | None = None, tags: dict[str, Any] | None = None, run_name: str | None = None) -> Run:
        """Make a run with the workspace's tags."""
        return super().create_run(
            experiment_id, start_time=start_time, tags=workspace_tags(self.workspace, tags), run_name=run_name
        )

    @retry()
    def search_runs(self, experiment_ids: list[str], filter_string: str = "", *args: Any, **kwargs: Any) -> PagedList[Run]:
        """Search among the workspace's runs."""
        return super().search_runs(experiment_ids, self._mine(filter_string), *args, **kwargs)

    def iter_runs(self, experiment_ids: list[str], filter_string: str = "") -> Iterator[Run]:
        """All runs, page by page."""
        token = None
        while True:
            page = self.search_runs(experiment_ids, filter_string, ViewType.ACTIVE_ONLY, 200, page_token=token)
            yield from page
            token = page.token
            if token is None:
                return

    @retry()
    def resolve_experiment(self, name: str | None = None) -> str:
        """The id of an experiment of the workspace, made when missing."""
        full = self.workspace.qualified(name) if name else self.workspace.default_experiment
        experiment = self.get_experiment_by_name(full)
        if experiment is not None:
            return experiment.experiment_id
        try:
            return self.create_experiment(full, tags={WORKSPACE: self.workspace.name})
        except MlflowException as error:
            if error.error_code != "RESOURCE_ALREADY_EXISTS":
                raise
            # Somebody else was faster.
            return self.get_experiment_by_name(full).experiment_id

    def experiment(self, name: str) -> Experiment:
        """An experiment that must be there."""
        found = self.get_experiment_by_name(self.workspace.qualified(name))
        if found is None:
            raise NotFound("experiment", name)
        return found

    def check_quota(self) -> None:
        """Fail early when the workspace is full."""
        mine = self.search_experiments(filter_string=f"tags.`{WORKSPACE}` = '{self.workspace.name}'", max_results=1000)
        if len(mine) >= MAX_EXPERIMENTS:
            raise QuotaExceeded(f"{len(mine)} experiments")

    def last_run(self, experiment: str | None = None) -> Run | None:
        """The newest run of an experiment."""
        experiment_id = self.resolve_experiment(experiment)
        runs = self.search_runs([experiment_id], order_by=["attributes.start_time DESC"], max_results=1)
        return runs[0] if runs else None

    def delete_all(self, experiment: str, older_than_ms: int) -> int:
        """Delete old runs."""
        count = 0
        for run in self.iter_runs([self.experiment(experiment).experiment_id], f"attributes.end_time < {older_than_ms}"):
            self.delete_run(run.info.run_id)
            count += 1
        return count
