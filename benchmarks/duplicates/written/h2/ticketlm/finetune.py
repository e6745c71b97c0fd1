"""Fine-tune one task."""
from __future__ import annotations

import logging
import sys

import mlflow
from mlflow.tracking import MlflowClient
from transformers import AutoModelForSequenceClassification, AutoTokenizer, Trainer, TrainingArguments

from ticketlm import vcs
from ticketlm.callbacks import BestCheckpointCallback, RunCallback
from ticketlm.config import Config
from ticketlm.data import Tickets, file_hash
from ticketlm.metrics import compute

logger = logging.getLogger("finetune")


def _previous(cfg: Config):
    """Go on where the last try ended."""
    frame = mlflow.search_runs(
        experiment_names=[cfg.experiment],
        filter_string="tags.`ticketlm.config_hash` = '%s'" % cfg.hash,
        order_by=["start_time DESC"],
    )
    if len(frame):
        frame = frame[frame.status != "FINISHED"]
    if not len(frame):
        return None, None
    run_id = frame.run_id.iloc[0]
    run = mlflow.get_run(run_id)
    checkpoint = None
    if "ticketlm.last_checkpoint" in run.data.tags:
        parts = run.data.tags["ticketlm.last_checkpoint"].split("@", 1)
        checkpoint = parts[1]
        logger.info("resuming %s at step %d", run_id, int(parts[0]))
    return run_id, checkpoint


def build_trainer(cfg: Config, callbacks: list) -> Trainer:
    tokenizer = AutoTokenizer.from_pretrained(cfg.base_model)
    model = AutoModelForSequenceClassification.from_pretrained(cfg.base_model, num_labels=len(cfg.labels))
    args = TrainingArguments(
        output_dir=f"{cfg.output_dir}/{cfg.task}-{cfg.hash}",
        num_train_epochs=cfg.epochs,
        per_device_train_batch_size=cfg.batch_size,
        learning_rate=cfg.learning_rate,
        evaluation_strategy="steps",
        save_strategy="steps",
        eval_steps=200,
        save_steps=200,
        report_to=[],
    )
    return Trainer(
        model=model,
        args=args,
        train_dataset=Tickets(cfg.train_file, tokenizer, cfg.labels, cfg.max_length),
        eval_dataset=Tickets(cfg.eval_file, tokenizer, cfg.labels, cfg.max_length),
        compute_metrics=compute,
        callbacks=callbacks,
    )


def main(path: str) -> None:
    cfg = Config.read(path)
    run_id, checkpoint = _previous(cfg)
    tags: dict[str, str] = {"ticketlm.stage": "finetune"}
    tags.update(
        {
            "ticketlm.commit": vcs.commit(),
            "ticketlm.data_hash": file_hash(cfg.train_file),
            "ticketlm.base_model": cfg.base_model,
            "ticketlm.config_hash": cfg.hash,
        }
    )
    callback = RunCallback(cfg.experiment, tags, run_id)
    trainer = build_trainer(cfg, [callback, BestCheckpointCallback()])
    trainer.train(resume_from_checkpoint=checkpoint)
    trainer.save_model(f"{cfg.output_dir}/{cfg.task}-final")
    if callback.run_id:
        MlflowClient().log_artifacts(callback.run_id, f"{cfg.output_dir}/{cfg.task}-final", "model")


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    main(sys.argv[1])
