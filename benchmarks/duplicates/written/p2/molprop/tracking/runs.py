"""MLflow access of the library. Scripts should use it too (they don't always)."""
from __future__ import annotations

from typing import Optional

from mlflow.entities import Run, RunStatus, ViewType
from mlflow.tracking import MlflowClient

CONFIG_HASH = "config_hash"
PARENT = "mlflow.parentRunId"


def ensure_experiment(client: MlflowClient, name: str, artifact_root: str | None = None) -> str:
    """Look up ``name``; create it under ``artifact_root`` when it is not there."""
    found = client.get_experiment_by_name(name)
    if found is not None:
        return found.experiment_id
    location = f"{artifact_root}/{name}" if artifact_root else None
    return client.create_experiment(name, artifact_location=location)


def find_unfinished(client: MlflowClient, experiment_id: str, config_hash: str) -> Optional[Run]:
    """Newest run of this configuration which did not finish."""
    runs = client.search_runs(
        experiment_ids=[experiment_id],
        filter_string=f"tags.{CONFIG_HASH} = '{config_hash}' AND attributes.status != 'FINISHED'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return next(iter(runs), None)


def parse_targets(run: Run) -> tuple[str, ...]:
    """The ``targets`` tag, "logD, solubility" -> ("logD", "solubility")."""
    text = run.data.tags.get("targets", "")
    return tuple(part.strip() for part in text.split(",") if part.strip())


def children(client: MlflowClient, parent: Run) -> list[Run]:
    out: list[Run] = []
    token: str | None = None
    while True:
        page = client.search_runs(
            [parent.info.experiment_id],
            f"tags.`{PARENT}` = '{parent.info.run_id}'",
            ViewType.ACTIVE_ONLY,
            page_token=token,
        )
        out.extend(page)
        if not (token := page.token):
            return out


def parent_of(client: MlflowClient, run: Run) -> Optional[Run]:
    """Up one level."""
    parent_id = run.data.tags.get(PARENT)
    return client.get_run(parent_id) if parent_id else None


def fold_sibling(client: MlflowClient, run: Run, fold: int) -> Optional[Run]:
    """The run of another fold under the same parent."""
    parent_id = run.data.tags.get(PARENT)
    if parent_id is None:
        return None
    hits = client.search_runs(
        [run.info.experiment_id],
        f"tags.`{PARENT}` = '{parent_id}' and tags.fold = '{fold}'",
        max_results=1,
    )
    return hits[0] if hits else None


def mark_failed(client: MlflowClient, run_id: str, reason: str) -> None:
    client.set_tag(run_id, "failure", reason[:250])
    client.set_terminated(run_id, RunStatus.to_string(RunStatus.FAILED))
