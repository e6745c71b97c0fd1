import mlflow
from peft import LoraConfig, get_peft_model
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    DataCollatorForSeq2Seq,
    Trainer,
    TrainingArguments,
)

from tunekit import prompts, runs
from tunekit.data import split, tokenised
from tunekit.settings import JOB_TAG, KIND_TAG, MODEL_TAG


def load(job):
    tok = AutoTokenizer.from_pretrained(job.base)
    if tok.pad_token is None:
        tok.pad_token = tok.eos_token
    model = AutoModelForCausalLM.from_pretrained(job.base, torch_dtype="auto")
    cfg = LoraConfig(
        r=job.lora.r,
        lora_alpha=job.lora.alpha,
        lora_dropout=job.lora.dropout,
        target_modules=job.lora.targets,
        task_type="CAUSAL_LM",
    )
    return tok, get_peft_model(model, cfg)


def train(job, out="out"):
    runs.use_experiment()
    tok, model = load(job)
    tr, ev = split(job.data)
    tags = runs.lora_tags(job.lora)
    tags.update({
        MODEL_TAG: job.model_name,
        JOB_TAG: job.key,
        KIND_TAG: "train",
        "base": job.base,
        "prompt_sha": prompts.fingerprint(prompts.text_of(job.prompt)),
    })
    with mlflow.start_run(run_name=job.key, tags=tags) as run:
        args = TrainingArguments(
            out, num_train_epochs=job.epochs, learning_rate=job.lr, eval_strategy="epoch",
            per_device_train_batch_size=4, gradient_accumulation_steps=8, report_to=["mlflow"],
        )
        t = Trainer(
            model, args,
            train_dataset=tokenised(tr, job.prompt, tok, job.max_len),
            eval_dataset=tokenised(ev, job.prompt, tok, job.max_len),
            data_collator=DataCollatorForSeq2Seq(tok),
        )
        t.train()
        m = t.evaluate()
        mlflow.log_metric("eval_loss", m["eval_loss"])
        model.save_pretrained(f"{out}/adapter")
        mlflow.log_artifacts(f"{out}/adapter", "adapter")
    return run.info.run_id
