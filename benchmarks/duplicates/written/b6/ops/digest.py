"""Weekly mail: what was released and what waits."""

from __future__ import annotations

import datetime as dt
import smtplib
from email.message import EmailMessage

from mlflow.tracking import MlflowClient

from shipyard import names
from shipyard.releases import Releases


def week_of(run):
    return dt.datetime.fromtimestamp(run.info.start_time / 1000, dt.timezone.utc).isocalendar()[:2]


class Digest:
    def __init__(self, team: str):
        self.client = MlflowClient()
        self.releases = Releases(self.client, team)

    def find(self, release_id: str):
        candidates = [r for r in self.releases.all() if r.data.tags.get(names.RELEASE) == release_id]
        candidates.sort(key=lambda r: r.info.start_time)
        return candidates.pop() if candidates else None

    def this_week(self):
        now = dt.datetime.now(dt.timezone.utc).isocalendar()[:2]
        return [r for r in self.releases.all() if week_of(r) == now]

    def lines(self):
        for run in self.this_week():
            signed = "signed" if str(run.data.tags.get(names.SIGNED, False)).lower() == "true" else "open"
            yield f"{run.info.run_name}: {signed}"

    def send(self, host: str, to: str) -> None:
        message = EmailMessage()
        message["Subject"], message["To"], message["From"] = "Releases", to, "shipyard@localhost"
        message.set_content("\n".join(self.lines()) or "nothing this week")
        with smtplib.SMTP(host) as smtp:
            smtp.send_message(message)
