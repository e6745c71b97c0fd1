"""Delete what may go and keep what must stay."""

import datetime as dt
import json
import logging
from dataclasses import dataclass

from mlflow.entities import ViewType

from cardwright._mlflow import client, paged
from cardwright.vocabulary import GovTag, Risk

log = logging.getLogger("cardwright.retention")


@dataclass(frozen=True)
class Policy:
    """Days to keep a run, by risk."""

    minimal: int = 90
    limited: int = 365
    high: int = 3650

    def days(self, risk):
        return {Risk.MINIMAL: self.minimal, Risk.LIMITED: self.limited}.get(risk, self.high)


class Sweeper:
    """Applies a policy to experiments."""

    def __init__(self, policy=Policy(), dry_run=True):
        self.policy = policy
        self.dry_run = dry_run

    def _risk_and_owner(self, run):
        text = next((v for k, v in run.data.tags.items() if k == "gov.compliance"), None)
        doc = json.loads(text) if text else {}
        risk = Risk.parse(doc.get("risk", "limited"))
        owner = doc.get("owner", "nobody")
        review_by = dt.date.fromisoformat(doc["review_by"]) if doc.get("review_by") else None
        return risk, owner, review_by

    def _expired(self, run):
        if run.data.tags.get(GovTag.HOLD.value, "").lower() in ("1", "true", "yes"):
            return False
        risk, _, review_by = self._risk_and_owner(run)
        if review_by and review_by >= dt.date.today():
            return False
        age = dt.datetime.now(dt.timezone.utc).timestamp() - run.info.start_time / 1000
        return age > self.policy.days(risk) * 86400

    def sweep(self, experiment_ids):
        """Delete expired runs and return their ids."""
        gone = []
        for run in paged(client().search_runs, experiment_ids=experiment_ids):
            if run.info.status == "RUNNING" or not self._expired(run):
                continue
            gone.append(run.info.run_id)
            if not self.dry_run:
                client().delete_run(run.info.run_id)
        log.info("%d runs %s", len(gone), "would go" if self.dry_run else "deleted")
        return gone

    def bring_back(self, experiment_ids, days=7):
        """Restore runs that were deleted by mistake in the last days."""
        since = (dt.datetime.now(dt.timezone.utc) - dt.timedelta(days=days)).timestamp() * 1000
        for run in client().search_runs(
            experiment_ids,
            filter_string=f"attributes.end_time > {int(since)}",
            run_view_type=ViewType.DELETED_ONLY,
        ):
            client().restore_run(run.info.run_id)
