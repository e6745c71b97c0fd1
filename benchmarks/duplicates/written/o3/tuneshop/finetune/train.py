"""LoRA training with TRL; one run per adapter digest."""
from __future__ import annotations

import logging
import tempfile
from pathlib import Path

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Run, RunStatus

from tuneshop import tags
from tuneshop.config import get_settings
from tuneshop.finetune import data
from tuneshop.schemas import AdapterSpec, PromptRef

logger = logging.getLogger(__name__)


class AdapterTrainer:
    def __init__(self, spec: AdapterSpec, prompt: PromptRef | None = None) -> None:
        self.spec = spec
        self.prompt = prompt
        self.client = MlflowClient()

    def existing(self, experiment_id: str) -> Run | None:
        """A finished training of exactly this adapter."""
        runs = self.client.search_runs(
            [experiment_id],
            filter_string=(
                f"tags.`{tags.ADAPTER}` = '{self.spec.digest}' "
                "and tags.stage = 'train' and attributes.status = 'FINISHED'"
            ),
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        return next(iter(runs), None)

    def _experiment(self) -> str:
        settings = get_settings()
        name = settings.experiment_for(self.spec.customer, "train")
        found = self.client.get_experiment_by_name(name)
        if not found:
            return self.client.create_experiment(
                name, tags={"team": settings.team, "customer": self.spec.customer}
            )
        return found.experiment_id

    def train(self, *, force: bool = False) -> str:
        experiment_id = self._experiment()
        if not force and (done := self.existing(experiment_id)):
            logger.info("adapter %s was trained in %s", self.spec.digest, done.info.run_id)
            return done.info.run_id
        labels = {**tags.provenance(self.spec, self.prompt), "stage": "train"}
        with mlflow.start_run(
            experiment_id=experiment_id, run_name=f"lora-{self.spec.digest[:6]}", tags=labels
        ) as run:
            mlflow.log_params(self.spec.model_dump(mode="json", exclude={"dataset"}))
            adapter = self._fit()
            mlflow.log_artifacts(str(adapter), "adapter")
            return run.info.run_id

    def _fit(self) -> Path:
        from datasets import Dataset
        from peft import LoraConfig
        from trl import SFTConfig, SFTTrainer

        examples = data.dedupe(list(data.read_jsonl(self.spec.dataset)))
        train, held_out = data.split(examples)
        out = Path(tempfile.mkdtemp(prefix="adapter-"))
        trainer = SFTTrainer(
            model=self.spec.base_model,
            args=SFTConfig(
                output_dir=str(out),
                learning_rate=self.spec.learning_rate,
                num_train_epochs=self.spec.epochs,
                report_to=["mlflow"],
                bf16=True,
            ),
            train_dataset=Dataset.from_list([{"text": data.render(e)} for e in train]),
            eval_dataset=Dataset.from_list([{"text": data.render(e)} for e in held_out]),
            peft_config=LoraConfig(
                r=self.spec.rank, lora_alpha=self.spec.alpha, target_modules=list(self.spec.target_modules)
            ),
        )
        trainer.train()
        trainer.save_model(str(out))
        return out

    def interrupted(self, experiment_id: str) -> list[Run]:
        status = RunStatus.to_string(RunStatus.RUNNING)
        return list(
            self.client.search_runs(
                [experiment_id], f"attributes.status = '{status}' and tags.stage = 'train'", max_results=200
            )
        )
