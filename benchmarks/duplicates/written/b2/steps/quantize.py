"""Dynamic quantisation, then the same benchmark."""
import os
import sys

import mlflow
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient
from onnxruntime.quantization import QuantType, quantize_dynamic

from steps.benchmark import measure

client = MlflowClient()


def experiment(name):
    try:
        return client.get_experiment_by_name(name).experiment_id
    except (AttributeError, MlflowException):
        return client.create_experiment(name)


def bench_run(model):
    eid = experiment("docclass-benchmark")
    run = client.create_run(eid, run_name=f"bench-{model}")
    client.set_tag(run.info.run_id, "docclass.stage", "benchmark")
    client.set_tag(run.info.run_id, "docclass.model", model)
    return run.info.run_id


def main(source, target="model.int8.onnx"):
    quantize_dynamic(source, target, weight_type=QuantType.QInt8)
    root = os.environ.get("AZUREML_ROOT_RUN_ID")
    if root:
        step = client.create_run(
            client.get_run(root).info.experiment_id,
            run_name="quantize",
            tags={"mlflow.parentRunId": root, "docclass.step": "quantize"},
        )
        mlflow.start_run(run_id=step.info.run_id)
    else:
        mlflow.start_run(run_name="quantize", tags={"docclass.step": "quantize"})
    values = measure(target)
    mlflow.log_metrics(values)
    run_id = bench_run("int8")
    for key, value in values.items():
        client.log_metric(run_id, key, value)
    client.set_terminated(run_id)
    mlflow.end_run()


if __name__ == "__main__":
    main(*sys.argv[1:])
