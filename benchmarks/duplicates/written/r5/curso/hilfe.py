# Hilfsfunktionen, WS 2022 (MF)
import mlflow
from mlflow.tracking import MlflowClient


def hole_experiment(gruppe, blatt):
    """ID des Experiments einer Gruppe, wird angelegt falls noetig"""
    name = "gruppe%02d-blatt%d" % (gruppe, blatt)
    exp = MlflowClient().get_experiment_by_name(name)
    if exp is None:
        exp_id = MlflowClient().create_experiment(name)
    else:
        exp_id = exp.experiment_id
    return exp_id


def bester_lauf(exp_id):
    """Lauf mit der hoechsten accuracy"""
    laeufe = MlflowClient().search_runs([exp_id], "attributes.status = 'FINISHED'")
    bester = None
    for lauf in laeufe:
        if "accuracy" not in lauf.data.metrics:
            continue
        if bester is None or lauf.data.metrics["accuracy"] > bester.data.metrics["accuracy"]:
            bester = lauf
    return bester


def markiere(gruppe, blatt, autor):
    mlflow.set_tag("grupo", "%02d" % gruppe)
    mlflow.set_tag("hoja", blatt)
    mlflow.set_tag("autor", autor)


def punkte(lauf):
    """Bonuspunkte aus dem Tag 'bonus', z.B. '1,5' -> 1.5"""
    text = lauf.data.tags.get("bonus")
    if not text:
        return 0.0
    return float(text.replace(",", "."))
