"""Ablauf: aufbereitung -> regression -> vergleich -> (Signatur) -> freigabe."""
from __future__ import annotations

import argparse
import logging
from pathlib import Path
from typing import Dict, List, Type

import mlflow
from mlflow import MlflowClient

from stabilab.kern.basis import Knoten
from stabilab.kern.konfig import Konfig, lade_konfig
from stabilab.nodes.aufbereitung import Aufbereitung
from stabilab.nodes.freigabe import Freigabe
from stabilab.nodes.regression import Regression
from stabilab.nodes.vergleich import Vergleich

KNOTEN: List[Type[Knoten]] = [Aufbereitung, Regression, Vergleich, Freigabe]


def schon_erledigt(klient: MlflowClient, eid: str, knoten: str, charge: str) -> bool:
    laeufe = klient.search_runs(
        [eid], f"tags.`gxp.knoten` = '{knoten}' and tags.`gxp.charge` = '{charge}'", order_by=["attributes.start_time DESC"], max_results=1
    )
    return bool(laeufe) and laeufe[0].info.status == "FINISHED"


def lauf_starten(konfig: Konfig, charge: str, export: str, ab: str = "aufbereitung") -> Dict[str, object]:
    mlflow.set_tracking_uri(konfig.tracking_uri)
    klient = MlflowClient()
    stand: Dict[str, object] = {"lims_export": export}
    aktiv = False
    for klasse in KNOTEN:
        aktiv = aktiv or klasse.name == ab
        if not aktiv:
            continue
        knoten = klasse(konfig, klient)
        if schon_erledigt(klient, knoten.experiment_id(), klasse.name, charge) and klasse.name != ab:
            logging.info("%s bereits erledigt", klasse.name)
            continue
        stand.update(knoten.ausfuehren(stand, charge))
    return stand


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("konfig", type=Path)
    p.add_argument("charge")
    p.add_argument("export")
    p.add_argument("--ab", default="aufbereitung", choices=[k.name for k in KNOTEN])
    a = p.parse_args()
    lauf_starten(lade_konfig(a.konfig), a.charge, a.export, a.ab)
