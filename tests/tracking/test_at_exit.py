"""What becomes of runs that are still open when the interpreter exits, with a server and without."""

import os
import socket
import threading
import time

import mlflow
import pytest

from trackfix.tracking import MLflowTracker, at_exit, create_mlflow_client, setup_mlflow
from trackfix.tracking.batches import make_metric
from trackfix.tracking.open_run import OpenRun


@pytest.fixture
def short_deadline(monkeypatch):
    monkeypatch.setattr(at_exit, "SECONDS_FOR_DEAD_SERVERS", 1.0)


def open_tracker(uri, name="fit"):
    tracker = MLflowTracker("churn", tracking_uri=uri, nested=True, buffer_seconds=600)
    return tracker.start_run(name)


def test_a_dead_server_holds_no_process_up_for_long_and_one_line_says_what_is_lost(
    own_server, python
):
    script = """
        import os, signal
        from trackfix.tracking import MLflowTracker, at_exit
        at_exit.SECONDS_FOR_DEAD_SERVERS = 3.0
        runs = [MLflowTracker("churn", nested=True, buffer_seconds=600) for _ in range(2)]
        for run in runs:
            run.start_run()
        runs[0].log_metrics({"loss": 0.5, "f1": 0.8})
        print(runs[0].run_id, runs[1].run_id, flush=True)
        input()
    """
    process = python.start(script, env={**os.environ, "MLFLOW_TRACKING_URI": own_server.uri})
    first, second = process.stdout.readline().split()
    own_server.kill()
    started = time.monotonic()
    process.stdin.write("\n")
    _, err = process.communicate(timeout=200)
    # MLflow itself gives up after four minutes for each of four calls.
    assert time.monotonic() - started < 60
    assert process.returncode == 0
    (line,) = [line for line in err.splitlines() if "at exit" in line]
    assert (
        f"run {second} stays RUNNING; run {first} stays RUNNING, 2 metric points are lost" in line
    )
    assert "Traceback" not in err


def test_a_server_that_comes_back_in_time_gets_everything(own_server):
    setup_mlflow("churn", tracking_uri=own_server.uri)
    trackers = [open_tracker(own_server.uri, name) for name in ("a", "b")]
    trackers[0].log_metric("loss", 0.5)
    own_server.kill()
    start = threading.Timer(1, own_server.start)
    start.start()
    at_exit.end_open_runs()
    start.join()
    runs = mlflow.search_runs(output_format="list")
    assert {run.info.run_name: run.info.status for run in runs} == {
        "a": "FINISHED",
        "b": "FINISHED",
    }
    assert trackers[0].client.get_run(trackers[0].run_id).data.metrics == {"loss": 0.5}


def test_of_two_stores_the_one_that_answers_gets_its_runs_ended(
    own_server, store, short_deadline, caplog
):
    here, there = open_tracker(store), open_tracker(own_server.uri)
    there.log_metric("loss", 0.5)
    own_server.kill()
    at_exit.end_open_runs()
    assert here.client.get_run(here.run_id).info.status == "FINISHED"
    assert f"run {there.run_id} stays RUNNING, 1 metric points are lost" in caplog.text
    assert here.run_id not in caplog.text
    at_exit.end_open_runs()  # it was given up


def test_what_is_tried_is_taken_back(store, monkeypatch):
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "7")
    seen = {}

    def end(wait):
        seen.update(os.environ)
        tracker.end_run()

    tracker = open_tracker(store)
    assert tracker._open is not None
    monkeypatch.setattr(tracker._open, "end_at_exit", end)
    at_exit.end_open_runs()
    assert seen["MLFLOW_HTTP_REQUEST_TIMEOUT"] == "7"
    assert seen["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] == "0"
    assert os.environ["MLFLOW_HTTP_REQUEST_TIMEOUT"] == "7"
    assert "MLFLOW_HTTP_REQUEST_MAX_RETRIES" not in os.environ


def test_a_server_that_takes_requests_and_never_answers_is_waited_for_once(
    store, short_deadline, monkeypatch, caplog
):
    """The thread that sends points is in the middle of a request, and holds it for two minutes."""
    monkeypatch.setattr(at_exit, "_SECONDS_FOR_A_REQUEST", 1.0)
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "30")
    run = create_mlflow_client().create_run("0")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = create_mlflow_client(f"http://127.0.0.1:{silent.getsockname()[1]}")
        opened = OpenRun(client, run, buffer_seconds=0.01)
        assert opened.buffer is not None
        opened.buffer.add([make_metric("loss", 0.5, 0, 1)])
        silent.accept()
        started = time.monotonic()
        at_exit.end_open_runs()
        assert time.monotonic() - started < 15
    assert f"run {run.info.run_id} stays RUNNING, 1 metric points are lost" in caplog.text
    assert mlflow.active_run() is None


def test_an_error_of_one_run_keeps_no_other_open(store, caplog):
    first, second = open_tracker(store), open_tracker(store)
    second.log_metric("loss", 0.5)
    second.client.delete_run(str(second.run_id))
    at_exit.end_open_runs()
    assert f"run {second.run_id} stays RUNNING, 1 metric points are lost" in caplog.text
    assert first.client.get_run(first.run_id).info.status == "FINISHED"
