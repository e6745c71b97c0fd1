"""Callbacks for XGBoost and LightGBM."""

from __future__ import annotations

import getpass
import os
import socket
from typing import Any

import lightgbm
import mlflow
import xgboost

from trainlog.base import flat


class XgbLogger(xgboost.callback.TrainingCallback):
    """Logs each boosting round."""

    def __init__(self, experiment_name: str, run_name: str = "xgb", params: dict[str, Any] | None = None) -> None:
        super().__init__()
        self.params = params or {}
        self.run_name = run_name
        mlflow.set_tracking_uri(os.environ.get("TRAINLOG_URI", mlflow.get_tracking_uri()))
        experiment = mlflow.get_experiment_by_name(experiment_name)
        if not experiment:
            self.experiment_id = mlflow.create_experiment(name=experiment_name)
        else:
            self.experiment_id = experiment.experiment_id

    def before_training(self, model: Any) -> Any:
        """Open the run."""
        if "TRAINLOG_RUN_ID" in os.environ:
            mlflow.start_run(os.environ["TRAINLOG_RUN_ID"])
        else:
            mlflow.start_run(run_name=self.run_name, experiment_id=self.experiment_id)
        mlflow.set_tag("framework", "xgboost")
        mlflow.set_tag("framework_version", xgboost.__version__)
        mlflow.set_tag("host", socket.gethostname())
        mlflow.set_tag("user", getpass.getuser())
        mlflow.log_params(flat(self.params))
        return model

    def after_iteration(self, model: Any, epoch: int, evals_log: dict[str, dict[str, list[float]]]) -> bool:
        """Log what was evaluated."""
        for data, metrics in evals_log.items():
            for name, values in metrics.items():
                mlflow.log_metric(f"{data}_{name}", values[-1], step=epoch)
        return False

    def after_training(self, model: Any) -> Any:
        """Close the run."""
        mlflow.end_run()
        return model


class LgbmLogger:
    """A callable for lightgbm.train(callbacks=...)."""

    order = 30

    def __init__(self, run_name: str = "lgbm", period: int = 1) -> None:
        self.run_name = run_name
        self.period = period

    def __call__(self, env: Any) -> None:
        if mlflow.active_run() is None:
            mlflow.start_run(run_name=self.run_name)
        if env.iteration == env.begin_iteration:
            info = {"framework": "lightgbm", "framework_version": lightgbm.__version__}
            info["host"] = socket.gethostname()
            info["user"] = getpass.getuser()
            mlflow.set_tags(info)
        if env.iteration % self.period == 0:
            for data, name, value, _ in env.evaluation_result_list:
                mlflow.log_metric(f"{data}_{name}", value, step=env.iteration)
        if env.iteration + 1 == env.end_iteration:
            mlflow.end_run()
