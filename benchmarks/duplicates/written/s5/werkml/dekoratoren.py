"""Decorators that open runs."""
import functools
import inspect
import logging
import os

import mlflow

from werkml.einstellungen import lade
from werkml.kontext import lauf

log = logging.getLogger(__name__)


def als_lauf(name=None):
    """Every call of the function is a run. The order comes from AUFTRAG."""

    def aussen(fn):
        sig = inspect.signature(fn)

        @functools.wraps(fn)
        def innen(*args, **kwargs):
            cfg = lade()
            mlflow.set_tracking_uri(cfg.tracking_uri)
            mlflow.set_experiment(f"{cfg.werk}/{cfg.linie}")
            gebunden = sig.bind(*args, **kwargs)
            gebunden.apply_defaults()
            with mlflow.start_run(
                run_name=name or fn.__name__,
                tags={
                    "auftrag": os.environ.get("AUFTRAG", "unbekannt"),
                    "schicht": cfg.schicht(),
                    "linie": cfg.linie,
                    "werk": cfg.werk,
                },
            ):
                for k, v in gebunden.arguments.items():
                    if isinstance(v, (str, int, float, bool)):
                        mlflow.log_param(k, v)
                return fn(*args, **kwargs)

        return innen

    return aussen


def w_przebiegu(zlecenie):
    """To samo przez menedżer kontekstu (nowe wtyczki)."""

    def zewn(fn):
        @functools.wraps(fn)
        def wewn(*a, **k):
            with lauf(fn.__name__, zlecenie):
                return fn(*a, **k)

        return wewn

    return zewn


def mit_metrik(schluessel):
    def aussen(fn):
        @functools.wraps(fn)
        def innen(*a, **k):
            wert = fn(*a, **k)
            if mlflow.active_run() is not None:
                mlflow.log_metric(schluessel, float(wert))
            return wert

        return innen

    return aussen
