"""HPO job: one parent and a child for each trial."""

import logging
from typing import Any, Dict

import mlflow
import optuna

from modelling.train import train_fold
from utils.azure_tags import job_tags
from utils.mlflow_utils import RetryingClient

logger = logging.getLogger(__name__)


def _objective(trial: optuna.Trial, config: Dict[str, Any], parent_id: str) -> float:
    lr = trial.suggest_float("lr", 1e-5, 8e-5, log=True)
    dropout = trial.suggest_float("dropout", 0.0, 0.3)
    k = config["folds"]
    with mlflow.start_run(
        run_name=f"trial_{trial.number}",
        nested=True,
        tags={
            "mlflow.parentRunId": parent_id,
            "azureml.trial_number": str(trial.number),
            "azureml.folds": str(k),
        },
    ) as run:
        trial.set_user_attr("run_id", run.info.run_id)
        mlflow.log_params({"lr": lr, "dropout": dropout})
        scores = []
        for fold in range(k):
            with mlflow.start_run(run_name=f"trial_{trial.number}_fold_{fold}", nested=True):
                metrics = train_fold(config, fold, lr=lr, dropout=dropout)
                mlflow.log_metrics(metrics)
                scores.append(metrics["f1"])
        score = sum(scores) / len(scores)
        mlflow.log_metric("f1", score)
    return score


def run_sweep(config: Dict[str, Any]) -> str:
    client = RetryingClient()
    experiment_id = client.get_or_create_experiment(config["experiment"])
    tags = job_tags(config["job_name"], "sweep")
    with mlflow.start_run(experiment_id=experiment_id, run_name=config["job_name"], tags=tags) as parent:
        study = optuna.create_study(direction="maximize")
        study.optimize(lambda t: _objective(t, config, parent.info.run_id), n_trials=config["trials"])
        mlflow.log_metric("best_f1", study.best_value)
        mlflow.set_tag("azureml.best_trial", str(study.best_trial.number))
    return parent.info.run_id
