"""Punktschweißen: Vorhersage des Linsendurchmessers."""
import logging

import mlflow
import numpy as np

from werkml.kontext import lauf, unterlauf
from werkml.mixins import ArtefaktMixin, ExperimentMixin
from werkml.rejestr import zarejestruj
from werkml.suche import letzte_freigabe

log = logging.getLogger(__name__)


@zarejestruj("schweissen")
class Schweissen(ExperimentMixin, ArtefaktMixin):
    modell = "linse"

    def __init__(self, maschine, auftrag):
        self.maschine = maschine
        self.auftrag = auftrag

    def merkmale(self, kurven):
        """resistance curve -> features"""
        r = np.asarray([k["u"] / np.maximum(k["i"], 1e-3) for k in kurven])
        return np.c_[r.max(1), r.argmax(1), r.mean(1), r[:, -1] - r[:, 0]]

    def grenzen(self, run):
        """(unten, oben) in mm"""
        text = run.data.tags.get("toleranz")
        if not text:
            return None
        unten, oben = text.split(";")
        return float(unten.replace(",", ".")), float(oben.replace(",", "."))

    def trainiere(self, kurven, ziel):
        with lauf("schweissen", self.auftrag, modell=self.modell):
            m = self.maschine
            mlflow.set_tag("maschine.id", m.id)
            mlflow.set_tag("maschine.typ", m.typ)
            mlflow.set_tag("sps.version", m.sps_version)
            mlflow.set_tag("sps.programm", str(m.programm))
            x = self.merkmale(kurven)
            with unterlauf("regression", "fit"):
                w, *_ = np.linalg.lstsq(np.c_[x, np.ones(len(x))], ziel, rcond=None)
                rest = ziel - np.c_[x, np.ones(len(x))] @ w
                mlflow.log_metric("rmse_mm", float(np.sqrt((rest**2).mean())))
            self.speichere_json(w.tolist(), "gewichte.json")
            return w

    def pruefe(self, werte):
        run = letzte_freigabe(self.client, f"{self.cfg.werk}/{self.cfg.linie}", self.modell)
        if run is None:
            log.warning("ohne Freigabe keine Prüfung")
            return []
        g = self.grenzen(run)
        if g is None:
            return []
        return [i for i, w in enumerate(werte) if not g[0] <= w <= g[1]]
