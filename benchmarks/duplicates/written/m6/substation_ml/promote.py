"""Promotion of a run's model to live."""

from __future__ import annotations

import json
import logging

from mlflow import MlflowClient

from substation_ml.config import Settings
from substation_ml.constants import TAG_SIGNED
from substation_ml.errors import NotAllowed

logger = logging.getLogger(__name__)

NEEDED = ("owner", "grid")
SIGNED_AND_DONE = f"tags.`{TAG_SIGNED}` = 'true' AND status = 'FINISHED'"


def promote_latest(project: str, settings: Settings = Settings()) -> str:
    """Make the newest signed run live."""
    client = MlflowClient(settings.tracking_uri)
    experiment = client.get_experiment_by_name(settings.experiment_name(project))
    if not experiment:
        raise NotAllowed(f"{project} has no experiment")
    candidates = list(client.search_runs([experiment.experiment_id], SIGNED_AND_DONE))
    if not candidates:
        raise NotAllowed("nothing is signed")
    candidate = max(candidates, key=lambda r: r.info.start_time)
    agreed = {}
    if "subml.approvals" in candidate.data.tags:
        try:
            agreed = dict(json.loads(candidate.data.tags["subml.approvals"]))
        except ValueError:
            logger.warning("approvals of %s are broken", candidate.info.run_id)
    missing = [role for role in NEEDED if role not in agreed]
    if missing:
        raise NotAllowed(f"still missing: {', '.join(missing)}")
    name = settings.model_name(project)
    version = client.create_model_version(
        name, f"runs:/{candidate.info.run_id}/model", run_id=candidate.info.run_id
    )
    client.set_registered_model_alias(name, settings.stage_alias, version.version)
    logger.info("%s version %s is live", name, version.version)
    return version.version


def sign_off(run_id: str, role: str, who: str, settings: Settings = Settings()) -> None:
    client = MlflowClient(settings.tracking_uri)
    run = client.get_run(run_id)
    text = run.data.tags.get("subml.approvals") or "{}"
    try:
        agreed = json.loads(text)
    except ValueError:
        agreed = {}
    agreed[role] = who
    client.set_tag(run_id, "subml.approvals", json.dumps(agreed))
    if all(r in agreed for r in NEEDED):
        client.set_tag(run_id, TAG_SIGNED, "true")
