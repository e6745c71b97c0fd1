"""Mixins for plugins."""
from __future__ import annotations

import json
import logging
import tempfile
from pathlib import Path

import mlflow

from werkml.einstellungen import lade
from werkml.fabrik import baue_client

log = logging.getLogger(__name__)


class ExperimentMixin:
    """Gives `experiment_id`; the experiment is named Werk/Linie."""

    _eid = None

    @property
    def cfg(self):
        if not hasattr(self, "_cfg"):
            self._cfg = lade()
        return self._cfg

    @property
    def client(self):
        if not hasattr(self, "_client"):
            self._client = baue_client(self.cfg)
        return self._client

    @property
    def experiment_id(self):
        if self._eid is not None:
            return self._eid
        name = f"{self.cfg.werk}/{self.cfg.linie}"
        vorhanden = self.client.get_experiment_by_name(name)
        if vorhanden is None:
            self._eid = self.client.create_experiment(name, artifact_location=f"{self.cfg.artefakte}/{name}")
        else:
            if vorhanden.lifecycle_stage == "deleted":
                self.client.restore_experiment(vorhanden.experiment_id)
            self._eid = vorhanden.experiment_id
        return self._eid


class MaschinenMixin:
    """Tags of the machine and its PLC (SPS)."""

    maschine = None

    def maschinen_tags(self):
        return {
            "maschine.id": self.maschine.id,
            "maschine.typ": self.maschine.typ,
            "sps.version": self.maschine.sps_version,
            "sps.programm": str(self.maschine.programm),
        }


class ArtefaktMixin:
    def speichere_json(self, obj, name):
        with tempfile.TemporaryDirectory() as d:
            p = Path(d) / name
            p.write_text(json.dumps(obj, ensure_ascii=False, indent=1), "utf-8")
            mlflow.log_artifact(str(p))
        log.debug("%s gespeichert", name)
