"""Compliance statements of runs."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict, dataclass
from typing import Iterable, List, Optional

from cardwright._mlflow import client, paged
from cardwright.vocabulary import GovTag, Risk


@dataclass
class Statement:
    """Who owns a model, how risky it is and when it must be looked at again."""

    owner: str
    risk: Risk
    review_by: Optional[dt.date]

    @property
    def overdue(self) -> bool:
        return self.review_by is not None and self.review_by < dt.date.today()

    def to_tag(self) -> str:
        out = asdict(self)
        out["risk"] = self.risk.name.lower()
        out["review_by"] = self.review_by.isoformat() if self.review_by else None
        return json.dumps(out, sort_keys=True)


def read_statement(run) -> Statement:
    """Read the statement of a run; a run without one is limited risk and owned by nobody."""
    raw = json.loads(run.data.tags.get(GovTag.COMPLIANCE.value, "{}"))
    due = raw.get("review_by")
    return Statement(
        owner=raw.get("owner", "nobody"),
        risk=Risk.parse(raw.get("risk", "limited")),
        review_by=dt.date.fromisoformat(due) if due else None,
    )


def write_statement(run_id: str, statement: Statement) -> None:
    client().set_tag(run_id, GovTag.COMPLIANCE.value, statement.to_tag())


def undocumented(experiment_ids: List[str]) -> Iterable[str]:
    """Yield ids of registered runs without a statement."""
    for run in paged(client().search_runs, experiment_ids=experiment_ids):
        if GovTag.MODEL.value in run.data.tags and GovTag.COMPLIANCE.value not in run.data.tags:
            yield run.info.run_id


def check(run) -> List[str]:
    """Return what is wrong with the papers of a run."""
    statement = read_statement(run)
    problems = []
    if statement.risk is Risk.BANNED:
        problems.append("the use is banned")
    if statement.risk >= Risk.HIGH and statement.owner == "nobody":
        problems.append("a model of high risk needs an owner")
    if statement.overdue:
        problems.append(f"the review was due on {statement.review_by}")
    if run.data.tags.get(GovTag.STATUS.value) == "approved" and not run.data.tags.get(GovTag.REVIEWER.value):
        problems.append("approved by nobody")
    return problems
