"""MLflow flavour of seasonly: ``save_model``, ``log_model``, ``load_model``."""

import logging
import os

import cloudpickle
import mlflow
import pandas as pd
import yaml
from mlflow import pyfunc
from mlflow.exceptions import MlflowException
from mlflow.models import Model
from mlflow.models.model import MLMODEL_FILE_NAME
from mlflow.tracking.artifact_utils import _download_artifact_from_uri
from mlflow.utils.environment import _mlflow_conda_env

import seasonly

FLAVOR_NAME = "seasonly"
MODEL_FILE = "model.pkl"

_logger = logging.getLogger(__name__)


def get_default_pip_requirements() -> list:
    return [f"seasonly=={seasonly.__version__}", "cloudpickle"]


def get_default_conda_env() -> dict:
    return _mlflow_conda_env(additional_pip_deps=get_default_pip_requirements())


def save_model(model, path, mlflow_model=None, conda_env=None, signature=None, input_example=None):
    """Save a forecaster to a local folder."""
    if os.path.exists(path):
        raise MlflowException(f"Path '{path}' already exists")
    os.makedirs(path)
    mlflow_model = mlflow_model or Model()
    if signature is not None:
        mlflow_model.signature = signature
    with open(os.path.join(path, MODEL_FILE), "wb") as stream:
        cloudpickle.dump(model, stream)
    with open(os.path.join(path, "conda.yaml"), "w") as stream:
        yaml.safe_dump(conda_env or get_default_conda_env(), stream)
    pyfunc.add_to_model(
        mlflow_model,
        loader_module="seasonly.flavors.mlflow_flavor",
        data=MODEL_FILE,
        env="conda.yaml",
    )
    mlflow_model.add_flavor(FLAVOR_NAME, seasonly_version=seasonly.__version__, data=MODEL_FILE)
    mlflow_model.save(os.path.join(path, MLMODEL_FILE_NAME))


def log_model(model, artifact_path, registered_model_name=None, **kwargs):
    """Log a forecaster into the active run."""
    import seasonly.flavors.mlflow_flavor as flavor

    return Model.log(
        artifact_path=artifact_path,
        flavor=flavor,
        model=model,
        registered_model_name=registered_model_name,
        **kwargs,
    )


def load_model(model_uri, dst_path=None):
    """Load a forecaster from any MLflow model address."""
    local = _download_artifact_from_uri(artifact_uri=model_uri, output_path=dst_path)
    with open(os.path.join(local, MODEL_FILE), "rb") as stream:
        return cloudpickle.load(stream)


def load_latest_model(experiment_name, artifact_path="model"):
    """Load the model of the newest finished run of an experiment."""
    experiment = mlflow.get_experiment_by_name(experiment_name)
    if experiment is None:
        raise MlflowException(f"No experiment named '{experiment_name}'")
    runs = mlflow.search_runs(
        experiment_ids=[experiment.experiment_id],
        filter_string="attributes.status = 'FINISHED'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    if runs.empty:
        raise MlflowException(f"Experiment '{experiment_name}' has no finished run")
    run_id = runs.loc[0, "run_id"]
    _logger.info("loading %s of run %s", artifact_path, run_id)
    return load_model(f"runs:/{run_id}/{artifact_path}")


class _SeasonlyModelWrapper:
    def __init__(self, model):
        self.model = model

    def predict(self, model_input: pd.DataFrame, params=None):
        horizon = int(model_input["horizon"].iloc[0])
        return self.model.predict(horizon).to_frame()


def _load_pyfunc(path):
    with open(path, "rb") as stream:
        return _SeasonlyModelWrapper(cloudpickle.load(stream))
