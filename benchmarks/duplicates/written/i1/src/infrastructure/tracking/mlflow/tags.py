"""Building the tags of runs."""

import os
import re
from typing import Any, Dict, Mapping, Optional

from infrastructure.tracking.mlflow import tag_keys as keys

_MAX = 250


def sanitize(value: Any) -> str:
    """A tag value that every store takes."""
    text = re.sub(r"[^\w\-./:=, ]", "_", str(value))
    return text if len(text) <= _MAX else text[: _MAX - 3] + "..."


def lineage_tags(
    study_hash: Optional[str],
    trial_hash: Optional[str],
    parent_run_id: Optional[str],
    source: str = "hpo_best_selected",
) -> Dict[str, str]:
    """Where a run's model came from."""
    tags = {keys.LINEAGE_SOURCE: source}
    if study_hash:
        tags[keys.LINEAGE_STUDY] = sanitize(study_hash)
    if trial_hash:
        tags[keys.LINEAGE_TRIAL] = sanitize(trial_hash)
    if parent_run_id:
        tags[keys.LINEAGE_PARENT] = parent_run_id
    return tags


def azure_job_tags(environ: Optional[Mapping[str, str]] = None) -> Dict[str, str]:
    """Tags of the Azure ML job we are in, or none."""
    env = os.environ if environ is None else environ
    if "AZUREML_RUN_ID" not in env:
        return {}
    return {
        keys.AZUREML_JOB: env["AZUREML_RUN_ID"],
        keys.AZUREML_COMPUTE: env.get("AZUREML_COMPUTE", "unknown"),
        keys.AZUREML_WORKSPACE: env.get("AZUREML_ARM_WORKSPACE_NAME", "unknown"),
    }


def study_tags(study_hash: str, family_hash: str, model: str, env: str) -> Dict[str, str]:
    """Tags of the parent run of a sweep."""
    return {
        keys.STUDY_KEY_HASH: study_hash,
        keys.STUDY_FAMILY_HASH: family_hash,
        keys.MODEL: sanitize(model),
        keys.ENVIRONMENT: sanitize(env),
        keys.PROCESS_TYPE: "hpo_sweep",
        keys.MLFLOW_RUN_TYPE: "sweep",
    }
