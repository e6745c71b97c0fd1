# Hoja 1, grupo 12: Carmen, Iker
# (hecho con la plantilla de Jonas, gracias!)
import mlflow
from mlflow.tracking import MlflowClient
from sklearn.metrics import accuracy_score
from sklearn.neighbors import KNeighborsClassifier

from curso.datos import cargar, partir

GRUPPE = 12
BLATT = 1


def experiment_id():
    client = MlflowClient()
    name = "gruppe" + str(GRUPPE).zfill(2) + "-blatt" + str(BLATT)
    gefunden = [e for e in client.search_experiments() if e.name == name]
    if gefunden:
        return gefunden[0].experiment_id
    return client.create_experiment(name)


def entrenar(k):
    X_tr, X_te, y_tr, y_te = partir(*cargar("vino"))
    modelo = KNeighborsClassifier(k).fit(X_tr, y_tr)
    return modelo, accuracy_score(y_te, modelo.predict(X_te))


def el_mas_rapido(exp):
    df = mlflow.search_runs([exp], filter_string="status = 'FINISHED'", order_by=["metrics.segundos ASC"])
    return None if df.empty else df.iloc[0]


def main():
    import time

    exp = experiment_id()
    for k in range(1, 20, 2):
        with mlflow.start_run(experiment_id=exp, run_name=f"k={k}"):
            t = time.time()
            modelo, acc = entrenar(k)
            mlflow.log_param("k", k)
            mlflow.log_metrics({"accuracy": acc, "segundos": time.time() - t})
            mlflow.sklearn.log_model(modelo, "modelo")
    r = el_mas_rapido(exp)
    if r is not None:
        print("el más rápido:", r["params.k"])


if __name__ == "__main__":
    main()
