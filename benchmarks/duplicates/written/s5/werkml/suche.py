"""Finders over the runs of a line."""
from __future__ import annotations

import logging
from typing import Optional

from mlflow.entities import Run, ViewType
from mlflow.tracking import MlflowClient

log = logging.getLogger(__name__)


def _exp(client: MlflowClient, name: str) -> str:
    e = client.get_experiment_by_name(name)
    if e is None:
        raise LookupError(f"kein Experiment {name}")
    return e.experiment_id


def letzte_freigabe(client: MlflowClient, experiment: str, modell: str) -> Optional[Run]:
    """Letzter Lauf mit Freigabe der Qualitätssicherung."""
    treffer = client.search_runs(
        [_exp(client, experiment)],
        f"tags.freigabe = 'ja' and tags.modell = '{modell}' and attributes.status = 'FINISHED'",
        ViewType.ACTIVE_ONLY,
        max_results=1,
        order_by=["attributes.start_time DESC"],
    )
    if not treffer:
        log.info("keine Freigabe für %s in %s", modell, experiment)
        return None
    return treffer[0]


def letzte_ablehnung(client: MlflowClient, experiment: str, modell: str) -> Optional[Run]:
    """Letzter Lauf, den die Qualitätssicherung abgelehnt hat."""
    treffer = client.search_runs(
        [_exp(client, experiment)],
        f"tags.freigabe = 'nein' and tags.modell = '{modell}' and attributes.status = 'FINISHED'",
        ViewType.ACTIVE_ONLY,
        max_results=1,
        order_by=["attributes.start_time DESC"],
    )
    if not treffer:
        log.info("keine Ablehnung für %s in %s", modell, experiment)
        return None
    return treffer[0]


def bester_lauf(client: MlflowClient, experiment: str, modell: str) -> Optional[Run]:
    """Kleinster Ausschuss in ppm."""
    treffer = client.search_runs(
        [_exp(client, experiment)],
        f"tags.modell = '{modell}' and attributes.status = 'FINISHED'",
        order_by=["metrics.ausschuss_ppm ASC"],
        max_results=1,
    )
    return treffer[0] if treffer else None


def alle(client: MlflowClient, experiment: str, filter_: str = ""):
    token = None
    while True:
        seite = client.search_runs([_exp(client, experiment)], filter_, max_results=500, page_token=token)
        yield from seite
        if not seite.token:
            return
        token = seite.token
