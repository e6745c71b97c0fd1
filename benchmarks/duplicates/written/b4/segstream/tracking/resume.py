from __future__ import annotations

from pathlib import Path

import mlflow
from mlflow.entities import Run

from segstream.tracking.lookup import client, require


def latest_checkpoint(folder: Path) -> Path | None:
    files = sorted(folder.rglob("*.ckpt"), key=lambda p: p.stat().st_mtime, reverse=True)
    if not files:
        return None
    return files[0]


def reopen(run_id: str) -> Run:
    run = client().get_run(run_id)
    if run.info.status == "RUNNING":
        raise RuntimeError(f"{run_id} is still running")
    return mlflow.start_run(run_id=run_id)


def resume(fingerprint: str, folder: Path) -> tuple[str, Path]:
    run = require(fingerprint)
    path = latest_checkpoint(folder / run.info.run_id)
    if path is None:
        raise FileNotFoundError(folder / run.info.run_id)
    return run.info.run_id, path


def host_of(run: Run) -> str | None:
    return run.data.tags.get("hw.node")
