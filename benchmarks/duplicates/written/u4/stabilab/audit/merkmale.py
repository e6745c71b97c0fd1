"""Merkmale (Tags) des Prüfpfads."""
from __future__ import annotations

import datetime as dt
import getpass
import platform
from typing import Dict

import stabilab
from stabilab.kern.konfig import Konfig

KNOTEN = "gxp.knoten"
CHARGE = "gxp.charge"
ZUSTAND = "gxp.zustand"
SIGNATUR = "gxp.signatur"


def pruef_tags(konfig: Konfig) -> Dict[str, str]:
    """Tags, die SOP-0417 auf jedem Lauf verlangt."""
    return {
        "gxp.benutzer": getpass.getuser(),
        "gxp.rechner": platform.node(),
        "gxp.umgebung": konfig.umgebung,
        "gxp.konfig_sha": konfig.pruefsumme,
        "gxp.version": getattr(stabilab, "__version__", "0"),
    }


def signatur_tags(unterzeichner: str, bedeutung: str, hash_: str) -> Dict[str, str]:
    """Elektronische Signatur nach 21 CFR Part 11."""
    return {
        "sig.name": unterzeichner,
        "sig.bedeutung": bedeutung,
        "sig.zeit": dt.datetime.now(dt.timezone.utc).isoformat(),
        "sig.hash": hash_,
    }
