"""A worker that asks a queue for configs and talks REST, since mlflow is too heavy on the nodes."""

from __future__ import annotations

import json
import os
import socket
import time
import urllib.request

BASE = os.environ.get("MLFLOW_TRACKING_URI", "http://localhost:5000") + "/api/2.0/mlflow/"


def rest(method: str, path: str, body: dict) -> dict:
    request = urllib.request.Request(
        BASE + path,
        data=json.dumps(body).encode(),
        method=method,
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=20) as response:
        return json.load(response)


def metric(run_id: str, key: str, value: float) -> None:
    now = int(time.time() * 1000)
    rest("POST", "runs/log-metric", {"run_id": run_id, "key": key, "value": value, "timestamp": now})


def already(experiment_id: str, digest: str) -> str | None:
    reply = rest(
        "POST",
        "runs/search",
        {
            "experiment_ids": [experiment_id],
            "filter": f"tags.`tune.config_hash` = '{digest}'",
            "max_results": 1,
        },
    )
    runs = reply.get("runs", [])
    return runs[0]["info"]["run_id"] if runs else None


def claim(queue: str) -> dict | None:
    request = urllib.request.Request(queue + "/next", method="POST")
    with urllib.request.urlopen(request, timeout=60) as response:
        body = response.read()
    return json.loads(body) if body else None


def loop(queue: str, objective) -> None:
    host = socket.gethostname()
    while (job := claim(queue)) is not None:
        if already(job["experiment_id"], job["config_hash"]) is not None:
            continue
        metric(job["run_id"], "started", 1.0)
        loss = objective(job["config"])
        metric(job["run_id"], "val_loss", loss)
        rest("POST", "runs/set-tag", {"run_id": job["run_id"], "key": "node", "value": host})
        rest("POST", "runs/update", {"run_id": job["run_id"], "status": "FINISHED"})
