"""Go on with masked-language training on raw tickets before the fine-tuning."""
from __future__ import annotations

import argparse
import logging

import mlflow
from transformers import (
    AutoModelForMaskedLM,
    AutoTokenizer,
    DataCollatorForLanguageModeling,
    Trainer,
    TrainingArguments,
)

from ticketlm import names
from ticketlm.config import Config
from ticketlm.data import file_hash, mask, read_jsonl
from ticketlm.vcs import commit

logger = logging.getLogger(__name__)


def already_done(cfg: Config) -> bool:
    """Skip when code and data are the same as before."""
    query = " AND ".join(
        f"tags.`{key}` = '{value}'"
        for key, value in {
            names.STAGE: "pretrain",
            names.COMMIT: commit(),
            names.DATA_HASH: file_hash(cfg.train_file),
        }.items()
    )
    hits = mlflow.search_runs(
        experiment_names=[cfg.experiment], filter_string=query + " AND status = 'FINISHED'", max_results=1
    )
    return not hits.empty


def pretrain(cfg: Config) -> str:
    tokenizer = AutoTokenizer.from_pretrained(cfg.base_model)
    rows = [tokenizer(mask(row["text"]), truncation=True) for row in read_jsonl(cfg.train_file)]
    trainer = Trainer(
        model=AutoModelForMaskedLM.from_pretrained(cfg.base_model),
        args=TrainingArguments(output_dir=f"{cfg.output_dir}/mlm-{cfg.hash}", num_train_epochs=1, report_to=[]),
        train_dataset=rows,
        data_collator=DataCollatorForLanguageModeling(tokenizer),
    )
    mlflow.set_experiment(cfg.experiment)
    with mlflow.start_run(run_name=f"mlm-{cfg.task}") as run:
        mlflow.set_tag(names.STAGE, "pretrain")
        mlflow.set_tag(names.COMMIT, commit())
        mlflow.set_tag(names.DATA_HASH, file_hash(cfg.train_file))
        mlflow.set_tag(names.BASE_MODEL, cfg.base_model)
        mlflow.set_tag(names.CONFIG_HASH, cfg.hash)
        result = trainer.train()
        mlflow.log_metric("mlm_loss", result.training_loss)
        return run.info.run_id


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("config")
    parser.add_argument("--force", action="store_true")
    args = parser.parse_args()
    cfg = Config.read(args.config)
    if already_done(cfg) and not args.force:
        logger.info("same code and data, nothing to do")
        return
    print(pretrain(cfg))


if __name__ == "__main__":
    main()
