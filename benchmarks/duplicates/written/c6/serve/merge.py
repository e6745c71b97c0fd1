"""Merges the best adapter into its base model for the inference server."""

import sys

import mlflow
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

client = mlflow.MlflowClient()


class Winner:
    def __init__(self, project):
        self.experiment = client.get_experiment_by_name(f"llm/{project}")

    @property
    def run(self):
        best, loss = None, float("inf")
        for run in client.search_runs([self.experiment.experiment_id]):
            value = run.data.metrics.get("eval_loss", 0)
            if 0 < value < loss:
                best, loss = run, value
        return best


def publish(path, name):
    with mlflow.start_run(run_name="publish"):
        mlflow.log_artifacts(path, "merged")
        uri = mlflow.get_artifact_uri("merged")
        version = client.create_model_version(name, uri, mlflow.active_run().info.run_id)
        client.set_registered_model_alias(name, "latest", version.version)


def main(project):
    run = Winner(project).run
    base_name = run.data.tags["base_model"]
    adapter = mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path="adapter")
    merged = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base_name), adapter).merge_and_unload()
    merged.save_pretrained("merged")
    AutoTokenizer.from_pretrained(run.data.tags.get("tokenizer", base_name)).save_pretrained("merged")
    client.create_registered_model(project)
    publish("merged", project)


if __name__ == "__main__":
    main(sys.argv[1])
