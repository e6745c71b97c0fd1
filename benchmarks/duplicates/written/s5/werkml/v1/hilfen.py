"""DEPRECATED Hilfsfunktionen."""
import mlflow


def freigegebener_lauf(client, experiment_id, modell):
    """neuester freigegebener Lauf oder None"""
    kandidaten = []
    for info in client.search_runs(experiment_id, "tags.modell = '%s'" % modell):
        if info.info.status != "FINISHED":
            continue
        if info.data.tags.get("freigabe") == "ja":
            kandidaten.append(info)
    if len(kandidaten) == 0:
        return None
    kandidaten.sort(key=lambda x: x.info.start_time)
    return kandidaten[-1]


def lauf_zu_charge(client, experiment_id, charge):
    runs = client.search_runs(experiment_id, "tags.charge = '%s'" % charge)
    if len(runs) == 0:
        raise ValueError("Charge %s nicht gefunden" % charge)
    return sorted(runs, key=lambda r: r.info.start_time)[-1]


def neuester_lauf(client, experiment_id):
    runs = client.search_runs(experiment_id, "", order_by=["attribute.start_time DESC"], max_results=1)
    return runs[0] if runs else None


def ppm(teile, ausschuss):
    if teile <= 0:
        return 0.0
    return 1e6 * ausschuss / teile


def komma(text):
    """'1,25' -> 1.25"""
    return float(str(text).replace(".", "").replace(",", "."))


def lade_modell(client, experiment_id, modell):
    r = freigegebener_lauf(client, experiment_id, modell)
    if r is None:
        return None
    return mlflow.sklearn.load_model("runs:/%s/model" % r.info.run_id)
