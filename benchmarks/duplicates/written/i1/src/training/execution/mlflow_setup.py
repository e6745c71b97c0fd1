"""Tracking of the final training."""

import mlflow


def prepare_experiment(name: str) -> str:
    try:
        return mlflow.create_experiment(name)
    except mlflow.exceptions.MlflowException:
        return mlflow.get_experiment_by_name(name).experiment_id
