# -*- coding: utf-8 -*-
# Entrenamiento de scorecards (WOE + logistica)
import os
import sys

import mlflow
import mlflow.sklearn
import numpy as np
import pandas as pd
import sqlalchemy as sa
from sklearn.linear_model import LogisticRegression

from legacy.utilidades import activar_experimento, firmar, gini, ks, leer_sql

SEGMENTOS = ["retail", "pyme", "autonomos"]


def calcular_woe(df, variable, objetivo, grupos=8):
    bandas = pd.qcut(df[variable], grupos, duplicates="drop")
    tabla = df.groupby(bandas)[objetivo].agg(["sum", "count"])
    malos = tabla["sum"] + 0.5
    buenos = tabla["count"] - tabla["sum"] + 0.5
    tabla["woe"] = np.log((buenos / buenos.sum()) / (malos / malos.sum()))
    tabla["iv"] = ((buenos / buenos.sum()) - (malos / malos.sum())) * tabla["woe"]
    return tabla


def transformar(df, tablas):
    out = pd.DataFrame(index=df.index)
    for var, tabla in tablas.items():
        out[var] = pd.cut(df[var], tabla.index.categories).map(tabla["woe"]).astype(float).fillna(0)
    return out


def entrenar(segmento, fecha, objetivo="default_12m", min_iv=0.02, C=1.0):
    motor = sa.create_engine(os.environ["DWH_URL"])
    datos = pd.read_sql(leer_sql("cartera"), motor, params={"segmento": segmento, "fecha": fecha})
    dev = datos[datos.muestra == "DEV"]
    oot = datos[datos.muestra == "OOT"]

    activar_experimento("scoring-" + segmento)
    with mlflow.start_run(run_name="scorecard_%s_%s" % (segmento, fecha)):
        mlflow.set_tag("segment", segmento)
        mlflow.set_tag("fecha_datos", fecha)
        mlflow.set_tag("objetivo", objetivo)
        mlflow.set_tag("ci.pipeline_id", os.getenv("CI_PIPELINE_ID", ""))
        firmar(os.getenv("GITLAB_USER_LOGIN", "manual"), os.getenv("CHANGE_TICKET", ""))

        tablas = {}
        for var in [c for c in datos.columns if c.startswith("x_")]:
            t = calcular_woe(dev, var, objetivo)
            if t["iv"].sum() >= min_iv:
                tablas[var] = t
        mlflow.log_param("variables", len(tablas))
        mlflow.log_param("C", C)
        modelo = LogisticRegression(C=C, max_iter=1000)
        modelo.fit(transformar(dev, tablas), dev[objetivo])

        p_dev = modelo.predict_proba(transformar(dev, tablas))[:, 1]
        p_oot = modelo.predict_proba(transformar(oot, tablas))[:, 1]
        mlflow.log_metric("gini_dev", gini(dev[objetivo], p_dev))
        mlflow.log_metric("ks_oot", ks(oot[objetivo], p_oot))
        mlflow.sklearn.log_model(modelo, "model")


if __name__ == "__main__":
    for s in sys.argv[2:] or SEGMENTOS:
        entrenar(s, sys.argv[1])
