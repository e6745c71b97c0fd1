"""Federated rounds: sites send weights, we average and keep the lineage."""
from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from typing import Any, Mapping, Sequence

import mlflow
import numpy as np
from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from imgplat.core.types import DatasetRef

log = logging.getLogger(__name__)

Weights = Mapping[str, np.ndarray]


def fed_avg(updates: Sequence[tuple[int, Weights]]) -> dict[str, np.ndarray]:
    total = sum(n for n, _ in updates)
    acc: dict[str, Any] = defaultdict(float)
    for n, w in updates:
        for key, value in w.items():
            acc[key] = acc[key] + value * (n / total)
    return dict(acc)


class FederatedRound:
    def __init__(self, experiment_name: str, protocol: str, number: int) -> None:
        self.experiment_name = experiment_name
        self.protocol = protocol
        self.number = number
        self.client = MlflowClient()

    def previous_round(self) -> Run | None:
        """The finished run of round number - 1."""
        exp = self.client.get_experiment_by_name(self.experiment_name)
        if exp is None:
            return None
        hits = self.client.search_runs(
            [exp.experiment_id],
            f"tags.`study.protocol` = '{self.protocol}' and tags.`fed.round` = '{self.number - 1}' "
            "and attributes.status = 'FINISHED'",
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        return hits[0] if hits else None

    def trained_on(self, ds: DatasetRef) -> Run | None:
        """Did somebody finish a training on exactly this data?"""
        exp = self.client.get_experiment_by_name(self.experiment_name)
        if exp is None:
            return None
        conditions = " and ".join(
            f"{key} = '{value}'"
            for key, value in (("tags.`lineage.dataset_sha256`", ds.digest), ("attributes.status", "FINISHED"))
        )
        for run in self.client.search_runs([exp.experiment_id], conditions, order_by=["start_time DESC"]):
            return run
        return None

    async def collect(self, site_clients) -> list[tuple[int, Weights]]:
        results = await asyncio.gather(*(s.fetch(self.number) for s in site_clients), return_exceptions=True)
        good = [r for r in results if not isinstance(r, BaseException)]
        if len(good) < 2:
            raise RuntimeError("a round needs at least two sites")
        return good

    def begin(self, ds: DatasetRef, sites: Sequence[str]) -> str:
        mlflow.set_experiment(self.experiment_name)
        with mlflow.start_run(run_name=f"round-{self.number}") as run:
            mlflow.set_tags({
                "fed.round": str(self.number),
                "fed.sites": ",".join(sites),
                "fed.n_sites": str(len(sites)),
            })
            mlflow.set_tags({
                "lineage.dataset_sha256": ds.digest,
                "lineage.dataset_name": ds.name,
                "lineage.n_studies": str(ds.n_studies),
                "lineage.modality": ds.modality.value,
                "study.protocol": self.protocol,
            })
        return run.info.run_id

    def reviewer(self, run: Run) -> str | None:
        review = run.data.tags.get("reg.review", "")
        if "|" in review:
            return review.split("|")[0]
        log.warning("%s lacks a review", run.info.run_id)
        return None
