"""Which data and which code a run was made of (replaces utils.lineage_tags some day)."""
from __future__ import annotations

import logging
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from mlflow.entities import Run
from mlflow.tracking import MlflowClient

log = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def head_commit(repo: Path = Path(".")) -> str:
    import git

    return git.Repo(repo, search_parent_directories=True).head.commit.hexsha[:12]


@dataclass(frozen=True)
class Lineage:
    dataset: str
    split: str
    target: str
    commit: str = field(default_factory=head_commit)

    def as_tags(self) -> dict[str, str]:
        tags: dict[str, str] = {}
        tags["molprop.dataset"] = self.dataset
        tags["molprop.split"] = self.split
        tags["molprop.target"] = self.target
        tags["molprop.commit"] = self.commit
        return tags

    @classmethod
    def of_run(cls, run: Run) -> Lineage | None:
        """The reverse of as_tags; None for runs from before lineage was kept."""
        t = run.data.tags
        if "molprop.dataset" not in t:
            return None
        return cls(
            dataset=t["molprop.dataset"],
            split=t.get("molprop.split", "random"),
            target=t.get("molprop.target", ""),
            commit=t.get("molprop.commit", ""),
        )


class LineageIndex:
    """Looks runs up by their lineage."""

    def __init__(self, client: MlflowClient, experiment_id: str):
        self._client = client
        self._experiment_id = experiment_id

    def newest(self, lineage: Lineage) -> Run | None:
        clauses = ["attributes.status = 'FINISHED'"]
        for key in ("dataset", "split", "commit"):
            clauses.append(f"tags.`molprop.{key}` = '{getattr(lineage, key)}'")
        page = self._client.search_runs(
            experiment_ids=[self._experiment_id],
            filter_string=" and ".join(clauses),
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        return next(iter(page), None)

    def newest_on_dataset(self, dataset: str) -> Run | None:
        """Any code, any split."""
        page = self._client.search_runs(
            experiment_ids=[self._experiment_id],
            filter_string=f"attributes.status = 'FINISHED' and tags.`molprop.dataset` = '{dataset}'",
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        return next(iter(page), None)

    def all_commits(self, dataset: str) -> set[str]:
        runs = self._client.search_runs([self._experiment_id], f"tags.`molprop.dataset` = '{dataset}'")
        return {r.data.tags.get("molprop.commit", "") for r in runs} - {""}
