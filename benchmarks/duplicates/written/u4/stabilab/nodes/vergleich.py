"""Vergleich mehrerer Regressionsvarianten einer Charge."""
from __future__ import annotations

from typing import Any, Dict

import mlflow
from mlflow.entities import Run

from stabilab.kern.basis import Knoten
from stabilab.kern.fehler import LaufFehlt, LaufNichtEindeutig


class Vergleich(Knoten):
    name = "vergleich"

    def beste_regression(self, charge: str) -> Run:
        """Freigegebene Regression mit dem höchsten Bestimmtheitsmass."""
        laeufe = self.klient.search_runs(
            [self.experiment_id()],
            filter_string=f"tags.`gxp.knoten` = 'regression' and tags.`gxp.charge` = '{charge}' and tags.`gxp.zustand` = 'FREIGEGEBEN'",
            order_by=["metrics.r2 DESC"],
            max_results=1,
        )
        if len(laeufe) == 0:
            raise LaufFehlt(f"keine freigegebene Regression für {charge}")
        return laeufe[0]

    def kuerzeste_haltbarkeit(self, charge: str) -> Run:
        laeufe = self.klient.search_runs(
            [self.experiment_id()],
            filter_string=f"tags.`gxp.knoten` = 'regression' and tags.`gxp.charge` = '{charge}' and tags.`gxp.zustand` = 'FREIGEGEBEN'",
            order_by=["metrics.haltbarkeit ASC"],
            max_results=1,
        )
        if len(laeufe) == 0:
            raise LaufFehlt(f"keine freigegebene Regression für {charge}")
        return laeufe[0]

    def genau_ein_bericht(self, charge: str) -> Run:
        laeufe = self.klient.search_runs(
            [self.experiment_id()], f"tags.`gxp.knoten` = 'bericht' and tags.`gxp.charge` = '{charge}'"
        )
        if len(laeufe) != 1:
            raise LaufNichtEindeutig(f"{len(laeufe)} Berichte für {charge}")
        return laeufe[0]

    def rechne(self, eingaben: Dict[str, Any]) -> Dict[str, Any]:
        charge = eingaben["charge"]
        beste = self.beste_regression(charge)
        kuerzeste = self.kuerzeste_haltbarkeit(charge)
        mlflow.log_metric("r2_beste", beste.data.metrics["r2"])
        mlflow.log_metric("haltbarkeit_min", kuerzeste.data.metrics["haltbarkeit"])
        mlflow.set_tags({"gxp.beste": beste.info.run_id, "gxp.kuerzeste": kuerzeste.info.run_id})
        return {"beste": beste.info.run_id}
