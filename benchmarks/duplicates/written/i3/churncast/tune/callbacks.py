"""Optuna callbacks."""

import logging
from typing import Any, Callable, Dict, Optional

import mlflow
import optuna
from mlflow.tracking import MlflowClient

logger = logging.getLogger(__name__)


class TrialLogger:
    """Writes each trial to a nested run."""

    def __init__(self, metric: str = "val_rmse", extra: Optional[Dict[str, Any]] = None) -> None:
        self.metric = metric
        self.extra = extra or {}

    def __call__(self, study: optuna.Study, trial: optuna.trial.FrozenTrial) -> None:
        with mlflow.start_run(run_name=f"trial-{trial.number}", nested=True) as run:
            mlflow.log_params(trial.params)
            if trial.value is not None:
                mlflow.log_metric(self.metric, trial.value)
            tags = {
                "study": study.study_name,
                "trial_state": trial.state.name,
                "trial_number": str(trial.number),
                "direction": study.direction.name,
            }
            tags.update({k: str(v) for k, v in self.extra.items()})
            mlflow.set_tags(tags)
            logger.debug("Trial %s is run %s", trial.number, run.info.run_id)


class StopWhenFlat:
    """Stops a study that gets no better."""

    def __init__(self, patience: int) -> None:
        self.patience = patience

    def __call__(self, study: optuna.Study, trial: optuna.trial.FrozenTrial) -> None:
        if trial.number - study.best_trial.number >= self.patience:
            study.stop()


def drop_pruned(experiment_id: str, study: str) -> int:
    client = MlflowClient()
    pruned = client.search_runs([experiment_id], f"tags.study = '{study}' and tags.trial_state = 'PRUNED'")
    for run in pruned:
        client.delete_run(run.info.run_id)
    return len(pruned)


def objective(x: Any, y: Any, fit: Callable[..., Any]) -> Callable[[optuna.Trial], float]:
    def call(trial: optuna.Trial) -> float:
        params = {
            "eta": trial.suggest_float("eta", 0.01, 0.3, log=True),
            "max_depth": trial.suggest_int("max_depth", 3, 10),
            "subsample": trial.suggest_float("subsample", 0.5, 1.0),
        }
        _, curve = fit(x, y, params, 400)
        return min(curve)

    return call
