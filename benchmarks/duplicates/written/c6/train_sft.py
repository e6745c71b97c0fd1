"""Supervised fine-tuning: ``python train_sft.py recipes/desk.yaml``."""

import json
import sys

import mlflow
import yaml
from datasets import load_dataset
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, AutoTokenizer, Trainer, TrainingArguments

from ftune.callbacks import BenchmarkCallback, ThroughputCallback, WarmStartCallback
from ftune.chat import is_trainable, to_messages


def load(conf, tokenizer):
    data = load_dataset("json", data_files=conf["data"], split="train")
    data = data.map(lambda t: {"messages": to_messages(t)})
    data = data.filter(lambda row: is_trainable(row["messages"]))
    return data.map(lambda row: tokenizer(tokenizer.apply_chat_template(row["messages"], tokenize=False)))


def main(path):
    with open(path) as f:
        conf = yaml.safe_load(f)
    name = "llm/{}".format(conf["project"])
    try:
        experiment = mlflow.create_experiment(name, tags={"owner": "genai-platform"})
    except mlflow.exceptions.MlflowException:
        experiment = mlflow.get_experiment_by_name(name).experiment_id
    mlflow.set_experiment(experiment_id=experiment)

    tokenizer = AutoTokenizer.from_pretrained(conf.get("tokenizer", conf["base_model"]))
    lora = LoraConfig(r=conf["lora"]["r"], lora_alpha=conf["lora"]["alpha"], target_modules=conf["lora"]["targets"])
    model = get_peft_model(AutoModelForCausalLM.from_pretrained(conf["base_model"]), lora)
    tags = dict(base_model=conf["base_model"], dataset_rev=conf["dataset_rev"])
    tags["precision"] = conf.get("precision", "bf16")
    tags["tokenizer"] = conf.get("tokenizer", conf["base_model"])
    tags["adapter"] = json.dumps(conf["lora"])
    with mlflow.start_run(run_name=conf["project"], tags=tags) as run:
        args = TrainingArguments("out", num_train_epochs=conf["epochs"], learning_rate=conf["lr"], report_to="none")
        trainer = Trainer(
            model=model,
            args=args,
            train_dataset=load(conf, tokenizer),
            callbacks=[
                ThroughputCallback(run.info.run_id, conf["batch"] * 2048),
                WarmStartCallback(conf["project"], conf["base_model"], conf["dataset_rev"]),
                BenchmarkCallback({}),
            ],
        )
        trainer.train()
        mlflow.log_metric("eval_loss", trainer.state.log_history[-1].get("train_loss", 0.0))
        model.save_pretrained("out/adapter")
        mlflow.log_artifacts("out/adapter", "adapter")


if __name__ == "__main__":
    main(sys.argv[1])
