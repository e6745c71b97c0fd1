"""What the flows share about MLflow. Keep prefect out of here, the scripts import it too."""
from __future__ import annotations

import logging
from typing import Iterator, Optional

from mlflow.entities import Run, RunStatus, ViewType
from mlflow.tracking import MlflowClient

import settings

log = logging.getLogger(__name__)


def get_client() -> MlflowClient:
    return MlflowClient(tracking_uri=settings.TRACKING_URI)


def ensure_experiment(name: str, client: Optional[MlflowClient] = None) -> str:
    """Id of an experiment that is there and active afterwards."""
    client = client or get_client()
    experiment = client.get_experiment_by_name(name)
    if experiment is None:
        log.info("creating experiment %s", name)
        return client.create_experiment(name, artifact_location=f"{settings.ARTIFACT_BUCKET}/{name}")
    if experiment.lifecycle_stage == "deleted":
        log.warning("experiment %s was deleted, restoring it", name)
        client.restore_experiment(experiment.experiment_id)
    return experiment.experiment_id


def to_filter(tags: dict[str, str]) -> str:
    return " and ".join(f"tags.`{k}` = '{v}'" for k, v in sorted(tags.items()))


def iter_runs(experiment_id: str, filter_string: str = "", page: int = 200) -> Iterator[Run]:
    client, token = get_client(), None
    while True:
        found = client.search_runs([experiment_id], filter_string, max_results=page, page_token=token)
        yield from found
        token = found.token
        if not token:
            return


def trained_run(region: str, window_end: str) -> Optional[Run]:
    """The finished training of a region for a window, newest first if it was repeated."""
    client = get_client()
    wanted = {"step": "train", "region": region, "window_end": window_end}
    found = client.search_runs(
        [ensure_experiment(settings.experiment_name(region), client)],
        filter_string=to_filter(wanted) + " and attributes.status = 'FINISHED'",
        run_view_type=ViewType.ACTIVE_ONLY,
        max_results=1,
        order_by=["attributes.start_time DESC"],
    )
    return found[0] if found else None


def finish(run_id: str, status: str = "FINISHED") -> None:
    client = get_client()
    if client.get_run(run_id).info.status == "RUNNING":
        client.set_terminated(run_id, status)


def fail_stale(experiment_id: str, older_than_ms: int) -> int:
    n = 0
    for run in iter_runs(experiment_id, "attributes.status = 'RUNNING'"):
        if run.info.start_time < older_than_ms:
            get_client().set_terminated(run.info.run_id, RunStatus.to_string(RunStatus.FAILED))
            n += 1
    return n
