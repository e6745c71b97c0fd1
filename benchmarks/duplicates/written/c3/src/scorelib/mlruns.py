"""Everything about runs goes through here (single source of truth)."""

from __future__ import annotations

import mlflow
from mlflow.entities import Run
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

from scorelib.settings import ROOT, TIERS, GovTag, Segment


def experiment_id_of(segment: Segment) -> str:
    name = f"{ROOT}/{segment.value}"
    experiment = mlflow.get_experiment_by_name(name)
    if experiment is not None:
        return experiment.experiment_id
    return mlflow.create_experiment(name, tags={"segment": segment.value})


def run_by_name(segment: Segment, run_name: str) -> Run:
    """Newest run of that name; raises when there is none."""
    runs = MlflowClient().search_runs(
        [experiment_id_of(segment)],
        filter_string=f"attributes.run_name = '{run_name}'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    if not runs:
        raise LookupError(f"no run {run_name} in {segment.value}")
    return runs[0]


def governance_tags(owner: str, validation_id: str, segment: Segment, cutoff: str) -> dict[str, str]:
    return {
        GovTag.OWNER.value: owner,
        GovTag.VALIDATION.value: validation_id,
        GovTag.TIER.value: TIERS[segment],
        GovTag.BASEL.value: segment.value.upper(),
        GovTag.CUTOFF.value: cutoff,
    }


def validation_id_of(run: Run) -> str:
    value = run.data.tags.get(GovTag.VALIDATION.value)
    if not value:
        raise ValueError(f"run {run.info.run_id} was never validated")
    return value


def shadow_run(source: Run, run_name: str) -> Run:
    """A run beside ``source`` with the same parameters; the caller terminates it."""
    client = MlflowClient()
    run = client.create_run(
        source.info.experiment_id,
        tags={"shadow_of": source.info.run_id, "lifecycle": "shadow"},
        run_name=run_name,
    )
    for key, value in source.data.params.items():
        client.log_param(run.info.run_id, key, value)
    return client.get_run(run.info.run_id)


def locate(segment: Segment, run_id: str | None = None, validation_id: str | None = None) -> Run | None:
    client = MlflowClient()
    if run_id:
        try:
            return client.get_run(run_id)
        except MlflowException:
            pass
    exp = [experiment_id_of(segment)]
    if validation_id:
        hits = client.search_runs(exp, f"tags.`{GovTag.VALIDATION.value}` = '{validation_id}'", max_results=1)
        if hits:
            return hits[0]
    hits = client.search_runs(exp, order_by=["attributes.start_time DESC"], max_results=1)
    return hits[0] if hits else None
