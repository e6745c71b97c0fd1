"""Take over decisions from a spreadsheet of a review board."""

import csv
from datetime import datetime, timezone

from mlflow import MlflowClient

REQUIRED = ("run_id", "reviewer", "decision")


def read_rows(path):
    with open(path, newline="", encoding="utf-8") as handle:
        for number, row in enumerate(csv.DictReader(handle), start=2):
            missing = [name for name in REQUIRED if not row.get(name)]
            if missing:
                raise ValueError(f"line {number}: no {', '.join(missing)}")
            yield row


def import_decisions(path, mlflow_client=None):
    """Write all decisions of a file and return how many there were."""
    cl = mlflow_client or MlflowClient()
    count = 0
    for row in read_rows(path):
        now = datetime.now(timezone.utc).isoformat(timespec="seconds")
        cl.set_tag(row["run_id"], "gov.review.at", row.get("date") or now)
        cl.set_tag(row["run_id"], "gov.review.by", row["reviewer"])
        cl.set_tag(row["run_id"], "gov.review.decision", row["decision"])
        cl.set_tag(row["run_id"], "gov.review.reason", row.get("reason", ""))
        cl.set_tag(row["run_id"], "gov.status", row["decision"])
        count += 1
    return count
