"""Questions about finished studies."""

from __future__ import annotations

from typing import Any, Dict, Optional

import mlflow
import pandas as pd
from mlflow.entities import Run, ViewType


class StudyResults:
    def __init__(self, experiment_name: str, study: str, direction: str = "minimize") -> None:
        self.experiment_name = experiment_name
        self.study = study
        self.direction = direction
        self.client = mlflow.MlflowClient()

    @property
    def _order(self) -> str:
        return "ASC" if self.direction == "minimize" else "DESC"

    def _exp(self) -> str:
        experiment = self.client.get_experiment_by_name(self.experiment_name)
        if experiment is None:
            raise KeyError(self.experiment_name)
        return experiment.experiment_id

    def best_run(self, metric: str = "value") -> Optional[Run]:
        runs = self.client.search_runs(
            experiment_ids=[self._exp()],
            filter_string=f"tags.`hillcrest.study` = '{self.study}' and tags.`hillcrest.trial_state` = 'COMPLETE'",
            run_view_type=ViewType.ACTIVE_ONLY,
            order_by=[f"metrics.{metric} {self._order}"],
            max_results=1,
        )
        return runs[0] if runs else None

    def fastest_run(self) -> Optional[Run]:
        """The complete trial that took the least time."""
        done = self.client.search_runs(
            [self._exp()],
            f"tags.`hillcrest.study` = '{self.study}' and tags.`hillcrest.trial_state` = 'COMPLETE'",
        )
        return min(done, key=lambda r: r.info.end_time - r.info.start_time, default=None)

    def best_params(self) -> Dict[str, Any]:
        run = self.best_run()
        return dict(run.data.params) if run else {}

    def table(self) -> pd.DataFrame:
        return mlflow.search_runs([self._exp()], f"tags.`hillcrest.study` = '{self.study}'")
