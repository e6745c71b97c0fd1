"""Nächtliche Wartung."""
import logging
import time

from werkml import WERKE
from werkml.fabrik import baue_client
from werkml.suche import alle

log = logging.getLogger("werkml.wartung")


def experimente(client, werk):
    return [e for e in client.search_experiments() if e.name.split("/")[0] == werk]


def loesche_alte(client, tage=180):
    grenze = (time.time() - tage * 86400) * 1000
    n = 0
    for werk in WERKE:
        for e in experimente(client, werk):
            for r in alle(client, e.name, f"attributes.start_time < {int(grenze)}"):
                if r.data.tags.get("freigabe") != "ja":
                    client.delete_run(r.info.run_id)
                    n += 1
    log.info("%d Läufe gelöscht", n)


def haengende(client):
    for werk in WERKE:
        for e in experimente(client, werk):
            for r in client.search_runs([e.experiment_id], "attributes.status = 'RUNNING'"):
                if time.time() - r.info.start_time / 1000 > 86400:
                    client.set_terminated(r.info.run_id, "KILLED")


def schichtbericht(client, werk, linie, schicht):
    laeufe = list(alle(client, f"{werk}/{linie}", f"tags.schicht = '{schicht}'"))
    gut = [r for r in laeufe if r.data.metrics.get("ausschuss_ppm", 1e9) < 200]
    return {"laeufe": len(laeufe), "gut": len(gut)}


if __name__ == "__main__":
    c = baue_client()
    loesche_alte(c)
    haengende(c)
