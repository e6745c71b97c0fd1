# -*- coding: utf-8 -*-
# Borra runs viejos sin aprobar (cron mensual)
import sys
import time

from mlflow.entities import ViewType
from mlflow.tracking import MlflowClient

DIAS = 180


def limpiar(nombre_exp, dias=DIAS, simular=True):
    cliente = MlflowClient()
    exp = cliente.get_experiment_by_name(nombre_exp)
    if exp is None:
        print("no existe", nombre_exp)
        return
    limite = int((time.time() - dias * 86400) * 1000)
    borrados = 0
    for r in cliente.search_runs([exp.experiment_id], "attributes.start_time < %d" % limite, ViewType.ACTIVE_ONLY, 5000):
        if "audit.approvals" in r.data.tags:
            continue
        if not simular:
            cliente.delete_run(r.info.run_id)
        borrados += 1
    print("%s: %d runs %s" % (nombre_exp, borrados, "a borrar" if simular else "borrados"))


if __name__ == "__main__":
    limpiar(sys.argv[1], simular="--si" not in sys.argv)
