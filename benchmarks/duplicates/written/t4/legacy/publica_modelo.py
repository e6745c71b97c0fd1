# -*- coding: utf-8 -*-
# Publica el modelo del pipeline en el registro (stages antiguos)
import os
import sys
import json

import mlflow
from mlflow.tracking import MlflowClient

from legacy.utilidades import mejor_ejecucion, obtener_experimento


def buscar_run(nombre_exp):
    cliente = MlflowClient()
    pipeline = os.environ["CI_PIPELINE_ID"]
    exp = mlflow.get_experiment_by_name(nombre_exp)
    encontrados = []
    for r in cliente.search_runs([exp.experiment_id], max_results=500):
        if r.data.tags.get("ci.pipeline_id") == pipeline:
            encontrados.append(r)
    if len(encontrados) == 0:
        raise Exception("El pipeline %s no tiene run" % pipeline)
    encontrados.sort(key=lambda r: r.info.start_time)
    return encontrados[-1]


def buscar_por_nombre(nombre_exp, nombre_run):
    exp = mlflow.get_experiment_by_name(nombre_exp)
    runs = MlflowClient().search_runs([exp.experiment_id], "tags.mlflow.runName = '" + nombre_run + "'")
    if runs:
        return runs[0]
    return None


def publicar(nombre_exp, nombre_modelo, segmento=None):
    cliente = MlflowClient()
    if segmento:
        run = mejor_ejecucion(nombre_exp, segmento)
    else:
        run = buscar_run(nombre_exp)
    if run is None:
        print("No hay run que publicar")
        sys.exit(2)
    version = mlflow.register_model("runs:/" + run.info.run_id + "/model", nombre_modelo)
    cliente.transition_model_version_stage(nombre_modelo, version.version, "Staging", archive_existing_versions=True)
    ficha = {"run": run.info.run_id, "ks": run.data.metrics.get("ks_oot"), "segmento": run.data.tags.get("segment")}
    with open("ficha.json", "w") as f:
        json.dump(ficha, f)
    with mlflow.start_run(experiment_id=obtener_experimento("publicaciones"), run_name=nombre_modelo):
        mlflow.log_artifact("ficha.json")


if __name__ == "__main__":
    publicar(*sys.argv[1:])
