"""Arrhenius regression, fits the rate constants and the shelf life (contractor: D. Hartley)."""
from __future__ import annotations

import math
from typing import Any, Dict, List, Optional

import mlflow
import numpy as np
import statsmodels.api as sm
from mlflow.entities import Run

from stabilab.audit.merkmale import CHARGE, KNOTEN, ZUSTAND
from stabilab.kern.basis import Knoten
from stabilab.kern.fehler import LaufFehlt

R = 8.314


class Regression(Knoten):
    name = "regression"

    def _input_run(self, batch: str) -> Run:
        """Most recent completed preparation for this batch."""
        conditions = [
            f"tags.`{KNOTEN}` = 'aufbereitung'",
            f"tags.`{CHARGE}` = '{batch}'",
        ]
        candidates = [
            run
            for run in self.klient.search_runs([self.experiment_id()], " and ".join(conditions))
            if run.info.status == "FINISHED"
        ]
        if not candidates:
            raise LaufFehlt(f"no preparation for {batch}")
        return max(candidates, key=lambda run: run.info.start_time)

    def _approved_run(self, batch: str) -> Optional[Run]:
        """Most recent *approved* regression; None if nobody signed one yet."""
        found = self.klient.search_runs(
            [self.experiment_id()],
            f"tags.`{KNOTEN}` = 'regression' and tags.`{CHARGE}` = '{batch}' and tags.`{ZUSTAND}` = 'FREIGEGEBEN'",
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        return found[0] if found else None

    def rechne(self, eingaben: Dict[str, Any]) -> Dict[str, Any]:
        batch = eingaben["charge"]
        source = self._input_run(batch)
        df = mlflow.load_table("daten.json", run_ids=[source.info.run_id])
        rates: List[float] = []
        temps: List[float] = []
        for temp, part in df.groupby("temperatur"):
            fit = sm.OLS(np.log(part["gehalt"]), sm.add_constant(part["monat"])).fit()
            rates.append(-float(fit.params.iloc[1]))
            temps.append(float(temp) + 273.15)
        line = sm.OLS(np.log(rates), sm.add_constant(1 / np.array(temps))).fit()
        activation = -line.params[1] * R
        k25 = math.exp(line.params[0] + line.params[1] / 298.15)
        shelf = math.log(100 / self.konfig.protokoll.grenze_gehalt) / k25
        mlflow.log_metrics({"ea": activation, "k25": k25, "haltbarkeit": shelf, "r2": line.rsquared})
        mlflow.set_tag("gxp.quelle", source.info.run_id)
        approved = self._approved_run(batch)
        if approved is not None:
            mlflow.log_metric("delta_haltbarkeit", shelf - approved.data.metrics["haltbarkeit"])
        return {"haltbarkeit": shelf}
