"""Release gate: is the newest evaluation good enough to ship the prompt?"""
from __future__ import annotations

import sys
from dataclasses import dataclass

from mlflow import MlflowClient
from mlflow.entities import Run, ViewType

from copilot.settings import get_settings


@dataclass
class Verdict:
    ok: bool
    reason: str


class Gate:
    def __init__(self, client: MlflowClient | None = None):
        self.s = get_settings()
        self.client = client or MlflowClient(self.s.tracking_uri)

    def _exp(self) -> str:
        exp = self.client.get_experiment_by_name(self.s.eval_experiment_name)
        if not exp:
            sys.exit(f"no experiment {self.s.eval_experiment_name}")
        return exp.experiment_id

    def newest_eval(self, prompt_name: str) -> Run | None:
        """Whatever its version and its data set, finished or not."""
        runs = self.client.search_runs(
            [self._exp()],
            f"tags.`app.kind` = 'eval' and tags.`prompt.name` = '{prompt_name}'",
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        return runs[0] if runs else None

    def most_cited(self, digest: str) -> Run | None:
        runs = self.client.search_runs(
            [self._exp()],
            f"attributes.status = 'FINISHED' and tags.`app.kind` = 'eval' and tags.`dataset.digest` = '{digest}'",
            order_by=["metrics.citation_rate DESC"],
            max_results=1,
        )
        return next(iter(runs), None)

    def _data_label(self, run: Run) -> str:
        name = run.data.tags.get("dataset.name")
        digest = run.data.tags.get("dataset.digest")
        size = run.data.tags.get("dataset.size")
        if name is None or digest is None or size is None:
            raise ValueError("evaluated on nothing: " + run.info.run_id)
        return f"{name}@{digest} ({int(size)} rows)"

    def check(self, prompt_name: str) -> Verdict:
        run = self.newest_eval(prompt_name)
        if run is None:
            return Verdict(False, "never evaluated")
        if run.info.status != "FINISHED":
            return Verdict(False, f"evaluation is {run.info.status}")
        score = run.data.metrics.get("faithfulness/mean", 0.0)
        if score < self.s.min_faithfulness:
            return Verdict(False, f"faithfulness {score:.2f} on {self._data_label(run)}")
        return Verdict(True, "ok")

    def approve(self, run: Run, who: str) -> None:
        rid = run.info.run_id
        for key, value in {"gate.state": "approved", "gate.by": who, "gate.env": self.s.env}.items():
            self.client.set_tag(rid, key, value)

    def purge_smoke(self) -> int:
        old = self.client.search_runs([self._exp()], "tags.`app.kind` = 'smoke'", ViewType.ACTIVE_ONLY, 5000)
        for r in old:
            self.client.delete_run(r.info.run_id)
        return len(old)
