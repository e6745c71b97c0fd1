"""Abstrakte Basisklassen der Knoten."""
from __future__ import annotations

import abc
import logging
from typing import Any, Dict, Optional

import mlflow
from mlflow.entities import Run, RunStatus
from mlflow.tracking import MlflowClient

from stabilab.audit.merkmale import pruef_tags
from stabilab.kern.fehler import ExperimentFehlt, LaufFehlt
from stabilab.kern.konfig import Konfig

protokoll = logging.getLogger("stabilab")


class Knoten(abc.ABC):
    """Ein Knoten: Eingaben -> Ausgaben, mit Prüfpfad in MLflow."""

    name: str = ""

    def __init__(self, konfig: Konfig, klient: Optional[MlflowClient] = None) -> None:
        self.konfig = konfig
        self.klient = klient or MlflowClient(konfig.tracking_uri)

    @abc.abstractmethod
    def rechne(self, eingaben: Dict[str, Any]) -> Dict[str, Any]:
        ...

    def experiment_id(self) -> str:
        exp = self.klient.get_experiment_by_name(self.konfig.protokoll.experiment)
        if exp is None:
            raise ExperimentFehlt(self.konfig.protokoll.experiment)
        return exp.experiment_id

    def vorgaenger(self, knoten: str, charge: str) -> Run:
        """Jüngster abgeschlossener Lauf eines Knotens für eine Charge."""
        treffer = self.klient.search_runs(
            [self.experiment_id()],
            filter_string=(
                f"tags.`gxp.knoten` = '{knoten}' and tags.`gxp.charge` = '{charge}' "
                "and attributes.status = 'FINISHED'"
            ),
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        if not treffer:
            raise LaufFehlt(f"{knoten} / {charge}")
        return treffer[0]

    def ausfuehren(self, eingaben: Dict[str, Any], charge: str) -> Dict[str, Any]:
        lauf = self.klient.create_run(
            self.experiment_id(),
            tags={
                "gxp.knoten": self.name,
                "gxp.charge": charge,
                "gxp.zustand": "ENTWURF",
                "mlflow.runName": f"{self.name}_{charge}",
            },
        )
        for schluessel, wert in pruef_tags(self.konfig).items():
            self.klient.set_tag(lauf.info.run_id, schluessel, wert)
        try:
            with mlflow.start_run(run_id=lauf.info.run_id):
                ergebnis = self.rechne({**eingaben, "charge": charge})
        except Exception:
            self.klient.set_tag(lauf.info.run_id, "gxp.abweichung", "ja")
            self.klient.set_terminated(lauf.info.run_id, RunStatus.to_string(RunStatus.FAILED))
            protokoll.exception("Knoten %s fehlgeschlagen", self.name)
            raise
        return ergebnis
