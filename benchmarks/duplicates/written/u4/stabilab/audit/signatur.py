"""Elektronische Signaturen als Tags."""
from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from stabilab.audit.merkmale import signatur_tags
from stabilab.kern.fehler import SignaturFehlt, SignaturUngueltig


class Verzeichnis(Protocol):
    def schluessel(self, name: str) -> bytes: ...

    def darf_freigeben(self, name: str) -> bool: ...


@dataclass(frozen=True)
class Signatur:
    name: str
    bedeutung: str
    zeit: datetime
    hash: str


def laufhash(lauf: Run, schluessel: bytes) -> str:
    inhalt = "|".join(f"{k}={v}" for k, v in sorted({**lauf.data.params, **lauf.data.metrics}.items()))
    return hmac.new(schluessel, inhalt.encode("utf-8"), hashlib.sha256).hexdigest()


def lies_signatur(lauf: Run) -> Signatur:
    """Signatur eines Laufs; strenger Fehler, wenn ein Teil fehlt."""
    tags = lauf.data.tags
    fehlend = [k for k in ("sig.name", "sig.bedeutung", "sig.zeit", "sig.hash") if k not in tags]
    if fehlend:
        raise SignaturFehlt(f"{lauf.info.run_id}: {', '.join(fehlend)}")
    return Signatur(
        name=tags["sig.name"],
        bedeutung=tags["sig.bedeutung"],
        zeit=datetime.fromisoformat(tags["sig.zeit"]),
        hash=tags["sig.hash"],
    )


class Signierer:
    def __init__(self, klient: MlflowClient, verzeichnis: Verzeichnis) -> None:
        self._klient = klient
        self._verzeichnis = verzeichnis

    def signiere(self, run_id: str, name: str, bedeutung: str) -> None:
        if not self._verzeichnis.darf_freigeben(name):
            raise SignaturUngueltig(f"{name} darf nicht freigeben")
        lauf = self._klient.get_run(run_id)
        wert = laufhash(lauf, self._verzeichnis.schluessel(name))
        for k, v in signatur_tags(name, bedeutung, wert).items():
            self._klient.set_tag(run_id, k, v)
        self._klient.set_tag(run_id, "gxp.zustand", "FREIGEGEBEN")

    def pruefe(self, run_id: str) -> Signatur:
        lauf = self._klient.get_run(run_id)
        sig = lies_signatur(lauf)
        soll = laufhash(lauf, self._verzeichnis.schluessel(sig.name))
        if not hmac.compare_digest(soll, sig.hash):
            raise SignaturUngueltig(run_id)
        return sig
