"""Run a suite: each model with each prompt over a dataset."""

from __future__ import annotations

import statistics
from concurrent.futures import ThreadPoolExecutor
from typing import Callable, Sequence

import mlflow

from evalloom import tracking
from evalloom.config import settings
from evalloom.datasets import log_dataset
from evalloom.judges import Judge
from evalloom.types import Case, EvalDataset, PromptVersion

Model = Callable[[str], str]


class SuiteRunner:
    """Runs all evaluations of a suite below one run."""

    def __init__(self, suite: str, judges: Sequence[Judge]) -> None:
        self.suite = suite
        self.judges = list(judges)

    def answers(self, model: Model, prompt: PromptVersion, cases: Sequence[Case]) -> list[str]:
        def one(case: Case) -> str:
            text = prompt.render(question=case.question, context="\n".join(case.context))
            return model(text)

        with ThreadPoolExecutor(settings.max_workers) as pool:
            return list(pool.map(one, cases))

    def score(self, cases: Sequence[Case], answers: Sequence[str]) -> dict[str, float]:
        means = {}
        for judge in self.judges:
            values = [judge(case, answer).value for case, answer in zip(cases, answers)]
            means[judge.name] = statistics.fmean(values) if values else 0.0
        return means

    def run(
        self,
        dataset: EvalDataset,
        prompts: Sequence[PromptVersion],
        models: dict[str, Model],
    ) -> str:
        with tracking.suite_run(self.suite, **{"evalloom.dataset": dataset.name}) as parent:
            log_dataset(dataset)
            for model_name, model in models.items():
                for prompt in prompts:
                    child = tracking.open_evaluation(
                        parent.info.run_id,
                        f"{model_name}-{prompt.name}-{prompt.version}",
                        tracking.evaluation_tags(self.suite, dataset, prompt, model_name),
                    )
                    status = "FINISHED"
                    try:
                        answers = self.answers(model, prompt, dataset.cases)
                        means = self.score(dataset.cases, answers)
                        tracking.log_scores(child.info.run_id, means)
                    except Exception:
                        status = "FAILED"
                        raise
                    finally:
                        tracking.client().set_terminated(child.info.run_id, status)
        return parent.info.run_id

    def quick(self, dataset: EvalDataset, prompt: PromptVersion, model: Model) -> dict[str, float]:
        """Run once, with no suite around it."""
        mlflow.set_experiment(settings.experiment)
        with mlflow.start_run(run_name=f"quick-{dataset.name}"):
            means = self.score(dataset.cases, self.answers(model, prompt, dataset.cases))
            mlflow.log_metrics(means)
        return means
