"""Thumbs from the web client are written to the session run."""
from __future__ import annotations

import logging

import mlflow
from fastapi import APIRouter, HTTPException
from mlflow.exceptions import MlflowException

from agentlab.config import settings
from agentlab.models import Feedback, PromptRef

router = APIRouter(prefix="/feedback")
logger = logging.getLogger(__name__)


def session_run(session_id: str, agent: str):
    exp = mlflow.get_experiment_by_name(settings().sessions_experiment)
    if exp is None:
        raise HTTPException(503, "no sessions yet")
    runs = mlflow.search_runs([exp.experiment_id], f"tags.session_id = '{session_id}'", output_format="list")
    mine = sorted((r for r in runs if r.data.tags.get("agent") == agent), key=lambda r: -r.info.start_time)
    if not mine:
        raise HTTPException(404, f"session {session_id} unknown")
    return mine[0]


def used_prompt(run) -> PromptRef | None:
    raw = run.data.tags.get("prompt")
    if raw is None or "@" not in raw:
        return None
    name, version = raw.rsplit("@", 1)
    return PromptRef(name, int(version))


@router.post("")
def give(fb: Feedback):
    mlflow.set_tracking_uri(settings().tracking)
    run = session_run(fb.session_id, fb.agent)
    value = 1.0 if fb.thumbs == "up" else -1.0
    try:
        with mlflow.start_run(run_id=run.info.run_id):
            mlflow.log_metric("thumbs", value)
            if fb.comment:
                mlflow.log_text(fb.comment, "comment.txt")
    except MlflowException as exc:
        logger.exception("feedback")
        raise HTTPException(502, "tracking server") from exc
    ref = used_prompt(run)
    return {"run_id": run.info.run_id, "prompt": str(ref) if ref else None}
