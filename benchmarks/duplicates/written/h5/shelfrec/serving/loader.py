"""Loads what the shop asks for."""
from __future__ import annotations

import re
from datetime import date
from typing import Any

import mlflow
import mlflow.pyfunc
from mlflow.tracking import MlflowClient

CATALOGUE = re.compile(r"v(\d+)/(\d{4}-\d\d-\d\d)")


class Loader:
    def __init__(self, surface: str) -> None:
        self.surface = surface
        self.client = MlflowClient()

    def by_key(self, key: str) -> str:
        found = mlflow.search_runs(experiment_names=[f"shelf/{self.surface}"], filter_string=f"tags.`shelf.key`='{key}'")
        if found.empty:
            raise LookupError(key)
        return found.sort_values("start_time", ascending=False).run_id.values[0]

    def too_old(self, run_id: str, today: date, days: int = 30) -> bool:
        run = self.client.get_run(run_id)
        match = CATALOGUE.fullmatch(run.data.tags.get("shelf.catalogue", ""))
        if not match:
            return True
        version, made = int(match.group(1)), date.fromisoformat(match.group(2))
        return version < 1 or (today - made).days > days

    def load(self, key: str) -> Any:
        return mlflow.pyfunc.load_model(f"runs:/{self.by_key(key)}/model")

    def by_ranker(self, ranker: str) -> list[str]:
        runs = mlflow.search_runs(
            experiment_names=[f"shelf/{self.surface}"],
            filter_string=f"tags.`shelf.ranker` = '{ranker}'",
            max_results=5,
            output_format="list",
        )
        return [run.info.run_id for run in runs]
