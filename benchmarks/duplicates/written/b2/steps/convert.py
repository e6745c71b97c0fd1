"""PyTorch to ONNX."""
import argparse
import os
import subprocess

import mlflow
from mlflow.tracking import MlflowClient

from docclass.model import export_onnx


def training_run(experiment_name, pipeline):
    mlflow_client = MlflowClient()
    experiment = mlflow_client.get_experiment_by_name(experiment_name)
    query = "tags.`azureml.pipeline_run` = '" + pipeline + "'"
    result = mlflow_client.search_runs([experiment.experiment_id], query, order_by=["start_time DESC"])
    try:
        return next(iter(result)).info.run_id
    except StopIteration:
        raise RuntimeError("training run not found") from None


def code_version():
    return os.environ.get("BUILD_SOURCEVERSION") or subprocess.getoutput("git rev-parse HEAD")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--experiment", default="docclass")
    parser.add_argument("--pipeline", default=os.environ.get("AZUREML_ROOT_RUN_ID", ""))
    parser.add_argument("--onnx", default="model.onnx")
    args = parser.parse_args()
    run_id = training_run(args.experiment, args.pipeline)
    run = mlflow.get_run(run_id)
    model = mlflow.pytorch.load_model(f"runs:/{run_id}/model")
    export_onnx(model, args.onnx)
    asset = run.data.tags.get("docclass.data_asset", "unknown:0")
    with mlflow.start_run(run_name="convert"):
        tags = {"docclass.stage": "convert", "docclass.source_run": run_id}
        tags["docclass.model"] = run.data.params.get("model_name", "distilbert")
        tags["docclass.data_asset"] = asset
        tags["docclass.code_version"] = code_version()
        mlflow.set_tags(tags)
        mlflow.log_artifact(args.onnx)


if __name__ == "__main__":
    main()
