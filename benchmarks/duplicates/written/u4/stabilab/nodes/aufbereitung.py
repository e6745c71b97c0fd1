"""Aufbereitung der Messdaten aus dem LIMS."""
from __future__ import annotations

from typing import Any, Dict

import mlflow
import pandas as pd

from stabilab.kern.basis import Knoten
from stabilab.kern.fehler import DatenUngueltig

SPALTEN = ["charge", "monat", "temperatur", "feuchte", "gehalt"]


class Aufbereitung(Knoten):
    name = "aufbereitung"

    def rechne(self, eingaben: Dict[str, Any]) -> Dict[str, Any]:
        df = pd.read_csv(eingaben["lims_export"], sep=";", decimal=",")
        fehlend = set(SPALTEN) - set(df.columns)
        if fehlend:
            raise DatenUngueltig(f"Spalten fehlen: {sorted(fehlend)}")
        df = df.loc[df["charge"] == eingaben["charge"], SPALTEN]
        if df["gehalt"].isna().any():
            raise DatenUngueltig("Gehalt enthält Lücken")
        if not set(self.konfig.protokoll.monate) >= set(df["monat"]):
            raise DatenUngueltig("Prüfzeitpunkt ausserhalb des Protokolls")
        mlflow.log_metric("zeilen", len(df))
        mlflow.log_table(df, "daten.json")
        return {"daten": df}
