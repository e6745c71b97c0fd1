"""Einrichtung eines Protokolls (IQ/OQ). Wird einmal je Produkt ausgeführt."""
from __future__ import annotations

import argparse
import getpass
import logging
import socket
from pathlib import Path

import mlflow
from mlflow.tracking import MlflowClient

from stabilab import __name__ as paket
from stabilab.kern.konfig import Konfig, lade_konfig

log = logging.getLogger(__name__)


def experiment_anlegen(klient: MlflowClient, konfig: Konfig) -> str:
    """Legt das Experiment an, falls es noch nicht besteht; gelöschte werden wiederhergestellt."""
    name = konfig.protokoll.experiment
    vorhanden = klient.get_experiment_by_name(name)
    if vorhanden is None:
        eid = klient.create_experiment(name)
        klient.set_experiment_tag(eid, "gxp.protokoll", konfig.protokoll.version)
        klient.set_experiment_tag(eid, "gxp.produkt", konfig.protokoll.produkt)
        return eid
    if vorhanden.lifecycle_stage == "deleted":
        klient.restore_experiment(vorhanden.experiment_id)
    return vorhanden.experiment_id


def einrichtungslauf(konfig: Konfig, eid: str) -> str:
    with mlflow.start_run(experiment_id=eid, run_name="IQ") as lauf:
        mlflow.set_tag("gxp.benutzer", getpass.getuser())
        mlflow.set_tag("gxp.rechner", socket.gethostname())
        mlflow.set_tag("gxp.umgebung", konfig.umgebung)
        mlflow.set_tag("gxp.konfig_sha", konfig.pruefsumme)
        mlflow.set_tag("gxp.version", __import__(paket).__version__)
        mlflow.log_dict({"monate": list(konfig.protokoll.monate)}, "protokoll.json")
    return lauf.info.run_id


def alle_laeufe(klient: MlflowClient, eid: str):
    seite = klient.search_runs([eid], max_results=200)
    while True:
        yield from seite
        if not seite.token:
            break
        seite = klient.search_runs([eid], max_results=200, page_token=seite.token)


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("konfig", type=Path)
    p.add_argument("--pruefsumme")
    arg = p.parse_args()
    konfig = lade_konfig(arg.konfig, arg.pruefsumme)
    mlflow.set_tracking_uri(konfig.tracking_uri)
    klient = MlflowClient()
    eid = experiment_anlegen(klient, konfig)
    print(einrichtungslauf(konfig, eid), len(list(alle_laeufe(klient, eid))))


if __name__ == "__main__":
    main()
