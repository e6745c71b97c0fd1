"""Factories: client, tracker, finders."""
from __future__ import annotations

from functools import partial
from typing import Callable

import mlflow
from mlflow.tracking import MlflowClient

from werkml import suche
from werkml.einstellungen import Einstellungen, lade


def baue_client(cfg: Einstellungen | None = None) -> MlflowClient:
    cfg = cfg or lade()
    mlflow.set_tracking_uri(cfg.tracking_uri)
    return MlflowClient(cfg.tracking_uri)


def baue_sucher(art: str, cfg: Einstellungen | None = None) -> Callable:
    """Returns a finder; `art` is one of freigabe, bester, charge."""
    cfg = cfg or lade()
    fn = {"freigabe": suche.letzte_freigabe, "bester": suche.bester_lauf}[art]
    return partial(fn, baue_client(cfg), f"{cfg.werk}/{cfg.linie}")


def baue_starter(cfg: Einstellungen, auftrag: str) -> Callable:
    """Factory for a function that begins a run of this order (Auftrag)."""
    client = baue_client(cfg)

    def starte(name: str, **weitere: str):
        exp = client.get_experiment_by_name(f"{cfg.werk}/{cfg.linie}")
        if exp is None:
            raise RuntimeError(f"Experiment {cfg.werk}/{cfg.linie} fehlt, bitte Plattform-Team anrufen")
        merkmale = {"werk": cfg.werk, "linie": cfg.linie, "schicht": cfg.schicht(), "auftrag": auftrag}
        merkmale.update(weitere)
        return client.create_run(exp.experiment_id, tags=merkmale, run_name=name)

    return starte
