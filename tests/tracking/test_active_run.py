"""MLflow's active run, for runs that this library creates."""

import threading

import mlflow
import pytest
from mlflow.tracking import fluent

from trackfix.tracking import create_mlflow_client
from trackfix.tracking.active_run import activate


@pytest.fixture
def runs(store):
    client = create_mlflow_client()
    return [client.create_run("0") for _ in range(2)]


def test_an_activated_run_takes_what_mlflow_logs(runs):
    deactivate = activate(runs[0])
    mlflow.log_metric("loss", 0.5)
    deactivate()
    assert mlflow.active_run() is None
    assert mlflow.get_run(runs[0].info.run_id).data.metrics == {"loss": 0.5}
    assert mlflow.get_run(runs[0].info.run_id).info.status == "RUNNING"


def test_runs_may_be_taken_back_in_any_order_and_twice(runs):
    first, second = activate(runs[0]), activate(runs[1])
    first()
    active = mlflow.active_run()
    assert active is not None and active.info.run_id == runs[1].info.run_id
    second()
    second()
    assert mlflow.active_run() is None


def test_it_is_active_in_its_own_thread_only(runs):
    deactivate = activate(runs[0])
    seen = []
    thread = threading.Thread(target=lambda: seen.append(mlflow.active_run()))
    thread.start()
    thread.join()
    deactivate()
    assert seen == [None]


def test_an_mlflow_without_such_a_list_gets_a_warning(runs, monkeypatch, caplog):
    stack = fluent._active_run_stack
    monkeypatch.delattr(fluent, "_active_run_stack")
    activate(runs[0])()
    monkeypatch.setattr(fluent, "_active_run_stack", stack, raising=False)
    assert runs[0].info.run_id in caplog.text
