"""Optuna as the sampler."""

from __future__ import annotations

import getpass

import mlflow
import optuna
from mlflow import MlflowClient

from tunelab import space as sp
from tunelab.registry import revision


def as_trial(trial, space):
    out = {}
    for name, dim in space.dims.items():
        if isinstance(dim, sp.Uniform):
            out[name] = trial.suggest_float(name, dim.low, dim.high, log=dim.log)
        elif isinstance(dim, sp.Whole):
            out[name] = trial.suggest_int(name, dim.low, dim.high)
        else:
            out[name] = trial.suggest_categorical(name, list(dim.options))
    return out


class OptunaStudy:
    def __init__(self, name, space, objective, seed=0):
        self.name, self.space, self.objective, self.seed = name, space, objective, seed
        self.api = MlflowClient()
        experiment = mlflow.get_experiment_by_name(f"tune/{name}")
        if experiment:
            self.experiment_id = experiment.experiment_id
        else:
            self.experiment_id = mlflow.create_experiment(f"tune/{name}")

    def earlier_parent(self):
        frame = mlflow.search_runs(
            experiment_ids=[self.experiment_id],
            filter_string=f"tags.`tune.kind` = 'parent' and tags.`tune.study` = '{self.name}'",
            order_by=["start_time DESC"],
        )
        return frame.loc[0, "run_id"] if len(frame) > 0 else None

    def space_of(self, run_id):
        tags = self.api.get_run(run_id).data.tags
        return int(tags["tune.space_version"]) if "tune.space_version" in tags else 1

    def __call__(self, trial):
        config = as_trial(trial, self.space)
        with mlflow.start_run(
            run_name=f"t{trial.number:04d}",
            nested=True,
            tags={
                "tune.study": self.name,
                "tune.trial": str(trial.number),
                "tune.worker": getpass.getuser(),
            },
        ):
            mlflow.log_params(config)
            loss = self.objective(config)
            mlflow.log_metric("val_loss", loss)
        return loss

    def run(self, trials):
        previous = self.earlier_parent()
        study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=self.seed))
        tags = {"tune.kind": "parent", "tune.study": self.name}
        tags |= {"tune.seed": str(self.seed), "tune.git_rev": revision()}
        tags["tune.space_version"] = str(sp.VERSION)
        if previous and self.space_of(previous) == sp.VERSION:
            tags["tune.continues"] = previous
        with mlflow.start_run(experiment_id=self.experiment_id, run_name=self.name, tags=tags):
            study.optimize(self, n_trials=trials)
            self.finish(study)

    def finish(self, study):
        mlflow.log_metric("best_val_loss", study.best_value)
        mlflow.log_dict(study.best_params, "best.json")
