from __future__ import annotations

import logging

import mlflow
import optuna
from hydra.core.hydra_config import HydraConfig
from mlflow import MlflowClient
from omegaconf import OmegaConf

from tabformer import runs
from tabformer.training import fit
from tabformer.utils import short_hash

logger = logging.getLogger(__name__)


class Sweep:
    def __init__(self, cfg):
        self.cfg = cfg
        self.client = MlflowClient()
        self.hash = short_hash(OmegaConf.to_container(cfg.space))

    def suggest(self, trial):
        cfg = self.cfg.copy()
        for name, space in self.cfg.space.items():
            if space.type == "float":
                value = trial.suggest_float(name, space.low, space.high, log=space.get("log", False))
            elif space.type == "int":
                value = trial.suggest_int(name, space.low, space.high)
            else:
                value = trial.suggest_categorical(name, list(space.choices))
            OmegaConf.update(cfg, name, value)
        return cfg

    def objective(self, trial):
        cfg = self.suggest(trial)
        run_id = runs.create_trial_run(self.client, self.parent, trial.number)

        def report(epoch, value):
            self.client.log_metric(run_id, "rmse", value, step=epoch)
            trial.report(value, epoch)
            if trial.should_prune():
                raise optuna.TrialPruned

        try:
            score = fit(cfg, report)
        except optuna.TrialPruned:
            self.client.set_terminated(run_id, "KILLED")
            raise
        for name, value in trial.params.items():
            self.client.log_param(run_id, name, value)
        self.client.log_metric(run_id, self.cfg.objective, score)
        self.client.set_terminated(run_id)
        return score

    def optimize(self):
        exp_id = runs.experiment_id(self.client, self.cfg.mlflow.experiment)
        tags = runs.study_tags(
            self.hash, self.cfg.sampler, HydraConfig.get().job.get("id", "local"), self.cfg.objective
        )
        tags["tabformer.role"] = "sweep"
        with mlflow.start_run(experiment_id=exp_id, run_name=self.cfg.study, tags=tags) as self.parent:
            study = optuna.create_study(direction="minimize", study_name=self.cfg.study)
            study.optimize(self.objective, n_trials=self.cfg.trials, gc_after_trial=True)
            self.log_best(study)
        return study.best_value

    def log_best(self, study):
        mlflow.log_metric("best_rmse", study.best_value)
        for name, value in study.best_params.items():
            mlflow.log_param(f"best.{name}", value)
