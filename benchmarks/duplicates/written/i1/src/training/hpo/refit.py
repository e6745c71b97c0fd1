"""Training the winner of a sweep on all the data."""

import logging
from pathlib import Path
from typing import Any, Dict, Optional

import mlflow

from infrastructure.tracking.mlflow.setup import ensure_experiment
from training.data import labels_of, read_jsonl
from training.model import fit

logger = logging.getLogger(__name__)

_STUDY = "code.study_key_hash"
_TRIAL = "code.trial_key_hash"


def _trial_run_id(experiment_id: str, study: str, trial: str) -> Optional[str]:
    conditions = {_STUDY: study, _TRIAL: trial}
    query = " AND ".join(f"tags.`{k}` = '{v}'" for k, v in conditions.items())
    try:
        frame = mlflow.search_runs([experiment_id], query + " AND status = 'FINISHED'", order_by=["start_time DESC"])
    except Exception as error:
        logger.warning("Could not look up the trial: %s", error)
        return None
    if frame.empty:
        return None
    return frame.iloc[0]["run_id"]


def refit(experiment: str, backbone: str, train_file: Path, params: Dict[str, Any], study: str, trial: str, out: Path) -> str:
    """Train on everything; gives the id of the refit run."""
    experiment_id = ensure_experiment(experiment)
    source = _trial_run_id(experiment_id, study, trial)
    tags = {
        "code.lineage.source": "hpo_best_selected",
        "code.lineage.hpo_study_key_hash": study,
        "code.lineage.hpo_trial_key_hash": trial,
    }
    if source is not None:
        tags["code.lineage.parent_training_run_id"] = source
    tags["code.stage"] = "hpo_refit"
    examples = list(read_jsonl(train_file))
    with mlflow.start_run(experiment_id=experiment_id, run_name=f"refit-{trial[:8]}", tags=tags) as run:
        mlflow.log_params(params)
        metrics = fit(backbone, examples, examples[-50:], labels_of(examples), params, str(out))
        mlflow.log_metrics(metrics)
        mlflow.log_artifacts(str(out), "checkpoint")
    return run.info.run_id
