"""Evaluation of retrieval: hits@k and nDCG against known passages."""

from __future__ import annotations

import math

import mlflow
from mlflow.tracking import MlflowClient

from evalbench.types import Job


def hits_at(ranked: list[str], wanted: set[str], k: int) -> float:
    return float(any(doc in wanted for doc in ranked[:k]))


def ndcg(ranked: list[str], wanted: set[str], k: int) -> float:
    gain = sum(1 / math.log2(i + 2) for i, doc in enumerate(ranked[:k]) if doc in wanted)
    ideal = sum(1 / math.log2(i + 2) for i in range(min(k, len(wanted))))
    return gain / ideal if ideal else 0.0


class RetrievalEvaluation:
    experiment_name = "evalbench-rag"

    def __init__(self, job: Job, retriever):
        self.job = job
        self.retriever = retriever
        self.mlflow_client = MlflowClient()

    def _experiment(self) -> str:
        exp = self.mlflow_client.get_experiment_by_name(self.experiment_name)
        return exp.experiment_id if exp is not None else self.mlflow_client.create_experiment(self.experiment_name)

    def _start(self):
        labels = {"eval.suite": self.job.suite}
        labels.update({"eval.provider": self.job.provider, "eval.judge": "none"})
        labels["eval.prompt_sha"] = self.job.prompt.sha
        return mlflow.start_run(experiment_id=self._experiment(), tags=labels)

    def _previous(self):
        found = self.mlflow_client.search_runs(
            experiment_ids=[self._experiment()],
            filter_string="tags.`eval.suite` = '{}'".format(self.job.suite),
        )
        newest = max(found, key=lambda r: r.info.start_time, default=None)
        return newest

    def evaluate(self, questions: list[tuple[str, set[str]]], k: int = 5) -> dict[str, float]:
        before = self._previous()
        with self._start() as active:
            scores = {"hits": 0.0, "ndcg": 0.0}
            for number, (question, wanted) in enumerate(questions):
                ranked = self.retriever(question)
                scores["hits"] += hits_at(ranked, wanted, k)
                scores["ndcg"] += ndcg(ranked, wanted, k)
                if number % 100 == 99:
                    self._checkpoint(active, number // 100, scores)
            means = {key: value / max(len(questions), 1) for key, value in scores.items()}
            mlflow.log_metrics(means)
            if before is not None:
                mlflow.log_metric("ndcg_change", means["ndcg"] - before.data.metrics.get("ndcg", 0.0))
        return means

    def _checkpoint(self, active, number: int, scores: dict[str, float]) -> None:
        with mlflow.start_run(
            run_name=f"{active.info.run_name}-b{number:03d}",
            nested=True,
            tags={"eval.batch_index": str(number)},
        ):
            mlflow.log_metrics(scores)
