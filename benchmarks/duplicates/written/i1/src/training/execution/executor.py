"""The final training, by key or from scratch."""

import logging
from pathlib import Path
from typing import Any, Dict, Optional

import mlflow
from mlflow.tracking import MlflowClient

from infrastructure.tracking.mlflow.finder import find_run
from infrastructure.tracking.mlflow.hash_utils import full_hash
from infrastructure.tracking.mlflow.index import RunIndex
from infrastructure.tracking.mlflow.tags import azure_job_tags, lineage_tags
from training.data import labels_of, read_jsonl
from training.execution.mlflow_setup import prepare_experiment
from training.model import fit

logger = logging.getLogger(__name__)


def execute_final_training(config: Dict[str, Any], out: Path, index: Optional[RunIndex] = None) -> str:
    """Train once for a config; a second call gives back the first run."""
    experiment_id = prepare_experiment(config["experiment"])
    client = MlflowClient()
    key = full_hash(config)
    before = find_run(client, experiment_id, key, config.get("run_name"), index)
    if before is not None and before.info.status == "FINISHED":
        logger.info("Nothing to do, %s has it", before.info.run_id)
        return before.info.run_id
    tags = lineage_tags(config.get("study_hash"), config.get("trial_hash"), config.get("parent_run_id"))
    tags.update(azure_job_tags())
    tags["code.run_key_hash"] = key
    tags["code.stage"] = "final_training"
    run_id = before.info.run_id if before is not None else None
    with mlflow.start_run(run_id=run_id, experiment_id=experiment_id, run_name=config.get("run_name"), tags=tags) as run:
        if index is not None:
            index.put(key, run.info.run_id, experiment_id)
        examples = list(read_jsonl(Path(config["train_file"])))
        cut = int(len(examples) * 0.9)
        mlflow.log_params(config["params"])
        metrics = fit(config["backbone"], examples[:cut], examples[cut:], labels_of(examples), config["params"], str(out))
        mlflow.log_metrics(metrics)
    return run.info.run_id
