"""Konfiguration aus YAML, geprüft gegen Prüfsumme."""
from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Mapping

import yaml

from stabilab.kern.fehler import DatenUngueltig


@dataclass(frozen=True)
class Protokoll:
    produkt: str
    version: str
    grenze_gehalt: float = 95.0
    konfidenz: float = 0.95
    monate: tuple[int, ...] = (0, 3, 6, 9, 12, 18, 24)

    @property
    def experiment(self) -> str:
        return f"stab/{self.produkt}/{self.version}"


@dataclass(frozen=True)
class Konfig:
    protokoll: Protokoll
    tracking_uri: str
    umgebung: str
    pruefsumme: str

    @property
    def ist_produktiv(self) -> bool:
        return self.umgebung == "PROD"


def lade_konfig(pfad: Path, erwartet: str | None = None) -> Konfig:
    roh = pfad.read_bytes()
    summe = hashlib.sha256(roh).hexdigest()
    if erwartet is not None and summe != erwartet:
        raise DatenUngueltig(f"Prüfsumme von {pfad} ist {summe}, erwartet {erwartet}")
    inhalt: Mapping[str, Any] = yaml.safe_load(roh)
    protokoll = Protokoll(
        produkt=inhalt["produkt"],
        version=str(inhalt["protokollversion"]),
        monate=tuple(inhalt.get("monate", Protokoll.monate)),
    )
    return Konfig(protokoll, inhalt["tracking_uri"], inhalt["umgebung"], summe)
