"""LoRA training with the HF Trainer."""
from __future__ import annotations

import logging
from dataclasses import asdict
from pathlib import Path

import mlflow
import torch
from datasets import load_dataset
from peft import LoraConfig as PeftLora, get_peft_model
from transformers import (AutoModelForCausalLM, AutoTokenizer, DataCollatorForLanguageModeling, Trainer,
                          TrainerCallback, TrainingArguments)

from tunekit.config import TrainConfig
from tunekit.resume import CHECKPOINT, checkpoint_of, start_or_resume
from tunekit.slurm import PreemptionFlag

logger = logging.getLogger(__name__)


class Checkpointer(TrainerCallback):
    def __init__(self, flag: PreemptionFlag):
        self.flag = flag

    def on_save(self, args, state, control, **kwargs):
        path = Path(args.output_dir) / f"checkpoint-{state.global_step}"
        mlflow.set_tag(CHECKPOINT, f"{path}@{state.global_step}")

    def on_step_end(self, args, state, control, **kwargs):
        if self.flag:
            control.should_save = True
            control.should_training_stop = True
        return control


def build_model(cfg: TrainConfig):
    tok = AutoTokenizer.from_pretrained(cfg.base_model)
    tok.pad_token = tok.pad_token or tok.eos_token
    model = AutoModelForCausalLM.from_pretrained(cfg.base_model, torch_dtype=torch.bfloat16)
    peft = PeftLora(r=cfg.lora.r, lora_alpha=cfg.lora.alpha, lora_dropout=cfg.lora.dropout,
                    target_modules=cfg.lora.target_modules, task_type="CAUSAL_LM")
    return tok, get_peft_model(model, peft)


def tokenise(tok, cfg: TrainConfig):
    ds = load_dataset("json", data_files={"train": f"{cfg.dataset}/train.jsonl", "val": f"{cfg.dataset}/val.jsonl"})

    def enc(batch):
        text = [p + r + tok.eos_token for p, r in zip(batch["prompt"], batch["response"])]
        return tok(text, truncation=True, max_length=cfg.max_len)

    return ds.map(enc, batched=True, remove_columns=["prompt", "response"])


def train(cfg: TrainConfig, experiment_id: str, out: Path) -> str:
    flag = PreemptionFlag()
    run = start_or_resume(experiment_id, cfg, name=f"lora-r{cfg.lora.r}-lr{cfg.lr:g}")
    ck = checkpoint_of(run)
    mlflow.log_params({k: v for k, v in asdict(cfg).items() if k != "lora"})
    mlflow.log_params({f"lora.{k}": v for k, v in asdict(cfg.lora).items()})
    tok, model = build_model(cfg)
    data = tokenise(tok, cfg)
    args = TrainingArguments(
        output_dir=str(out / run.info.run_id), learning_rate=cfg.lr, num_train_epochs=cfg.epochs,
        per_device_train_batch_size=cfg.batch_size, gradient_accumulation_steps=cfg.grad_accum,
        bf16=True, save_steps=200, eval_strategy="steps", eval_steps=200, report_to=["mlflow"],
    )
    trainer = Trainer(model=model, args=args, train_dataset=data["train"], eval_dataset=data["val"],
                      data_collator=DataCollatorForLanguageModeling(tok, mlm=False), callbacks=[Checkpointer(flag)])
    trainer.train(resume_from_checkpoint=ck[0] if ck else None)
    if flag:
        mlflow.end_run("KILLED")
        raise SystemExit(75)
    mlflow.log_metric("val_loss", trainer.evaluate()["eval_loss"])
    trainer.save_model(str(out / run.info.run_id / "final"))
    mlflow.set_tag("tunekit.adapter", str(out / run.info.run_id / "final"))
    mlflow.end_run()
    return run.info.run_id
