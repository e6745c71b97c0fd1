import mlflow
import pytest
from mlflow.tracking import MlflowClient

from curso.registro import Registro


def make_run(r, name, status="FINISHED", **metrics):
    c = MlflowClient()
    run = c.create_run(r.experimento(), run_name=name)
    for k, v in metrics.items():
        c.log_metric(run.info.run_id, k, v)
    c.set_terminated(run.info.run_id, status)
    return run.info.run_id


@pytest.fixture
def r(almacen):
    return Registro(1, 1)


def test_experiment_is_made_once(r):
    assert r.experimento() == r.experimento()


def test_experiment_is_restored(r):
    eid = r.experimento()
    mlflow.delete_experiment(eid)
    assert r.experimento() == eid
    assert mlflow.get_experiment(eid).lifecycle_stage == "active"


def test_best_ignores_failed(r):
    make_run(r, "a", accuracy=0.5)
    good = make_run(r, "b", accuracy=0.8)
    make_run(r, "c", status="FAILED", accuracy=0.99)
    assert r.mejor().info.run_id == good


def test_last_hand_in(r):
    assert r.ultima_entrega() is None
    rid = make_run(r, "entrega")
    make_run(r, "prueba")
    assert r.ultima_entrega().info.run_id == rid


def test_tags(r):
    run = MlflowClient().get_run(r.crear("eva"))
    assert run.data.tags["grupo"] == "01"
    assert run.data.tags["autor"] == "eva"


@pytest.mark.parametrize("text, want", [("7,5/10", 0.75), ("3/4", 0.75), ("", None)])
def test_mark(r, text, want):
    rid = make_run(r, "entrega")
    MlflowClient().set_tag(rid, "nota", text)
    assert r.nota(MlflowClient().get_run(rid)) == want


def test_trials_are_deleted(r):
    make_run(r, "prueba")
    make_run(r, "prueba")
    assert r.borrar_pruebas() == 2
    left = mlflow.search_runs([r.experimento()], output_format="list")
    assert left == []
