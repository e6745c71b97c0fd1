"""4 bit version. Written for the hackathon, works on the small cards."""
import logging
import os

import mlflow
import torch
from mlflow.tracking import MlflowClient
from peft import LoraConfig, get_peft_model, prepare_model_for_kbit_training
from transformers import AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig, Trainer, TrainingArguments

from tunekit.data import split, tokenised

log = logging.getLogger(__name__)


class QLoraRun:
    def __init__(self, job, out="out-q"):
        self.job, self.out = job, out
        self.client = MlflowClient()

    def _setup(self):
        name = os.getenv("TUNEKIT_EXPERIMENT", "llm-finetune")
        e = mlflow.get_experiment_by_name(name)
        if not e:
            mlflow.create_experiment(
                name,
                artifact_location=os.getenv("TUNEKIT_ARTIFACTS"),
                tags={"team": "nlp-platform"},
            )
        mlflow.set_experiment(experiment_name=name)
        return name

    def _tags(self):
        j = self.job
        t = {}
        for k in ("r", "alpha", "dropout"):
            t["lora." + k] = str(getattr(j.lora, k))
        t["lora.targets"] = ",".join(sorted(j.lora.targets))
        t["tunekit.model_name"] = j.model_name
        t["quant"] = "nf4"
        return t

    def _model(self):
        q = BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=torch.bfloat16)
        m = AutoModelForCausalLM.from_pretrained(self.job.base, quantization_config=q)
        m = prepare_model_for_kbit_training(m)
        lo = self.job.lora
        return get_peft_model(m, LoraConfig(r=lo.r, lora_alpha=lo.alpha, target_modules=lo.targets))

    def _previous_loss(self, exp, me):
        rs = mlflow.search_runs(
            experiment_names=[exp],
            filter_string=(
                "tags.`tunekit.model_name` = '%s' and tags.`tunekit.kind` = 'train' "
                "and attributes.status = 'FINISHED'" % self.job.model_name
            ),
            order_by=["attributes.start_time DESC"],
            output_format="list",
        )
        rs = [r for r in rs if r.info.run_id != me]
        if not rs:
            return None
        prev = rs[0]
        log.info("previous run %s", prev.info.run_id)
        return prev.data.metrics.get("eval_loss")

    def fit(self):
        exp = self._setup()
        tok = AutoTokenizer.from_pretrained(self.job.base)
        tr, ev = split(self.job.data)
        run = mlflow.start_run(run_name=f"{self.job.key}-q", tags={**self._tags(), "tunekit.kind": "train"})
        t = Trainer(self._model(), TrainingArguments(self.out, num_train_epochs=self.job.epochs),
                    train_dataset=tokenised(tr, self.job.prompt, tok, self.job.max_len),
                    eval_dataset=tokenised(ev, self.job.prompt, tok, self.job.max_len))
        t.train()
        loss = t.evaluate()["eval_loss"]
        mlflow.log_metric("eval_loss", loss)
        before = self._previous_loss(exp, run.info.run_id)
        if before is not None:
            mlflow.log_metric("eval_loss_delta", loss - before)
        mlflow.end_run()
        return loss
