# Blatt 1, Gruppe 07: Jonas, Miriam
import mlflow
from mlflow.tracking import MlflowClient
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score

from curso.datos import cargar, partir

GRUPPE = 7
BLATT = 1


def experiment_id():
    client = MlflowClient()
    name = "gruppe" + str(GRUPPE).zfill(2) + "-blatt" + str(BLATT)
    gefunden = [e for e in client.search_experiments() if e.name == name]
    if gefunden:
        return gefunden[0].experiment_id
    return client.create_experiment(name)


def trainiere(C):
    X_tr, X_te, y_tr, y_te = partir(*cargar("vino"))
    modell = LogisticRegression(C=C, max_iter=500)
    modell.fit(X_tr, y_tr)
    return modell, accuracy_score(y_te, modell.predict(X_te))


def main():
    exp = experiment_id()
    for C in [0.01, 0.1, 1.0, 10.0]:
        with mlflow.start_run(experiment_id=exp, run_name="C=%s" % C):
            mlflow.set_tag("grupo", "07")
            mlflow.set_tag("hoja", "1")
            mlflow.set_tag("bearbeiter", "jonas,miriam")
            modell, acc = trainiere(C)
            mlflow.log_param("C", C)
            mlflow.log_metric("accuracy", acc)
            mlflow.sklearn.log_model(modell, "modell")
    # das beste Modell
    df = mlflow.search_runs([exp], filter_string="status = 'FINISHED'", order_by=["metrics.accuracy DESC"])
    if not df.empty:
        bester = df.iloc[0]
        print("Bestes C:", bester["params.C"], "mit", bester["metrics.accuracy"])


if __name__ == "__main__":
    main()
