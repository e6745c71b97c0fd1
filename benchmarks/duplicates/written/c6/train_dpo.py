"""Preference tuning on top of a fine-tuned adapter."""

import argparse
import json

import mlflow
from datasets import load_dataset
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer
from trl import DPOConfig, DPOTrainer


def arguments():
    p = argparse.ArgumentParser()
    p.add_argument("--project", required=True)
    p.add_argument("--base", required=True)
    p.add_argument("--rev", required=True)
    p.add_argument("--pairs", required=True)
    p.add_argument("--beta", type=float, default=0.1)
    p.add_argument("--fp16", action="store_true")
    return p.parse_args()


def sft_run(ns, exp):
    clauses = ["attributes.status = 'FINISHED'"]
    for key, value in {"dataset_rev": ns.rev, "base_model": ns.base}.items():
        clauses.append(f"tags.{key} = '{value}'")
    runs = mlflow.search_runs(
        experiment_ids=[exp],
        filter_string=" AND ".join(clauses),
        order_by=["attribute.start_time DESC"],
        output_format="list",
    )
    return runs[0] if len(runs) > 0 else None


def get_adapter(run):
    value = run.data.tags.get("adapter", "")
    if value == "":
        return {}
    return json.loads(value)


if __name__ == "__main__":
    ns = arguments()
    client = mlflow.MlflowClient()
    exp = None
    for e in client.search_experiments(filter_string=f"name = 'llm/{ns.project}'"):
        exp = e.experiment_id
    if exp is None:
        exp = client.create_experiment(f"llm/{ns.project}", tags={"owner": "genai-platform"})
    start = sft_run(ns, exp)
    if start is None:
        raise SystemExit("run train_sft.py first")
    adapter = mlflow.artifacts.download_artifacts(run_id=start.info.run_id, artifact_path="adapter")
    base = AutoModelForCausalLM.from_pretrained(ns.base)
    model = PeftModel.from_pretrained(base, adapter, is_trainable=True)
    values = [ns.base, json.dumps(get_adapter(start)), ns.rev, "fp16" if ns.fp16 else "bf16", ns.base]
    labels = dict(zip(("base_model", "adapter", "dataset_rev", "precision", "tokenizer"), values))
    with mlflow.start_run(experiment_id=exp, run_name=f"{ns.project}-dpo"):
        mlflow.set_tags(labels)
        mlflow.log_param("beta", ns.beta)
        mlflow.set_tag("sft_run", start.info.run_id)
        trainer = DPOTrainer(
            model=model,
            args=DPOConfig("out-dpo", beta=ns.beta, report_to=["none"]),
            train_dataset=load_dataset("json", data_files=ns.pairs, split="train"),
            processing_class=AutoTokenizer.from_pretrained(ns.base),
        )
        trainer.train()
