"""Copy straight from server to server."""

from __future__ import annotations

import logging
from typing import Any

from runferry import payload
from runferry.connect import Server
from runferry.tags import NAME, PARENT, SOURCE_RUN, origin_tags, portable, safe_value
from runferry.tree import parent_of, parents_first

log = logging.getLogger(__name__)


def ensure_experiment(target: Server, source_experiment: Any, name: str | None = None) -> str:
    """The experiment on the target that takes the copies."""
    wanted = name or source_experiment.name
    found = target.client.get_experiment_by_name(wanted)
    if found is not None:
        return found.experiment_id
    return target.client.create_experiment(wanted, tags=dict(source_experiment.tags))


def find_copy(target: Server, experiment_id: str, run_id: str) -> str | None:
    """The id of the copy of a source run, if there is one."""
    hits = target.client.search_runs(
        [experiment_id], f"tags.`{SOURCE_RUN}` = '{run_id}'", max_results=1
    )
    return hits[0].info.run_id if hits else None


class Ferry:
    """Copies experiments of one server to another."""

    def __init__(self, source: Server, target: Server, artifacts: bool = True) -> None:
        self.source = source
        self.target = target
        self.artifacts = artifacts
        self.moved: dict[str, str] = {}

    def copy_run(self, run: Any, experiment_name: str, target_id: str) -> str:
        """Copy one run. Its parent has been copied before."""
        tags = portable(run.data.tags)
        tags.update(origin_tags(run, experiment_name, self.source.uri))
        parent = parent_of(run)
        if parent in self.moved:
            tags[PARENT] = self.moved[parent]
        else:
            tags.pop(PARENT, None)
        tags[NAME] = run.info.run_name
        created = self.target.client.create_run(
            target_id,
            start_time=run.info.start_time,
            tags={key: safe_value(value) for key, value in tags.items()},
        )
        new_id = created.info.run_id
        self.moved[run.info.run_id] = new_id
        payload.copy_params(self.source.client, run, self.target.client, new_id)
        payload.copy_metrics(self.source.client, run, self.target.client, new_id)
        if self.artifacts:
            payload.copy_artifacts(self.source.client, run, self.target.client, new_id)
        if run.info.status != "RUNNING":
            self.target.client.set_terminated(new_id, run.info.status, run.info.end_time)
        return new_id

    def copy_experiment(self, name: str, new_name: str | None = None) -> dict[str, str]:
        """Copy all runs of an experiment and return old ids to new ids."""
        source_id = self.source.experiment_id(name)
        experiment = self.source.client.get_experiment(source_id)
        target_id = ensure_experiment(self.target, experiment, new_name)
        for run in parents_first(self.source.all_runs(source_id)):
            known = find_copy(self.target, target_id, run.info.run_id)
            if known:
                log.debug("run %s is there as %s", run.info.run_id, known)
                self.moved[run.info.run_id] = known
                continue
            self.copy_run(run, name, target_id)
        return self.moved
