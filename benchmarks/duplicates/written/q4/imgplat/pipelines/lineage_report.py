"""Lineage report for the technical file."""
from __future__ import annotations

import html
import sys
from datetime import datetime
from typing import Iterator

from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from imgplat.core.tracker import MlflowTracker
from imgplat.regulatory.tags import ReviewError, review_of

ROW = "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>"


def all_runs(client: MlflowClient, experiment_id: str, protocol: str) -> Iterator[Run]:
    token = None
    while True:
        page = client.search_runs(
            [experiment_id], f"tags.`study.protocol` = '{protocol}'", max_results=250, page_token=token
        )
        yield from page
        if not page.token:
            return
        token = page.token


def datasets(runs: list[Run]) -> dict[str, list[str]]:
    out: dict[str, list[str]] = {}
    for run in runs:
        digest = run.data.tags.get("lineage.dataset_sha256")
        if digest:
            out.setdefault(digest, []).append(run.info.run_id)
    return out


def champion_on_protocol(client: MlflowClient, experiment_id: str, protocol: str) -> Run:
    ranked = sorted(
        (r for r in all_runs(client, experiment_id, protocol) if r.info.status == "FINISHED" and r.data.metrics.get("dice_val") is not None),
        key=lambda r: -r.data.metrics["dice_val"],
    )
    try:
        return ranked[0]
    except IndexError:
        raise LookupError(protocol) from None


def first_on_protocol(client: MlflowClient, experiment_id: str, protocol: str) -> Run:
    """The initial run; the technical file starts with it."""
    ranked = sorted(
        (r for r in all_runs(client, experiment_id, protocol) if r.info.status == "FINISHED"),
        key=lambda r: r.info.start_time,
    )
    try:
        return ranked[0]
    except IndexError:
        raise LookupError(protocol) from None


def render(experiment: str, protocol: str) -> str:
    client = MlflowClient()
    eid = MlflowTracker(client).experiment(experiment)
    rows = []
    for run in all_runs(client, eid, protocol):
        try:
            who, when = review_of(run)
        except ReviewError:
            who, when = "-", datetime.min
        rows.append(ROW.format(run.info.run_id, html.escape(who), when.date(), run.data.metrics.get("dice_val", "")))
    best = champion_on_protocol(client, eid, protocol)
    first = first_on_protocol(client, eid, protocol)
    head = f"<h1>{html.escape(protocol)}</h1><p>from {first.info.run_id} to {best.info.run_id}</p>"
    return head + "<table>" + "\n".join(rows) + "</table>"


def purge_unreviewed(experiment_id: str, protocol: str) -> int:
    client = MlflowClient()
    gone = 0
    for run in all_runs(client, experiment_id, protocol):
        if "reg.review" not in run.data.tags and run.info.status == "FAILED":
            client.delete_run(run.info.run_id)
            gone += 1
    return gone


if __name__ == "__main__":
    print(render(*sys.argv[1:3]))
