# -*- coding: utf-8 -*-
# Utilidades comunes (entrega 3, proveedor externo)
import datetime
import os

import mlflow
import numpy as np
from mlflow.tracking import MlflowClient

BUCKET = "s3://mlops-worm/"


def obtener_experimento(nombre):
    """Devuelve el id del experimento. Si no existe lo crea."""
    try:
        id_exp = mlflow.create_experiment(nombre, artifact_location=BUCKET + nombre)
    except Exception:
        # ya existe
        id_exp = mlflow.get_experiment_by_name(nombre).experiment_id
    return id_exp


def activar_experimento(nombre):
    mlflow.set_experiment(nombre)
    return mlflow.get_experiment_by_name(nombre).experiment_id


def firmar(usuario, ticket):
    """Pone las etiquetas de auditoria en el run activo"""
    if not ticket or not ticket.startswith("CHG"):
        raise RuntimeError("Falta el ticket CHG")
    etiquetas = {}
    etiquetas["audit.user"] = usuario
    etiquetas["audit.ticket"] = ticket
    etiquetas["audit.timestamp"] = datetime.datetime.utcnow().strftime("%Y-%m-%dT%H:%M:%S+00:00")
    mlflow.set_tags(etiquetas)


def mejor_ejecucion(nombre_experimento, segmento):
    """Mejor KS out-of-time del segmento"""
    cliente = MlflowClient()
    experimento = cliente.get_experiment_by_name(nombre_experimento)
    if experimento is None:
        return None
    mejor = None
    for run in cliente.search_runs([experimento.experiment_id], "", max_results=1000):
        if run.info.status != "FINISHED":
            continue
        if run.data.tags.get("segment") != segmento:
            continue
        if "ks_oot" not in run.data.metrics:
            continue
        if mejor is None or run.data.metrics["ks_oot"] > mejor.data.metrics["ks_oot"]:
            mejor = run
    return mejor


def mejor_gini_dev(id_exp):
    """Mejor gini en desarrollo (solo para graficos)"""
    df = mlflow.search_runs([id_exp], order_by=["metrics.gini_dev DESC"], max_results=1)
    return None if df.empty else df.run_id[0]


def ks(y, score):
    orden = np.argsort(score)
    y = np.asarray(y)[orden]
    malos = np.cumsum(y) / y.sum()
    buenos = np.cumsum(1 - y) / (1 - y).sum()
    return float(np.abs(malos - buenos).max())


def gini(y, score):
    from sklearn.metrics import roc_auc_score
    return 2 * roc_auc_score(y, score) - 1


def leer_sql(nombre):
    ruta = os.path.join(os.path.dirname(__file__), "sql", nombre + ".sql")
    with open(ruta, encoding="latin-1") as f:
        return f.read()
