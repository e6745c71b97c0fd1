"""Async evaluation of one prompt version on one data set."""
from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Run, RunStatus

from copilot.chains.rag import answer
from copilot.evals.datasets import Dataset, load_dataset
from copilot.evals.judges import Judge, citation_rate, score_all
from copilot.prompts.registry import Prompt, PromptStore
from copilot.settings import Settings, get_settings

logger = logging.getLogger(__name__)


class EvalRunner:
    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or get_settings()
        self.client = MlflowClient(self.settings.tracking_uri)
        self.prompts = PromptStore(self.client, self.settings.experiment_name)
        self._experiment_id: str | None = None

    async def experiment_id(self) -> str:
        if self._experiment_id is None:
            name = self.settings.eval_experiment_name
            exp = await asyncio.to_thread(self.client.get_experiment_by_name, name)
            if exp is None:
                self._experiment_id = await asyncio.to_thread(
                    self.client.create_experiment, name, tags={"app.owner": "llm-apps"}
                )
            else:
                self._experiment_id = exp.experiment_id
        return self._experiment_id

    async def previous(self, prompt: Prompt, dataset: Dataset) -> Run | None:
        """Newest finished evaluation of the same prompt and data: we can skip it then."""
        clauses = [
            "attributes.status = 'FINISHED'",
            "tags.`app.kind` = 'eval'",
            f"tags.`prompt.name` = '{prompt.name}'",
            f"tags.`prompt.version` = '{prompt.version}'",
            f"tags.`dataset.digest` = '{dataset.digest}'",
        ]
        found = await asyncio.to_thread(
            self.client.search_runs,
            [await self.experiment_id()],
            filter_string=" and ".join(clauses),
            max_results=1,
            order_by=["attributes.start_time DESC"],
        )
        return found[0] if found else None

    @asynccontextmanager
    async def eval_run(self, prompt: Prompt, dataset: Dataset):
        tags: dict[str, Any] = {
            "app.kind": "eval",
            "prompt.name": prompt.name,
            "prompt.version": str(prompt.version),
            "prompt.digest": prompt.digest,
            **dataset.tags(),
        }
        run = await asyncio.to_thread(
            self.client.create_run,
            await self.experiment_id(),
            tags=tags,
            run_name=f"eval-{prompt.name}-v{prompt.version}",
        )
        status = RunStatus.to_string(RunStatus.FINISHED)
        try:
            yield run
        except BaseException:
            status = RunStatus.to_string(RunStatus.FAILED)
            raise
        finally:
            await asyncio.to_thread(self.client.set_terminated, run.info.run_id, status)

    async def evaluate(self, prompt: Prompt, dataset: Dataset, *, force: bool = False) -> str:
        if not force and (old := await self.previous(prompt, dataset)) is not None:
            logger.info("already evaluated in %s", old.info.run_id)
            return old.info.run_id
        async with self.eval_run(prompt, dataset) as run:
            answers = await asyncio.gather(*(answer(prompt, ex) for ex in dataset.examples))
            metrics = await score_all(Judge(), [(a, ex.context) for a, ex in zip(answers, dataset.examples)])
            metrics["citation_rate"] = citation_rate(answers)
            for key, value in metrics.items():
                self.client.log_metric(run.info.run_id, key, value)
        return run.info.run_id

    async def best_prompt(self, dataset: Dataset) -> Run | None:
        """Finished evaluation with the highest faithfulness on the data set."""
        found = await asyncio.to_thread(
            self.client.search_runs,
            [await self.experiment_id()],
            f"attributes.status = 'FINISHED' and tags.`app.kind` = 'eval' and tags.`dataset.digest` = '{dataset.digest}'",
            order_by=["metrics.`faithfulness/mean` DESC"],
            max_results=1,
        )
        return next(iter(found), None)


async def main(name: str, version: int, path: str) -> None:
    runner = EvalRunner()
    prompt = runner.prompts.load(name, version)
    print(await runner.evaluate(prompt, await load_dataset(Path(path))))
