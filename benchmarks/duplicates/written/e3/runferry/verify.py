"""Check copies against their source."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import mlflow

from runferry.connect import Server


@dataclass
class Report:
    """What was found."""

    missing: list[str] = field(default_factory=list)
    different: dict[str, list[str]] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return not self.missing and not self.different


def counterpart(target: Server, experiment_name: str, source_run_id: str) -> Any | None:
    """The copy of a run, read through the fluent API."""
    mlflow.set_tracking_uri(target.uri)
    frame = mlflow.search_runs(
        experiment_names=[experiment_name],
        filter_string=f'tags."runferry.source.run_id" = "{source_run_id}"',
    )
    if frame.shape[0] == 0:
        return None
    return mlflow.get_run(frame["run_id"].iloc[0])


def differences(left: Any, right: Any) -> list[str]:
    """Names of params and metrics that are not the same."""
    names = [
        f"param {key}"
        for key, value in left.data.params.items()
        if right.data.params.get(key) != value
    ]
    for key, value in left.data.metrics.items():
        other = right.data.metrics.get(key)
        if other is None or abs(other - value) > 1e-9 * max(1.0, abs(value)):
            names.append(f"metric {key}")
    return names


def verify(source: Server, target: Server, name: str, target_name: str) -> Report:
    """Compare all runs of an experiment with their copies."""
    report = Report()
    for run in source.all_runs(source.experiment_id(name)):
        copy = counterpart(target, target_name, run.info.run_id)
        if copy is None:
            report.missing.append(run.info.run_id)
            continue
        names = differences(run, copy)
        if names:
            report.different[run.info.run_id] = names
    return report


def orphans(target: Server, target_name: str) -> list[str]:
    """Copies whose parent is not on the target."""
    runs = list(target.all_runs(target.experiment_id(target_name)))
    ids = {run.info.run_id for run in runs}
    return [
        run.info.run_id
        for run in runs
        if "mlflow.parentRunId" in run.data.tags and run.data.tags["mlflow.parentRunId"] not in ids
    ]


def drop_copies(target: Server, target_name: str, source_uri: str) -> int:
    """Delete all copies that come from a server."""
    experiment_id = target.experiment_id(target_name)
    doomed = list(
        target.all_runs(experiment_id, f"tags.`runferry.source.uri` = '{source_uri}'")
    )
    for run in doomed:
        target.client.delete_run(run.info.run_id)
    return len(doomed)
