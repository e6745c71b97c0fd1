"""Lineage: which run came from which."""
from __future__ import annotations

import logging
from collections import deque
from typing import Dict, Iterator, List, Optional, Set

from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from pricing_platform.domain.model import LineOfBusiness
from pricing_platform.infrastructure import tag_names

LOGGER = logging.getLogger(__name__)


class LineageService:
    """Walks the graph of runs."""

    def __init__(self, client: MlflowClient) -> None:
        self._client = client

    def ancestors(self, run_id: str) -> List[str]:
        seen: Set[str] = set()
        queue = deque([run_id])
        while queue:
            current = queue.popleft()
            run = self._client.get_run(current)
            value = run.data.tags.get("lineage.parents")
            parents = [p for p in map(str.strip, value.split(",")) if p] if value else []
            for parent in parents:
                if parent not in seen:
                    seen.add(parent)
                    queue.append(parent)
        return sorted(seen)

    def children(self, run_id: str, line: LineOfBusiness) -> List[Run]:
        experiment = self._client.get_experiment_by_name(f"pricing/{line.value}/calibration")
        if experiment is None:
            return []
        found = self._client.search_runs(
            [experiment.experiment_id], f"tags.`lineage.parents` LIKE '%{run_id}%'", max_results=500
        )
        return list(found)

    def link(self, run_id: str, parents: List[str], snapshot: str) -> None:
        known = [p for p in parents if self._exists(p)]
        if len(known) < len(parents):
            LOGGER.warning("%d unknown parents of %s", len(parents) - len(known), run_id)
        self._client.set_tag(run_id, tag_names.LINEAGE_PARENTS, ",".join(known))
        self._client.set_tag(run_id, tag_names.LINEAGE_SNAPSHOT, snapshot)

    def _exists(self, run_id: str) -> bool:
        try:
            self._client.get_run(run_id)
        except Exception:  # pylint: disable=broad-except
            return False
        return True

    def run_of_snapshot(self, line: LineOfBusiness, snapshot: str) -> Optional[Run]:
        """The newest run which read a snapshot."""
        experiment = self._client.get_experiment_by_name(f"pricing/{line.value}/calibration")
        if experiment is None:
            return None
        runs = self._client.search_runs(
            experiment_ids=[experiment.experiment_id],
            filter_string=f"tags.`{tag_names.LINEAGE_SNAPSHOT}` = '{snapshot}' and attributes.status = 'FINISHED'",
            max_results=1,
            order_by=["attributes.start_time DESC"],
        )
        return runs[0] if runs else None

    def edges(self, run_ids: List[str]) -> Iterator[Dict[str, str]]:
        for run_id in run_ids:
            for parent in self.ancestors(run_id):
                yield {"from": parent, "to": run_id}
