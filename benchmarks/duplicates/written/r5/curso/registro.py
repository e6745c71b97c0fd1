"""Helper 2024 (Lucía): client API, typed, tested. New sheets should use Registro."""
from __future__ import annotations

import logging
from dataclasses import dataclass, field

from mlflow.entities import Run
from mlflow.tracking import MlflowClient

log = logging.getLogger(__name__)


@dataclass
class Registro:
    grupo: int
    hoja: int
    client: MlflowClient = field(default_factory=MlflowClient)

    @property
    def nombre(self) -> str:
        return f"gruppe{self.grupo:02d}-blatt{self.hoja}"

    def experimento(self) -> str:
        exp = self.client.get_experiment_by_name(self.nombre)
        if exp is not None:
            if exp.lifecycle_stage == "deleted":
                self.client.restore_experiment(exp.experiment_id)
            return exp.experiment_id
        return self.client.create_experiment(self.nombre)

    def mejor(self, metrica: str = "accuracy") -> Run | None:
        runs = self.client.search_runs(
            [self.experimento()],
            filter_string="attributes.status = 'FINISHED'",
            order_by=[f"metrics.{metrica} DESC"],
            max_results=1,
        )
        return runs[0] if runs else None

    def ultima_entrega(self) -> Run | None:
        runs = self.client.search_runs(
            [self.experimento()],
            filter_string="attributes.run_name = 'entrega' and attributes.status = 'FINISHED'",
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        return runs[0] if runs else None

    def crear(self, autor: str) -> str:
        run = self.client.create_run(
            self.experimento(),
            run_name="prueba",
            tags={"grupo": f"{self.grupo:02d}", "hoja": str(self.hoja), "autor": autor},
        )
        log.info("run %s for group %s", run.info.run_id, self.grupo)
        return run.info.run_id

    def nota(self, run: Run) -> float | None:
        """'7,5/10' -> 0.75"""
        raw = run.data.tags.get("nota", "")
        if "/" not in raw:
            return None
        got, total = (float(x.replace(",", ".")) for x in raw.split("/"))
        return got / total

    def borrar_pruebas(self) -> int:
        n = 0
        for run in self.client.search_runs([self.experimento()], "attributes.run_name = 'prueba'"):
            self.client.delete_run(run.info.run_id)
            n += 1
        return n
