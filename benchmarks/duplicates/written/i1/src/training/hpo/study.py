"""The sweep: one parent run, a child for each trial."""

import logging
from pathlib import Path
from typing import Any, Dict, Optional

import optuna
from mlflow.tracking import MlflowClient

from infrastructure.tracking.mlflow import tag_keys as keys
from infrastructure.tracking.mlflow.hash_utils import full_hash, short, study_key_hash, trial_key_hash
from infrastructure.tracking.mlflow.runs import finish
from infrastructure.tracking.mlflow.setup import ensure_experiment
from infrastructure.tracking.mlflow.tags import study_tags
from training.data import labels_of, read_jsonl
from training.hpo.cv import cross_validate

log = logging.getLogger(__name__)


class Sweep:
    """Runs or resumes an HPO study for one backbone."""

    def __init__(self, experiment: str, backbone: str, data: Dict[str, Any], hpo: Dict[str, Any], out: Path) -> None:
        self.client = MlflowClient()
        self.experiment_id = ensure_experiment(experiment, self.client)
        self.backbone = backbone
        self.hpo = hpo
        self.out = out
        self.examples = list(read_jsonl(Path(data["train_file"])))
        self.labels = labels_of(self.examples)
        self.study_hash = study_key_hash(data, hpo, backbone)
        self.family_hash = full_hash({"data": data, "model": backbone})
        self.parent_id: Optional[str] = None

    def _open_parent(self) -> str:
        where = " and ".join(
            [
                f"tags.`{keys.STUDY_KEY_HASH}` = '{self.study_hash}'",
                f"tags.`{keys.PROCESS_TYPE}` = 'hpo_sweep'",
            ]
        )
        known = self.client.search_runs([self.experiment_id], where, order_by=["attributes.start_time DESC"], max_results=1)
        if known:
            log.info("Going on with sweep %s", short(self.study_hash))
            return known[0].info.run_id
        tags = study_tags(self.study_hash, self.family_hash, self.backbone, self.hpo.get("env", "local"))
        run = self.client.create_run(self.experiment_id, tags=tags, run_name=f"sweep-{short(self.study_hash)}")
        return run.info.run_id

    def _objective(self, trial: optuna.Trial) -> float:
        params = {
            "learning_rate": trial.suggest_float("learning_rate", 1e-5, 1e-4, log=True),
            "batch_size": trial.suggest_categorical("batch_size", [4, 8, 16]),
            "epochs": trial.suggest_int("epochs", 2, 6),
        }
        tags = {
            keys.MLFLOW_PARENT: self.parent_id,
            keys.MLFLOW_RUN_NAME: f"trial-{trial.number:03d}",
            keys.STUDY_KEY_HASH: self.study_hash,
            keys.TRIAL_KEY_HASH: trial_key_hash(self.study_hash, params),
            keys.TRIAL_NUMBER: str(trial.number),
        }
        child = self.client.create_run(self.experiment_id, tags=tags)
        trial.set_user_attr("run_id", child.info.run_id)
        try:
            score = cross_validate(self, child.info.run_id, params)
        except Exception:
            finish(self.client, child.info.run_id, ok=False)
            raise
        self.client.log_metric(child.info.run_id, "macro-f1", score)
        finish(self.client, child.info.run_id)
        return score

    def run(self) -> optuna.Study:
        self.parent_id = self._open_parent()
        study = optuna.create_study(
            study_name=short(self.study_hash),
            storage=f"sqlite:///{self.out / 'study.db'}",
            direction="maximize",
            load_if_exists=True,
        )
        missing = int(self.hpo["trials"]) - len(study.trials)
        if missing > 0:
            study.optimize(self._objective, n_trials=missing)
        finish(self.client, self.parent_id)
        return study
