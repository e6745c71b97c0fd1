"""Suivi MLflow commun à tous les projets (2024). Merci de l'utiliser."""
from __future__ import annotations

import logging
from dataclasses import dataclass

import mlflow
from mlflow.entities import LifecycleStage, Run
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

journal = logging.getLogger("suivi")


@dataclass(frozen=True)
class Contexte:
    client: str
    millesime: int
    crs: str = "EPSG:2154"
    resolution: float = 0.2

    def etiquettes(self) -> dict[str, str]:
        return {
            "client": self.client,
            "millesime": f"{self.millesime}",
            "crs": self.crs,
            "resolution_m": f"{self.resolution}",
        }


class Suivi:
    def __init__(self, experience: str, contexte: Contexte) -> None:
        self.contexte = contexte
        self.client = MlflowClient()
        self.nom = experience
        self.ident = self._preparer()

    def _preparer(self) -> str:
        exp = self.client.get_experiment_by_name(self.nom)
        if exp is not None and exp.lifecycle_stage == LifecycleStage.DELETED:
            self.client.restore_experiment(exp.experiment_id)
            journal.warning("expérience %s restaurée", self.nom)
        return mlflow.set_experiment(self.nom).experiment_id

    def dernier(self) -> Run | None:
        """Dernier run terminé du client pour le millésime."""
        conditions = [
            f"tags.client = '{self.contexte.client}'",
            f"tags.millesime = '{self.contexte.millesime}'",
            "attributes.status = 'FINISHED'",
        ]
        trouves = self.client.search_runs(
            [self.ident], " AND ".join(conditions), order_by=["attributes.start_time DESC"], max_results=1
        )
        return next(iter(trouves), None)

    def reprendre_ou_creer(self, dalle: str) -> mlflow.ActiveRun:
        """Run d'une dalle : repris s'il est resté ouvert, sinon créé."""
        ouverts = self.client.search_runs(
            [self.ident],
            f"tags.dalle = '{dalle}' AND tags.client = '{self.contexte.client}' AND attributes.status = 'RUNNING'",
            max_results=1,
        )
        if ouverts:
            return mlflow.start_run(run_id=ouverts[0].info.run_id)
        return mlflow.start_run(run_name=dalle, tags={"dalle": dalle, "client": self.contexte.client, "etape": "dalle"})

    def run(self, ident: str) -> Run | None:
        try:
            return self.client.get_run(ident)
        except MlflowException:
            return None
