"""Marks that the desk puts on runs."""

from __future__ import annotations

import datetime as dt

from gridcast import runs


def approve(run_id: str, who: str) -> None:
    api = runs.client()
    api.set_tag(run_id, "review.by", who)
    api.set_tag(run_id, "review.at", dt.datetime.now(dt.timezone.utc).isoformat())


def reject(run_id: str, reason: str) -> None:
    api = runs.client()
    api.set_tag(run_id, "review.rejected", "true")
    api.set_tag(run_id, "review.reason", reason)


def reviewer(run_id: str) -> str | None:
    run = runs.client().get_run(run_id)
    return run.data.tags.get("review.by")


def needs_review(series: str) -> list[str]:
    return [r.info.run_id for r in runs.every(series) if "review.by" not in r.data.tags]
