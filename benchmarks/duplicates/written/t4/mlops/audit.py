"""Audit trail: tags which Internal Audit reads twice a year."""
from __future__ import annotations

import csv
import json
import logging
from datetime import datetime, timezone
from pathlib import Path

import mlflow
from mlflow.entities import Run, RunTag
from mlflow.tracking import MlflowClient

from mlops.settings import TAG_APPROVALS, TAG_STAMP, TAG_TICKET, TAG_USER, Settings

log = logging.getLogger(__name__)


def stamp(client: MlflowClient, run_id: str, settings: Settings) -> None:
    """Who, when and under which change ticket."""
    now = datetime.now(timezone.utc).isoformat(timespec="seconds")
    tags = [
        RunTag(TAG_USER, settings.user),
        RunTag(TAG_TICKET, settings.need_ticket()),
        RunTag(TAG_STAMP, now),
    ]
    client.log_batch(run_id, tags=tags)


def approvals(run: Run) -> list[dict[str, str]]:
    """Approvals of a run; an unreadable tag counts as none."""
    raw = run.data.tags.get(TAG_APPROVALS, "[]")
    try:
        parsed = json.loads(raw)
    except json.JSONDecodeError:
        log.error("approvals of %s unreadable", run.info.run_id)
        return []
    return parsed if isinstance(parsed, list) else []


def add_approval(client: MlflowClient, run_id: str, user: str, role: str) -> None:
    run = client.get_run(run_id)
    entries = approvals(run)
    if any(e["user"] == user for e in entries):
        return
    entries.append({"user": user, "role": role, "at": datetime.now(timezone.utc).isoformat()})
    client.set_tag(run_id, TAG_APPROVALS, json.dumps(entries))


def export_trail(experiment_id: str, since_ms: int, target: Path) -> int:
    """Vuelca todas las releases a CSV para auditoría."""
    client = MlflowClient()
    rows, token = [], None
    while True:
        page = client.search_runs([experiment_id], f"attributes.start_time >= {since_ms}", max_results=500, page_token=token)
        for r in page:
            t = r.data.tags
            rows.append([r.info.run_id, t.get(TAG_USER, ""), t.get(TAG_TICKET, ""), t.get(TAG_STAMP, "")])
        token = page.token
        if not token:
            break
    with target.open("w", newline="") as fh:
        writer = csv.writer(fh, delimiter=";")
        writer.writerow(["run", "user", "ticket", "timestamp"])
        writer.writerows(rows)
    return len(rows)


def release_run(experiment_id: str, version: str, settings: Settings) -> mlflow.ActiveRun:
    """Opens the run in which a release is documented."""
    return mlflow.start_run(
        experiment_id=experiment_id,
        run_name=f"release-{version}",
        tags={
            "release.version": version,
            "release.ticket": settings.need_ticket(),
            "release.kind": "standard",
            "ci.pipeline_id": settings.pipeline_id,
        },
    )
