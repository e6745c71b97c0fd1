"""Konfiguration: TOML je Werk, Umgebung gewinnt."""
import os
import tomllib
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path


@dataclass(frozen=True)
class Einstellungen:
    werk: str
    linie: str
    tracking_uri: str
    artefakte: str
    schichten: tuple = (time(6), time(14), time(22))

    def schicht(self, jetzt=None):
        """Früh, Spät, Nacht"""
        t = (jetzt or datetime.now()).time()
        if self.schichten[0] <= t < self.schichten[1]:
            return "F"
        if self.schichten[1] <= t < self.schichten[2]:
            return "S"
        return "N"


def lade(pfad=None):
    p = Path(pfad or os.environ.get("WERKML_CONFIG", "/etc/werkml.toml"))
    roh = tomllib.loads(p.read_text("utf-8")) if p.exists() else {}
    return Einstellungen(
        werk=os.environ.get("WERK", roh.get("werk", "KS")),
        linie=os.environ.get("LINIE", roh.get("linie", "L1")),
        tracking_uri=os.environ.get("MLFLOW_TRACKING_URI", roh.get("tracking_uri", "http://mlflow.werk.lan")),
        artefakte=roh.get("artefakte", "s3://werkml"),
    )
