"""Hoja 2: demanda de bicicletas. Grupo 3 (Nerea, Tobias, Ana)."""
import argparse
import logging
import math

import mlflow
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient
from sklearn.ensemble import HistGradientBoostingRegressor

from curso.datos import cargar, partir
from curso.kurs_mlflow import abgabe

logging.basicConfig(level=logging.INFO)
registro = logging.getLogger("bicis")


def anadir_calendario(X):
    X = X.copy()
    X["hora_sin"] = (X["hora"] * 2 * math.pi / 24).apply(math.sin)
    X["hora_cos"] = (X["hora"] * 2 * math.pi / 24).apply(math.cos)
    X["finde"] = X["dia_semana"].isin([5, 6]).astype(int)
    return X


def menor_mae(exp_id):
    """el mejor, aquí menos es mejor"""
    c = MlflowClient()
    corridas = c.search_runs([exp_id], "attributes.status = 'FINISHED'", order_by=["metrics.mae ASC"], max_results=1)
    if len(corridas) == 0:
        return None
    return corridas[0]


def continuar(exp_id, nombre):
    """Sigue con la corrida interrumpida de ese nombre o empieza otra."""
    c = MlflowClient()
    abiertas = c.search_runs(
        [exp_id],
        f"attributes.run_name = '{nombre}' and attributes.status = 'RUNNING'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    if abiertas:
        registro.info("continuamos %s", abiertas[0].info.run_id)
        return mlflow.start_run(run_id=abiertas[0].info.run_id)
    return mlflow.start_run(experiment_id=exp_id, run_name=nombre)


def experimento_del_profe():
    exp = mlflow.get_experiment_by_name("referencia-blatt2")
    if exp is None:
        raise MlflowException("falta el experimento de referencia, preguntad a Lucía")
    return exp.experiment_id


def entrenar(lr, hojas):
    X, y = cargar("bicis", "alquileres")
    X_tr, X_te, y_tr, y_te = partir(anadir_calendario(X), y)
    m = HistGradientBoostingRegressor(learning_rate=lr, max_leaf_nodes=hojas).fit(X_tr, y_tr)
    return m, float(abs(m.predict(X_te) - y_te).mean())


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--lr", type=float, default=0.1)
    ap.add_argument("--hojas", type=int, default=31)
    ap.add_argument("--entregar", action="store_true")
    args = ap.parse_args()
    exp = mlflow.set_experiment("gruppe03-blatt2")
    with continuar(exp.experiment_id, f"lr{args.lr}-h{args.hojas}"):
        modelo, mae = entrenar(args.lr, args.hojas)
        mlflow.log_params({"lr": args.lr, "hojas": args.hojas})
        mlflow.log_metric("mae", mae)
    if args.entregar:
        mejor = menor_mae(exp.experiment_id)
        ref = menor_mae(experimento_del_profe())
        with abgabe(3, 2):
            mlflow.log_param("elegida", mejor.info.run_id)
            mlflow.log_metric("mae", mejor.data.metrics["mae"])
            if ref is not None:
                mlflow.log_metric("mae_ref", ref.data.metrics["mae"])


if __name__ == "__main__":
    main()
