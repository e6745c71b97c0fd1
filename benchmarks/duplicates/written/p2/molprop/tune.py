"""Optuna study; every trial is a child of the study run."""
from __future__ import annotations

import dataclasses
import typing as t

import mlflow
import optuna
from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from molprop.config import TrainConfig
from molprop.tracking.runs import ensure_experiment


def study_run(client: MlflowClient, exp_id: str, study: str) -> t.Optional[Run]:
    res = client.search_runs(
        [exp_id],
        filter_string=f"tags.study_name = '{study}' and tags.role = 'study'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return res[0] if res else None


def best_trial(client: MlflowClient, study_parent: Run) -> t.Optional[Run]:
    """Trial of the study with the smallest val_rmse."""
    trials = client.search_runs(
        [study_parent.info.experiment_id],
        filter_string=" and ".join(
            (
                f"tags.mlflow.parentRunId = '{study_parent.info.run_id}'",
                "attributes.status = 'FINISHED'",
            )
        ),
        order_by=["metrics.val_rmse ASC"],
        max_results=1,
    )
    return trials[0] if trials else None


def worst_trial(client: MlflowClient, study_parent: Run) -> t.Optional[Run]:
    trials = client.search_runs(
        [study_parent.info.experiment_id],
        filter_string=f"tags.mlflow.parentRunId = '{study_parent.info.run_id}' and attributes.status = 'FINISHED'",
        order_by=["metrics.val_rmse DESC"],
        max_results=1,
    )
    return trials[0] if trials else None


def suggest(trial: optuna.Trial, base: TrainConfig) -> TrainConfig:
    model = dataclasses.replace(
        base.model,
        hidden=trial.suggest_categorical("hidden", [128, 256, 512]),
        depth=trial.suggest_int("depth", 2, 7),
        dropout=trial.suggest_float("dropout", 0.0, 0.4),
    )
    return dataclasses.replace(base, model=model, lr=trial.suggest_float("lr", 1e-5, 3e-3, log=True))


def run_study(base: TrainConfig, name: str, n_trials: int, fit: t.Callable[[TrainConfig], float]) -> Run:
    client = MlflowClient()
    exp_id = ensure_experiment(client, base.experiment)
    known = study_run(client, exp_id, name)
    storage = f"sqlite:////data/optuna/{name}.db"
    study = optuna.create_study(study_name=name, storage=storage, load_if_exists=True)

    if known:
        ctx = mlflow.start_run(run_id=known.info.run_id)
    else:
        ctx = mlflow.start_run(experiment_id=exp_id, run_name=name, tags={"study_name": name, "role": "study"})

    with ctx as parent:

        def objective(trial: optuna.Trial) -> float:
            cfg = suggest(trial, base)
            with mlflow.start_run(nested=True, run_name=f"trial-{trial.number}"):
                mlflow.set_tags({"role": "trial", "trial": trial.number, "study_name": name})
                mlflow.log_params(trial.params)
                value = fit(cfg)
                mlflow.log_metric("val_rmse", value)
            return value

        study.optimize(objective, n_trials=n_trials, catch=(RuntimeError,))
        best = best_trial(client, parent)
        if best is not None:
            mlflow.set_tag("best_trial", best.info.run_id)
    return client.get_run(parent.info.run_id)
