"""Quarterly export for compliance (CSV) and retention of old runs."""
from __future__ import annotations

import csv
import sys
import time
from datetime import datetime
from typing import Iterator

from mlflow.entities import Run, ViewType
from mlflow.tracking import MlflowClient

from ..settings import Settings

FIELDS = ["run_id", "tenant", "state", "approver", "ticket", "decided"]


def every_run(client: MlflowClient, settings: Settings) -> Iterator[Run]:
    exp = client.get_experiment_by_name(settings.experiment_name)
    if exp is None:
        return
    token = None
    while True:
        page = client.search_runs([exp.experiment_id], "", ViewType.ALL, max_results=1000, page_token=token)
        yield from page
        token = page.token
        if token is None:
            break


def row_of(run: Run) -> dict[str, str]:
    tags = run.data.tags
    decided = tags.get("fraud.decided_at")
    when = datetime.fromisoformat(decided) if decided else None
    return {
        "run_id": run.info.run_id,
        "tenant": tags.get("fraud.tenant", ""),
        "state": tags.get("fraud.approval", "pending"),
        "approver": tags.get("fraud.approver", ""),
        "ticket": tags.get("fraud.change_ticket", ""),
        "decided": when.strftime("%Y-%m-%d") if when else "",
    }


def of_ticket(client: MlflowClient, settings: Settings, ticket: str) -> Run | None:
    """the first one, auditors ask for what was filed originally"""
    for run in sorted(every_run(client, settings), key=lambda r: r.info.start_time):
        if run.info.lifecycle_stage == "active" and run.data.tags.get("fraud.change_ticket") == ticket:
            return run
    return None


def expire(client: MlflowClient, settings: Settings, years: int = 7) -> int:
    limit = (time.time() - years * 365 * 86400) * 1000
    n = 0
    for run in every_run(client, settings):
        if run.info.start_time < limit and run.data.tags.get("fraud.approval") != "approved":
            client.delete_run(run.info.run_id)
            n += 1
    return n


def deployed_run(client: MlflowClient, settings: Settings) -> Run | None:
    """run behind the registry's alias"""
    try:
        mv = client.get_model_version_by_alias(f"fraud-{settings.tenant}", "live")
    except Exception:
        return None
    return client.get_run(mv.run_id)


def main() -> None:
    settings, client = Settings.from_env(), MlflowClient()
    writer = csv.DictWriter(sys.stdout, FIELDS)
    writer.writeheader()
    for run in every_run(client, settings):
        writer.writerow(row_of(run))
    deployed = deployed_run(client, settings)
    if len(sys.argv) > 1:
        asked = of_ticket(client, settings, sys.argv[1])
        same = asked is not None and deployed is not None and asked.info.run_id == deployed.info.run_id
        print("deployed" if same else "not deployed", file=sys.stderr)
    print(expire(client, settings), "runs expired", file=sys.stderr)


if __name__ == "__main__":
    main()
