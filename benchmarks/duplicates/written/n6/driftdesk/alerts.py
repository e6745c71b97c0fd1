"""Tell people."""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import urllib.request

from driftdesk.config import Watched

log = logging.getLogger(__name__)


def text(model: Watched, day: dt.date, values: dict[str, float]) -> str:
    top = sorted(
        ((v, k[4:]) for k, v in values.items() if k.startswith("psi.") and k != "psi.max"),
        reverse=True,
    )[:3]
    columns = ", ".join(f"{name} ({value:.2f})" for value, name in top)
    return f"{model.model} drifted on {day}: {columns}. Owner: {model.owner}."


def notify(model: Watched, day: dt.date, values: dict[str, float]) -> None:
    hook = os.environ.get("DRIFTDESK_WEBHOOK")
    body = text(model, day, values)
    if not hook:
        log.warning(body)
        return
    request = urllib.request.Request(hook, data=json.dumps({"text": body}).encode())
    urllib.request.urlopen(request, timeout=10)
