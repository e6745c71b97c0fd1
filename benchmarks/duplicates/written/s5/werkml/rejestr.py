"""Rejestr wtyczek (plugin registry)."""
import importlib
import logging
from importlib.metadata import entry_points

log = logging.getLogger("werkml.rejestr")
_wtyczki = {}


class NieznanaWtyczka(KeyError):
    pass


def zarejestruj(nazwa):
    def dekorator(klasa):
        if nazwa in _wtyczki and _wtyczki[nazwa] is not klasa:
            log.warning("wtyczka %s nadpisana przez %s", nazwa, klasa.__qualname__)
        _wtyczki[nazwa] = klasa
        klasa.nazwa = nazwa
        return klasa

    return dekorator


def wczytaj():
    for modul in ("schweissen", "lakiernia", "presse"):
        importlib.import_module(f"werkml.plugins.{modul}")
    for ep in entry_points(group="werkml.plugins"):
        try:
            zarejestruj(ep.name)(ep.load())
        except ImportError:
            log.exception("nie można wczytać %s", ep.name)


def utworz(nazwa, **kw):
    if not _wtyczki:
        wczytaj()
    try:
        return _wtyczki[nazwa](**kw)
    except KeyError:
        raise NieznanaWtyczka(nazwa) from None
