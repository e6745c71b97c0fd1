# alte Tests, laufen noch
import mlflow

from curso import hilfe


def test_experiment(almacen):
    a = hilfe.hole_experiment(3, 2)
    assert mlflow.get_experiment(a).name == "gruppe03-blatt2"


def test_tags(almacen):
    mlflow.set_experiment("gruppe03-blatt2")
    with mlflow.start_run() as lauf:
        hilfe.markiere(3, 2, "max")
    tags = mlflow.get_run(lauf.info.run_id).data.tags
    assert tags["hoja"] == "2"


def test_newest(almacen):
    exp = hilfe.hole_experiment(5, 1)
    for acc in (0.3, 0.9, 0.6):
        with mlflow.start_run(experiment_id=exp):
            mlflow.log_metric("accuracy", acc)
    last = mlflow.search_runs([exp], order_by=["start_time DESC"], max_results=1).iloc[0]
    assert last["metrics.accuracy"] == 0.6
    assert hilfe.bester_lauf(exp).data.metrics["accuracy"] == 0.9
