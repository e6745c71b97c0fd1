"""Finding runs."""

from typing import List, Optional

from mlflow import MlflowClient
from mlflow.entities import Run


class RunLookup:
    """Questions to one experiment."""

    def __init__(self, experiment_id: str, client: Optional[MlflowClient] = None) -> None:
        self._id = experiment_id
        self._client = client if client is not None else MlflowClient()

    def _search(self, where: str, count: int = 1) -> List[Run]:
        return self._client.search_runs([self._id], where, order_by=["attributes.start_time DESC"], max_results=count)

    def of_dataset_and_commit(self, version: str, commit: str) -> Optional[Run]:
        runs = self._search(f"tags.`dataset.version` = '{version}' and tags.`git.commit` = '{commit}'")
        return runs[0] if runs else None

    def of_checkpoint(self, key: str) -> Optional[Run]:
        """By the tag; runs of last year have the key in their name only."""
        runs = self._search(f"tags.checkpoint = '{key}'")
        if not runs:
            runs = self._search(f"attributes.run_name = '{key}'")
        return runs[0] if runs else None

    def recent(self, count: int = 20) -> List[Run]:
        return self._search("attributes.status = 'FINISHED'", count)

    def versions(self) -> List[str]:
        runs = self._search("", 1000)
        return sorted({r.data.tags["dataset.version"] for r in runs if "dataset.version" in r.data.tags})
