"""Write a model of a session to a folder, with a card."""

from __future__ import annotations

import json
from pathlib import Path

import mlflow
from mlflow.tracking import MlflowClient

from autocolumn.resume import session_of


class Exporter:
    """Writes the best model of the last session."""

    def __init__(self, experiment: str, folder: str = "export") -> None:
        self.experiment = experiment
        self.folder = Path(folder)
        self.client = MlflowClient()

    def _newest(self):
        runs = mlflow.search_runs(
            experiment_names=[self.experiment],
            filter_string="tags.Source = 'autocolumn'",
            order_by=["start_time DESC"],
        )
        if runs.shape[0] == 0:
            raise LookupError(f"AutoColumn never ran in {self.experiment}")
        return self.client.get_run(runs.at[0, "run_id"])

    def write(self) -> Path:
        newest = self._newest()
        session = session_of(newest)
        ranked = self.client.search_runs(
            newest.info.experiment_id,
            f"attribute.status = 'FINISHED' and tag.Session = '{session.id}'",
            order_by=["metric.cv_score DESC"],
        )
        if not ranked:
            raise LookupError(f"no finished model in {session.id}")
        best = ranked[0]
        self.folder.mkdir(parents=True, exist_ok=True)
        mlflow.artifacts.download_artifacts(
            run_id=best.info.run_id, artifact_path="model", dst_path=str(self.folder)
        )
        card = {
            "session": session.id,
            "target": session.target,
            "kind": session.kind,
            "folds": session.folds,
            "score": best.data.metrics["cv_score"],
        }
        (self.folder / "card.json").write_text(json.dumps(card, indent=2))
        return self.folder
