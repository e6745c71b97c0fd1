"""Kontextmanager."""
import logging
import time
from contextlib import contextmanager

import mlflow

from werkml.einstellungen import lade
from werkml.fabrik import baue_client

log = logging.getLogger(__name__)


@contextmanager
def experiment(werk, linie):
    """Macht das Experiment aktiv, legt es an oder holt es aus dem Papierkorb."""
    cfg = lade()
    client = baue_client(cfg)
    pfad = "/".join((werk, linie))
    e = client.get_experiment_by_name(pfad)
    if not e:
        eid = client.create_experiment(pfad, artifact_location=cfg.artefakte + "/" + pfad)
    elif e.lifecycle_stage != "active":
        client.restore_experiment(e.experiment_id)
        eid = e.experiment_id
    else:
        eid = e.experiment_id
    mlflow.set_experiment(experiment_id=eid)
    yield eid


@contextmanager
def lauf(name, auftrag, **tags):
    cfg = lade()
    with experiment(cfg.werk, cfg.linie) as eid:
        with mlflow.start_run(experiment_id=eid, run_name=name) as r:
            mlflow.set_tags(dict(werk=cfg.werk, linie=cfg.linie, schicht=cfg.schicht(), auftrag=auftrag, **tags))
            t0 = time.perf_counter()
            try:
                yield r
            finally:
                mlflow.log_metric("dauer_s", time.perf_counter() - t0)


@contextmanager
def unterlauf(name, schritt):
    """Nested run of a process step."""
    aktiv = mlflow.active_run()
    if aktiv is None:
        raise RuntimeError("unterlauf() braucht einen offenen Lauf")
    with mlflow.start_run(run_name=name, nested=True, tags={"schritt": schritt}) as r:
        yield r


@contextmanager
def fortsetzen(run_id):
    with mlflow.start_run(run_id=run_id) as r:
        mlflow.set_tag("fortgesetzt", "ja")
        log.info("Lauf %s fortgesetzt", run_id)
        yield r
