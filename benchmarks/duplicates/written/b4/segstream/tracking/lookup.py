from __future__ import annotations

from functools import lru_cache

from mlflow.entities import Run
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

FINGERPRINT = "seg.fingerprint"


@lru_cache
def client() -> MlflowClient:
    return MlflowClient()


def experiment_id(name: str = "segstream") -> str:
    found = client().get_experiment_by_name(name)
    if found is None:
        try:
            return client().create_experiment(name)
        except MlflowException:
            found = client().get_experiment_by_name(name)
    if found.lifecycle_stage == "deleted":
        raise RuntimeError(f"experiment {name} is deleted")
    return found.experiment_id


def run_by_fingerprint(fingerprint: str) -> Run | None:
    hits = client().search_runs(
        [experiment_id()],
        f"tags.`{FINGERPRINT}` = '{fingerprint}'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return hits[0] if hits else None


def require(fingerprint: str) -> Run:
    run = run_by_fingerprint(fingerprint)
    if run is None:
        raise LookupError(f"no run with fingerprint {fingerprint}")
    return run


def children(run: Run) -> list[Run]:
    out: list[Run] = []
    token = None
    while True:
        page = client().search_runs(
            [run.info.experiment_id],
            f"tags.mlflow.parentRunId = '{run.info.run_id}'",
            page_token=token,
        )
        out.extend(page)
        token = page.token
        if not token:
            return out


def first_ever() -> Run | None:
    hits = client().search_runs([experiment_id()], order_by=["attributes.start_time ASC"], max_results=1)
    return hits[0] if hits else None


def same_settings(params: dict[str, str]) -> list[Run]:
    clause = " and ".join(f"params.`{k}` = '{v}'" for k, v in params.items())
    return list(client().search_runs([experiment_id()], clause, max_results=1000))
