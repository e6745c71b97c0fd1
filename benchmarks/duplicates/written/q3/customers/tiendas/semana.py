# -*- coding: utf-8 -*-
"""Tiendas: previsión semanal (solo tiendas con más de 20 semanas)."""
import logging

import mlflow
import pandas as pd

from forecast.models import MODELS, wape

registro = logging.getLogger("tiendas")
CLIENTE = "tiendas"
CARPETA = "/data/tiendas"


def preparar():
    mlflow.set_tracking_uri("http://mlflow.fc.local:5000")
    mlflow.set_experiment("tiendas/weekly")


def mejor_modelo(tienda):
    """El mejor modelo (menor WAPE) de una tienda."""
    partes = ["tags.level = 'store'", "tags.store = '%s'" % tienda, "attributes.status = 'FINISHED'"]
    df = mlflow.search_runs(experiment_names=["tiendas/weekly"], filter_string=" and ".join(partes))
    if len(df) == 0 or "metrics.wape" not in df.columns:
        return "snaive"
    df = df.dropna(subset=["metrics.wape"]).sort_values("metrics.wape")
    return df["params.model"].iloc[0] if len(df) else "snaive"


def padre(semana):
    df = mlflow.search_runs(
        experiment_names=["tiendas/weekly"],
        filter_string="tags.level = 'week' and tags.week = '{}'".format(semana),
        order_by=["start_time DESC"],
    )
    return list(df["run_id"])[0] if len(df) > 0 else None


def lista_tiendas(run):
    texto = run.data.tags.get("stores", "")
    tiendas = []
    for t in texto.split(","):
        t = t.strip()
        if t and t not in tiendas:
            tiendas.append(t)
    tiendas.sort()
    return tiendas


def semana(sem):
    preparar()
    ventas = pd.read_csv(CARPETA + "/sales.csv", dtype={"store": str})
    cuenta = ventas.groupby("store")["week"].nunique()
    tiendas = sorted(cuenta[cuenta > 20].index)
    p = padre(sem)
    if p is None:
        ctx = mlflow.start_run(run_name=CLIENTE + "-" + sem)
        mlflow.set_tags({"level": "week", "customer": CLIENTE, "week": sem, "stores": ",".join(tiendas)})
    else:
        ctx = mlflow.start_run(run_id=p)
        nuevas = [t for t in tiendas if t not in lista_tiendas(ctx)]
        if nuevas:
            registro.info("tiendas nuevas: %s", nuevas)
    with ctx:
        for t in tiendas:
            y = ventas[(ventas.store == t) & (ventas.week < sem)].groupby("week").qty.sum().sort_index()
            modelo = mejor_modelo(t)
            with mlflow.start_run(run_name=f"{t}-{sem}", nested=True):
                mlflow.set_tags({"level": "store", "customer": CLIENTE, "store": t, "week": sem})
                mlflow.log_param("model", modelo)
                pred = MODELS[modelo]().fit(y[:-4]).predict(4)
                mlflow.log_metric("wape", wape(y[-4:], pred))


if __name__ == "__main__":
    import sys

    logging.basicConfig(level=logging.INFO)
    semana(sys.argv[1])
