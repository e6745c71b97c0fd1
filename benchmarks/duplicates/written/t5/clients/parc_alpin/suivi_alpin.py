"""Forêt et landes, Parc Alpin. Suivi par saison, Sentinel-2."""
import logging
from contextlib import contextmanager
from typing import Optional

import mlflow
import mlflow.tracking
import numpy as np

logger = logging.getLogger("alpin")

SAISONS = ("printemps", "ete", "automne")


def experience_obligatoire(nom: str) -> str:
    exp = mlflow.get_experiment_by_name(nom)
    if exp is None:
        raise KeyError(f"créer d'abord l'expérience {nom}")
    return exp.experiment_id


def dernier_termine(exp_id: str, annee: int):
    c = mlflow.tracking.MlflowClient()
    for run in c.search_runs([exp_id], f"tags.millesime = '{annee}'", order_by=["attributes.start_time DESC"]):
        if run.data.tags.get("client") != "parc_alpin":
            continue
        if run.info.status == "FINISHED":
            return run
    return None


def dernier_saison(exp_id: str, annee: int, saison: str):
    c = mlflow.tracking.MlflowClient()
    runs = c.search_runs(
        [exp_id],
        f"tags.millesime = '{annee}' and tags.saison = '{saison}' and tags.client = 'parc_alpin'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return runs[0] if runs else None


def emprise(run) -> Optional[tuple]:
    brut = run.data.tags.get("emprise")
    if not brut:
        return None
    try:
        xmin, ymin, xmax, ymax = map(float, brut.split(","))
    except ValueError:
        return None
    return xmin, ymin, xmax, ymax


@contextmanager
def run_saison(exp_id: str, annee: int, saison: str):
    if saison not in SAISONS:
        raise ValueError(saison)
    with mlflow.start_run(experiment_id=exp_id, run_name=f"{annee}-{saison}") as run:
        mlflow.set_tag("client", "parc_alpin")
        mlflow.set_tag("millesime", str(annee))
        mlflow.set_tag("saison", saison)
        yield run


def lisser(serie: np.ndarray, fenetre: int = 5) -> np.ndarray:
    noyau = np.ones(fenetre) / fenetre
    return np.apply_along_axis(lambda s: np.convolve(s, noyau, mode="same"), 0, serie)


def phenologie(ndvi: np.ndarray, jours: np.ndarray, seuil: float = 0.2):
    lisse = lisser(ndvi)
    amplitude = lisse.max(0) - lisse.min(0)
    niveau = lisse.min(0) + seuil * amplitude
    debut = jours[np.argmax(lisse > niveau, axis=0)]
    fin = jours[len(jours) - 1 - np.argmax(lisse[::-1] > niveau, axis=0)]
    return debut, fin, amplitude
