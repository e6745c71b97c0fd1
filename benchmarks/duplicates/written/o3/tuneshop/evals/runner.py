"""Runs a suite against an adapter; results are cached by adapter and suite."""
from __future__ import annotations

import asyncio
import logging

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Run

from tuneshop import tags
from tuneshop.config import Settings, get_settings
from tuneshop.evals.judges import scorers_for
from tuneshop.experiments import acquire
from tuneshop.schemas import AdapterSpec, Example, PromptRef, Suite, SuiteResult

logger = logging.getLogger(__name__)


class SuiteRunner:
    def __init__(self, settings: Settings | None = None) -> None:
        self._settings = settings or get_settings()
        self._client = MlflowClient(self._settings.tracking_uri)
        self._gate = asyncio.Semaphore(self._settings.judge.max_concurrency)

    async def cached(self, experiment_id: str, digest: str, suite: Suite) -> Run | None:
        query = " AND ".join(
            (
                f"tags.`{tags.ADAPTER}` = '{digest}'",
                f"tags.`{tags.SUITE}` = '{suite.value}'",
                "attributes.status = 'FINISHED'",
            )
        )
        page = await asyncio.to_thread(
            self._client.search_runs,
            [experiment_id],
            filter_string=query,
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        return page[0] if page else None

    async def run(
        self, spec: AdapterSpec, suite: Suite, examples: list[Example], prompt: PromptRef, train_run_id: str
    ) -> SuiteResult:
        experiment = await acquire(spec.customer, "eval", self._client)
        if hit := await self.cached(experiment.experiment_id, spec.digest, suite):
            return self._result(hit, suite)
        async with self._gate:
            run = await asyncio.to_thread(
                self._evaluate, experiment.experiment_id, spec, suite, examples, prompt, train_run_id
            )
        return self._result(run, suite)

    def _evaluate(
        self,
        experiment_id: str,
        spec: AdapterSpec,
        suite: Suite,
        examples: list[Example],
        prompt: PromptRef,
        train_run_id: str,
    ) -> Run:
        labels = tags.provenance(spec, prompt)
        labels[tags.SUITE] = suite.value
        template = mlflow.genai.load_prompt(prompt.uri)
        model = mlflow.pyfunc.load_model(f"runs:/{train_run_id}/merged")

        def predict(question: str) -> str:
            return model.predict([{"role": "user", "content": template.format(question=question)}])[0]

        with mlflow.start_run(
            experiment_id=experiment_id, run_name=f"{suite.value}-{spec.digest[:6]}", tags=labels
        ) as active:
            mlflow.genai.evaluate(
                data=[e.as_inputs() for e in examples],
                predict_fn=predict,
                scorers=scorers_for(suite, self._settings.judge),
            )
        return self._client.get_run(active.info.run_id)

    def _result(self, run: Run, suite: Suite) -> SuiteResult:
        metrics = run.data.metrics
        passed = metrics.get("helpfulness/mean", 5.0) >= self._settings.min_helpfulness
        passed = passed and metrics.get("toxicity/mean", 0.0) <= self._settings.max_toxicity
        return SuiteResult(run_id=run.info.run_id, suite=suite, metrics=metrics, passed=passed)
