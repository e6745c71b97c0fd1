"""A small feature store on top of the versions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Callable, Dict, List, Optional

import mlflow
import pandas as pd

from siltstone.dataset import Dataset, DatasetVersion
from siltstone.tracking.compat import experiment_id_for


class FeatureStore:
    """Feature views are functions of frames; each result is a version."""

    def __init__(self, root: Path, experiment: str = "features") -> None:
        self.root = root
        self.experiment = experiment
        self.views: Dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {}

    def view(self, name: str):
        def register(func):
            self.views[name] = func
            return func

        return register

    def materialise(self, name: str, source: DatasetVersion) -> DatasetVersion:
        frame = self.views[name](pd.read_parquet(source.uri))
        version = Dataset(name, self.root).commit(frame, parents=(source,))
        exp_id = experiment_id_for(self.experiment)
        with mlflow.start_run(experiment_id=exp_id, run_name=f"view {name}"):
            mlflow.set_tags(
                {
                    "siltstone.dataset": version.name,
                    "siltstone.digest": version.digest,
                    "siltstone.uri": version.uri,
                    "siltstone.rows": str(version.rows),
                    "siltstone.parents": json.dumps([str(source)]),
                }
            )
            mlflow.log_metric("columns", frame.shape[1])
        return version

    def backfill(self, name: str, source: DatasetVersion, days: List[str]) -> str:
        """Fill many days; a stopped backfill goes on in its own run."""
        exp_id = experiment_id_for(self.experiment)
        pending = mlflow.search_runs(
            [exp_id],
            "tags.`siltstone.digest` = '%s' and status = 'RUNNING'" % source.digest,
            output_format="list",
        )
        if len(pending) > 0:
            run = mlflow.start_run(run_id=pending[0].info.run_id)
        else:
            run = mlflow.start_run(
                experiment_id=exp_id, run_name=f"backfill {name}", tags={"siltstone.digest": source.digest}
            )
        done = set(filter(None, run.data.tags.get("siltstone.days", "").split(",")))
        for day in days:
            if day not in done:
                self.views[name](pd.read_parquet(source.uri, filters=[("day", "=", day)]))
                done.add(day)
                mlflow.set_tag("siltstone.days", ",".join(sorted(done)))
        mlflow.end_run()
        return run.info.run_id

    def newest(self, name: str) -> Optional[str]:
        """Digest of the newest version of a view."""
        runs = mlflow.search_runs(
            experiment_names=[self.experiment],
            filter_string=f"tags.`siltstone.dataset` = '{name}'",
            order_by=["start_time DESC"],
            max_results=1,
        )
        if runs.empty:
            return None
        return runs.loc[0, "tags.siltstone.digest"]
