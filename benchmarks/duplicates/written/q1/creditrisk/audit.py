"""Checks which Internal Audit runs each quarter. Read only, apart from `seal`."""
from __future__ import annotations

import csv
import hashlib
import io
import json
import logging
from datetime import datetime, timezone

from mlflow.tracking import MlflowClient

from creditrisk.constants import SCORING_EXPERIMENT, TAG_APPROVERS, TAG_MONTH, TAG_PORTFOLIO

log = logging.getLogger(__name__)


def _run_of_model(client: MlflowClient, portfolio: str):
    mv = client.get_model_version_by_alias(f"pd-{portfolio}", "champion")
    if mv.run_id is None or mv.run_id == "":
        raise ValueError(f"model version {mv.version} of pd-{portfolio} lacks a run")
    run = client.get_run(mv.run_id)
    return run


def four_eyes(portfolio: str) -> bool:
    run = _run_of_model(MlflowClient(), portfolio)
    people = set()
    value = run.data.tags.get(TAG_APPROVERS)
    if value:
        for part in value.split(";"):
            part = part.strip().lower()
            if part:
                people.add(part)
    owner = run.data.tags.get("audit.owner", "")
    return len(people - {owner.lower()}) >= 2


def scored_months(portfolio: str) -> list[str]:
    client = MlflowClient()
    exp = client.get_experiment_by_name(SCORING_EXPERIMENT)
    if exp is None:
        return []
    months = set()
    for run in client.search_runs([exp.experiment_id], f"tags.`{TAG_PORTFOLIO}` = '{portfolio}'", max_results=1000):
        if run.info.status == "FINISHED":
            months.add(run.data.tags.get(TAG_MONTH))
    return sorted(m for m in months if m)


def last_failed(portfolio: str, month: str):
    """Newest FAILED scoring, for the incident log."""
    client = MlflowClient()
    exp = client.get_experiment_by_name(SCORING_EXPERIMENT)
    if exp is None:
        return None
    query = " and ".join([
        f"tags.`{TAG_PORTFOLIO}` = '{portfolio}'",
        f"tags.`{TAG_MONTH}` = '{month}'",
        "attributes.status = 'FAILED'",
    ])
    runs = client.search_runs([exp.experiment_id], query, order_by=["attributes.start_time DESC"], max_results=1)
    if len(runs) == 0:
        return None
    return runs[0]


def seal(run_id: str) -> str:
    client = MlflowClient()
    run = client.get_run(run_id)
    payload = json.dumps({"p": run.data.params, "m": run.data.metrics}, sort_keys=True)
    digest = hashlib.sha256(payload.encode()).hexdigest()
    client.set_tag(run_id, "seal.sha256", digest)
    client.set_tag(run_id, "seal.at", datetime.now(timezone.utc).isoformat())
    client.set_tag(run_id, "seal.schema", "2")
    return digest


def export(rows: list[dict]) -> str:
    buffer = io.StringIO()
    if rows:
        writer = csv.DictWriter(buffer, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return buffer.getvalue()
