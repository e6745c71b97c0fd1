#!/usr/bin/env python
"""Day-ahead price forecast; needs the load and wind forecasts of the same delivery day."""
from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

import mlflow
import numpy as np
import pandas as pd
from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from common import settings
from common.hours import delivery_hours, minutes_to_gate, tomorrow

log = settings.setup_logging("fc_price_da")


@dataclass
class Inputs:
    load: pd.Series
    wind: pd.Series
    load_run: str
    wind_run: str

    @property
    def residual(self) -> pd.Series:
        return self.load - self.wind


class PriceJob:
    def __init__(self, zone: str, day: date) -> None:
        self.zone = zone
        self.day = day
        self.cl = MlflowClient(settings.TRACKING_URI)

    def _forecast_of_day(self, exp_name: str) -> Run | None:
        exp = self.cl.get_experiment_by_name(exp_name)
        if exp is None:
            raise RuntimeError(f"experiment {exp_name} missing")
        hits = self.cl.search_runs(
            experiment_ids=[exp.experiment_id],
            filter_string=(
                f"tags.delivery_day = '{self.day.isoformat()}' AND tags.zone = '{self.zone}' "
                "AND tags.kind = 'forecast'"
            ),
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        return hits[0] if hits else None

    def expired(self, run: Run) -> bool:
        raw = run.data.tags.get("valid_until")
        if not raw:
            return False
        until = datetime.fromisoformat(raw)
        if until.tzinfo is None:
            until = until.replace(tzinfo=timezone.utc)
        return until < datetime.now(timezone.utc)

    def inputs(self) -> Inputs:
        lr = self._forecast_of_day(settings.EXP_LOAD + "/fc")
        wr = self._forecast_of_day(settings.EXP_WIND)
        if lr is None or wr is None:
            raise LookupError(f"{self.zone}: load or wind forecast not there yet")
        for r in (lr, wr):
            if self.expired(r):
                log.warning("%s input %s is past its valid_until", self.zone, r.info.run_id)
        idx = pd.DatetimeIndex(delivery_hours(self.day))
        load = pd.Series(np.nan, index=idx)
        wind = pd.Series(np.nan, index=idx)
        return Inputs(load, wind, lr.info.run_id, wr.info.run_id)

    def price(self, inp: Inputs) -> np.ndarray:
        stack = np.array([[0, -20], [20e3, 25], [40e3, 70], [55e3, 110], [70e3, 400]], dtype=float)
        return np.interp(inp.residual.fillna(40e3), stack[:, 0], stack[:, 1])

    def run(self) -> str:
        inp = self.inputs()
        exp = mlflow.set_experiment(settings.EXP_PRICE)
        now = datetime.now(timezone.utc)
        with mlflow.start_run(
            experiment_id=exp.experiment_id,
            run_name=f"price-{self.zone}-{self.day}",
            tags={
                "zone": self.zone,
                "upstream_load": inp.load_run,
                "upstream_wind": inp.wind_run,
                "valid_until": (now + timedelta(hours=6)).isoformat(),
            },
        ) as active:
            p = self.price(inp)
            mlflow.log_metric("base_eur", float(p.mean()))
            mlflow.log_metric("peak_eur", float(p[8:20].mean()))
            for h, v in enumerate(p):
                mlflow.log_metric("eur_h", float(v), step=h)
            return active.info.run_id


def main() -> int:
    mlflow.set_tracking_uri(settings.TRACKING_URI)
    day = tomorrow()
    if minutes_to_gate(day) < 10:
        log.error("too late for the auction")
        return 2
    rc = 0
    for zone in settings.ZONES:
        try:
            rid = PriceJob(zone, day).run()
            log.info("%s -> %s", zone, rid)
        except (LookupError, RuntimeError) as exc:
            log.error("%s", exc)
            rc = 1
    return rc


if __name__ == "__main__":
    sys.exit(main())
