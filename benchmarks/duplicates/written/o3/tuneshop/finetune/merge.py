"""Merges an adapter into its base and registers the result."""
from __future__ import annotations

import logging

import mlflow
from mlflow import MlflowClient

logger = logging.getLogger(__name__)


def merge_adapter(train_run_id: str, customer: str) -> str:
    client = MlflowClient()
    source = client.get_run(train_run_id)
    base_model = source.data.tags["tuneshop.base_model"]
    digest = source.data.tags["tuneshop.adapter_digest"]
    local = mlflow.artifacts.download_artifacts(run_id=train_run_id, artifact_path="adapter")

    from peft import PeftModel
    from transformers import AutoModelForCausalLM, AutoTokenizer

    base = AutoModelForCausalLM.from_pretrained(base_model)
    merged = PeftModel.from_pretrained(base, local).merge_and_unload()
    tokenizer = AutoTokenizer.from_pretrained(base_model)

    with mlflow.start_run(
        experiment_id=source.info.experiment_id,
        run_name=f"merge-{digest[:6]}",
        tags={
            "stage": "merge",
            "tuneshop.adapter_digest": digest,
            "tuneshop.base_model": base_model,
            "tuneshop.customer": customer,
            "tuneshop.source_run": train_run_id,
        },
    ):
        info = mlflow.transformers.log_model(
            {"model": merged, "tokenizer": tokenizer}, name="merged", task="llm/v1/chat"
        )
    version = mlflow.register_model(info.model_uri, f"{customer}-assistant")
    client.set_registered_model_alias(version.name, "candidate", version.version)
    logger.info("%s version %s is the candidate", version.name, version.version)
    return version.version
