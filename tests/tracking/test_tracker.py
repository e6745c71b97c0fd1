"""The tracker: its run is started once, ended in every case, and foreign runs are left alone."""

import logging
import threading

import mlflow
import pytest
from mlflow.tracking import MlflowClient

from trackfix.tracking import (
    ConfigError,
    LimitError,
    MLflowTracker,
    NoopTracker,
    NotConfiguredError,
    RunNotFoundError,
    RunStateError,
    ServerUnavailableError,
    TrackingError,
    at_exit,
    create_mlflow_client,
    setup_mlflow,
)
from trackfix.tracking.interrupts import Terminated
from trackfix.tracking.tracker import Tracker

pytestmark = pytest.mark.usefixtures("no_leaked_runs")


@pytest.fixture
def client(store):
    return create_mlflow_client()


@pytest.fixture
def tracker(store):
    tracker = MLflowTracker("churn")
    yield tracker
    tracker.end_run()


def get_run(client, tracker):
    return client.get_run(tracker.run_id)


def status(client, run_id):
    return client.get_run(run_id).info.status


def active_run_id():
    active = mlflow.active_run()
    return active.info.run_id if active else None


def runs_of(client, name):
    experiment = client.get_experiment_by_name(name)
    return client.search_runs([experiment.experiment_id]) if experiment else []


# --- one run, started once ---------------------------------------------------------------


def test_starting_twice_gives_the_same_run(tracker, client):
    run_id = tracker.start_run("fit").run_id
    assert tracker.start_run("again").run_id == run_id
    assert [run.info.run_name for run in runs_of(client, "churn")] == ["fit"]


def test_threads_that_start_at_once_get_one_run(tracker, client):
    barrier = threading.Barrier(8)
    seen = []

    def start():
        barrier.wait()
        seen.append(tracker.start_run().run_id)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(seen)) == 1
    assert len(runs_of(client, "churn")) == 1


def test_the_run_id_survives_the_end(tracker):
    assert tracker.run_id is None
    run_id = tracker.start_run().run_id
    tracker.end_run()
    tracker.end_run()
    assert tracker.run_id == run_id


def test_after_the_end_a_new_run_is_started(tracker, client):
    with tracker:
        first = tracker.run_id
    with tracker.start_run("second"):
        assert tracker.run_id != first
    assert {run.info.status for run in runs_of(client, "churn")} == {"FINISHED"}


def test_name_and_tags_are_those_of_the_tracker_or_of_the_call(client):
    tracker = MLflowTracker("churn", run_name="fit", tags={"team": "search", "n": 1})
    with tracker:
        first = client.get_run(tracker.run_id)
    with tracker.start_run("refit", tags={"n": 2}):
        second = client.get_run(tracker.run_id)
    assert (first.info.run_name, first.data.tags["n"]) == ("fit", "1")
    assert (second.info.run_name, second.data.tags["n"]) == ("refit", "2")
    assert first.data.tags["team"] == second.data.tags["team"] == "search"


def test_a_run_has_the_tags_that_mlflow_gives_one(tracker, client):
    with mlflow.start_run() as run:
        theirs = {key for key in run.data.tags if key.startswith("mlflow.")}
    with tracker:
        ours = {
            key for key in client.get_run(tracker.run_id).data.tags if key.startswith("mlflow.")
        }
    assert theirs == ours


def test_nothing_is_sent_and_no_store_is_made_before_the_start(tmp_path):
    MLflowTracker("churn", tracking_uri=f"sqlite:///{tmp_path / 'new.db'}", buffer_seconds=1)
    assert not (tmp_path / "new.db").exists()


def test_without_a_store_it_names_the_missing_call_and_makes_none(monkeypatch, store, tmp_path):
    folder = tmp_path / "empty"
    folder.mkdir()
    monkeypatch.chdir(folder)
    mlflow.set_tracking_uri(None)  # type: ignore[arg-type]
    with pytest.raises(NotConfiguredError, match=r"setup_mlflow\("):
        MLflowTracker("churn").start_run()
    mlflow.set_tracking_uri(store)
    assert not list(folder.iterdir())


def test_without_an_experiment_it_is_the_one_of_the_setup(client, store):
    setup_mlflow("churn", tracking_uri=store)
    with MLflowTracker() as tracker:
        pass
    assert [run.info.run_id for run in runs_of(client, "churn")] == [tracker.run_id]


# --- how a with block ends ---------------------------------------------------------------


@pytest.mark.regression("an exception in the body recorded FINISHED")
@pytest.mark.parametrize(
    "error, expected",
    [
        (ValueError("no data"), "FAILED"),
        (SystemExit(1), "FAILED"),
        (KeyboardInterrupt(), "KILLED"),
        (Terminated(143), "KILLED"),
        (SystemExit(0), "FINISHED"),
        (None, "FINISHED"),
    ],
    ids=repr,
)
@pytest.mark.parametrize("buffer_seconds", [None, 60])
def test_a_block_ends_its_run_whatever_happens(client, error, expected, buffer_seconds):
    tracker = MLflowTracker("churn", buffer_seconds=buffer_seconds)
    try:
        with tracker.start_run():
            tracker.log_metric("loss", 0.5)
            if error is not None:
                raise error
    except BaseException as raised:
        assert raised is error
    run = client.get_run(tracker.run_id)
    assert (run.info.status, run.data.metrics) == (expected, {"loss": 0.5})
    assert run.info.end_time >= run.info.start_time


def test_the_outermost_block_ends_the_run(tracker, client):
    with tracker:
        with tracker.start_run():
            tracker.log_metric("inner", 1)
        assert status(client, tracker.run_id) == "RUNNING"
        tracker.log_metric("outer", 1)
    assert status(client, tracker.run_id) == "FINISHED"


@pytest.mark.parametrize("status", ["FAILED", "KILLED", "FINISHED"])
def test_a_run_that_mlflow_ended_within_the_block_keeps_its_status(tracker, client, status):
    with tracker:
        mlflow.end_run(status)
    before = client.get_run(tracker.run_id).info
    assert (before.status, mlflow.active_run()) == (status, None)
    tracker.end_run()
    assert client.get_run(tracker.run_id).info == before


def test_a_run_that_mlflow_ended_is_failed_when_the_block_raises_after_that(tracker, client):
    with pytest.raises(ValueError), tracker:
        mlflow.end_run()
        raise ValueError
    assert client.get_run(tracker.run_id).info.status == "FAILED"


def test_a_run_that_is_no_more_active_but_runs_is_ended(tracker, client, monkeypatch):
    def fail(*args):
        raise ConnectionError

    with tracker:
        with monkeypatch.context() as patched, pytest.raises(ConnectionError):
            patched.setattr(MlflowClient, "set_terminated", fail)
            mlflow.end_run()
        assert mlflow.active_run() is None
    assert client.get_run(tracker.run_id).info.status == "FINISHED"


def test_an_error_that_is_caught_within_the_block_is_none(tracker, client):
    with tracker:
        with pytest.raises(ValueError):
            with tracker:
                raise ValueError
    assert status(client, tracker.run_id) == "FINISHED"


def test_a_status_that_there_is_not_is_an_error(tracker):
    tracker.start_run()
    with pytest.raises(ConfigError, match="unknown status 'FINISH' .did you mean 'FINISHED'"):
        tracker.end_run("FINISH")
    with pytest.raises(ConfigError):
        tracker.end_run("RUNNING")


# --- runs of others ----------------------------------------------------------------------


@pytest.mark.regression("a tracker ended a run that it had adopted")
@pytest.mark.parametrize("nested", [True, False])
def test_a_foreign_run_is_nested_under_or_refused_and_never_ended(client, nested):
    with mlflow.start_run() as foreign:
        tracker = MLflowTracker("churn", nested=nested)
        if nested:
            with tracker:
                assert tracker.run_id != foreign.info.run_id
        else:
            with pytest.raises(RunStateError, match=foreign.info.run_id):
                tracker.start_run()
        tracker.end_run()
        assert active_run_id() == foreign.info.run_id
        assert status(client, foreign.info.run_id) == "RUNNING"
        mlflow.log_metric("after", 1)
    assert status(client, foreign.info.run_id) == "FINISHED"
    parents = [run.data.tags.get("mlflow.parentRunId") for run in runs_of(client, "churn")]
    assert parents == ([foreign.info.run_id] if nested else [])


@pytest.mark.regression("a tracker ended a run that it had adopted")
def test_a_foreign_run_is_left_alone_when_the_body_raises(client):
    with mlflow.start_run() as foreign:
        with pytest.raises(ValueError):
            with MLflowTracker("churn", nested=True) as tracker:
                raise ValueError
        assert status(client, foreign.info.run_id) == "RUNNING"
    assert status(client, tracker.run_id) == "FAILED"


def test_a_run_that_was_started_within_is_left_alone(tracker, client):
    tracker.start_run()
    inner = mlflow.start_run(nested=True)
    tracker.end_run()
    assert status(client, tracker.run_id) == "FINISHED"
    assert status(client, inner.info.run_id) == "RUNNING"
    assert active_run_id() == inner.info.run_id
    mlflow.end_run()
    assert mlflow.active_run() is None


def test_another_trackers_run_is_foreign(tracker, client):
    other = MLflowTracker("churn")
    with tracker:
        with pytest.raises(RunStateError):
            other.start_run()
        with other.start_run(nested=True):
            pass
    assert client.get_run(other.run_id).data.tags["mlflow.parentRunId"] == tracker.run_id


def test_a_parent_may_be_named(tracker, client):
    parent = client.create_run("0").info.run_id
    with mlflow.start_run():
        with tracker.start_run(parent_run_id=parent):
            pass
    assert client.get_run(tracker.run_id).data.tags["mlflow.parentRunId"] == parent
    with pytest.raises(RunNotFoundError):
        tracker.start_run(parent_run_id="0123")
    client.set_terminated(parent)


def test_in_azure_ml_a_child_has_the_tags_that_its_pages_need(tracker, client, monkeypatch):
    parent = client.create_run("0")
    # Without a workspace in the cloud, only the address can be one of Azure ML.
    monkeypatch.setattr("trackfix.tracking.azureml.is_azureml", lambda uri: True)
    with tracker.start_run(parent_run_id=parent.info.run_id):
        assert get_run(client, tracker).data.tags["azureml.runType"] == "trial"
    client.set_terminated(parent.info.run_id)


def test_a_deleted_parent_is_an_error_and_no_run_is_made(tracker, client):
    parent = client.create_run("0")
    client.delete_run(parent.info.run_id)
    with pytest.raises(RunStateError, match="is deleted"):
        tracker.start_run(parent_run_id=parent.info.run_id)
    assert runs_of(client, "churn") == []


def test_without_an_experiment_a_child_is_in_that_of_its_parent(client):
    parent = client.create_run(client.create_experiment("parents")).info
    with MLflowTracker().start_run(parent_run_id=parent.run_id) as tracker:
        pass
    assert client.get_run(tracker.run_id).info.experiment_id == parent.experiment_id
    client.set_terminated(parent.run_id)


def test_a_parent_from_the_environment_is_taken_when_nesting_is_wished(client, monkeypatch):
    parent = client.create_run("0").info.run_id
    monkeypatch.setenv("MLFLOW_PARENT_RUN_ID", parent)
    with MLflowTracker("churn") as alone, MLflowTracker("churn", nested=True) as child:
        pass
    assert "mlflow.parentRunId" not in client.get_run(alone.run_id).data.tags
    assert client.get_run(child.run_id).data.tags["mlflow.parentRunId"] == alone.run_id
    with child.start_run():
        pass
    assert client.get_run(child.run_id).data.tags["mlflow.parentRunId"] == parent
    client.set_terminated(parent)


# --- mlflow's active run -----------------------------------------------------------------


def test_while_it_is_open_the_run_is_mlflows_active_run(tracker, client):
    with tracker:
        mlflow.log_metric("theirs", 1)
        tracker.log_metric("ours", 2)
        assert active_run_id() == tracker.run_id
        with mlflow.start_run(nested=True) as child:
            pass
    assert mlflow.active_run() is None
    assert client.get_run(tracker.run_id).data.metrics == {"theirs": 1, "ours": 2}
    assert client.get_run(child.info.run_id).data.tags["mlflow.parentRunId"] == tracker.run_id


def test_ended_in_another_thread_it_is_no_longer_active_in_its_own(tracker):
    tracker.start_run()
    ending = threading.Thread(target=tracker.end_run)
    ending.start()
    ending.join()
    assert mlflow.active_run() is None


def test_another_store_is_used_without_touching_that_of_the_process(store, other_store, client):
    with mlflow.start_run() as foreign:
        with MLflowTracker("churn", tracking_uri=other_store) as tracker:
            # mlflow.log_metric would look for the run in the wrong store.
            assert active_run_id() == foreign.info.run_id
            tracker.log_metric("loss", 0.5)
    assert mlflow.get_tracking_uri() == store
    assert client.get_experiment_by_name("churn") is None
    run = get_run(create_mlflow_client(other_store), tracker)
    assert "mlflow.parentRunId" not in run.data.tags
    assert run.info.status == "FINISHED"


def test_the_active_experiment_is_left_alone(store):
    setup_mlflow("of-the-process", tracking_uri=store)
    with MLflowTracker("churn"):
        pass
    with mlflow.start_run() as run:
        pass
    assert mlflow.get_experiment(run.info.experiment_id).name == "of-the-process"


# --- logging -----------------------------------------------------------------------------

CALLS = {
    "log_metric": ("loss", 0.5),
    "log_metrics": ({"loss": 0.5},),
    "log_param": ("depth", 3),
    "log_params": ({"depth": 3},),
    "set_tag": ("stage", "training"),
    "set_tags": ({"stage": "training"},),
    "log_artifact": ("model.txt",),
    "log_artifacts": (".",),
    "log_text": ("fine", "report.txt"),
    "log_dict": ({"a": 1}, "a.json"),
}


@pytest.mark.parametrize("method, arguments", CALLS.items())
def test_logging_without_a_run_is_an_error(tracker, method, arguments):
    with pytest.raises(RunStateError, match=r"no open run, call start_run\(\) first"):
        getattr(tracker, method)(*arguments)
    with tracker:
        pass
    with pytest.raises(RunStateError):
        getattr(tracker, method)(*arguments)


def test_logging_without_a_run_is_dropped_when_told_and_said_once(store, caplog):
    tracker = MLflowTracker("churn", on_missing_run="ignore")
    for method, arguments in CALLS.items():
        getattr(tracker, method)(*arguments)
    [record] = caplog.records
    assert "logging metrics loss, and what follows, is dropped" in record.getMessage()


def test_a_tracker_that_logs_nothing_has_the_same_surface(tmp_path, monkeypatch, caplog):
    monkeypatch.chdir(tmp_path)
    tracker = NoopTracker()
    with tracker.start_run("fit", tags={"a": 1}, nested=True, parent_run_id="0123") as same:
        assert same is tracker
        for method, arguments in CALLS.items():
            getattr(tracker, method)(*arguments)
        tracker.flush()
    tracker.end_run("FAILED")
    assert tracker.run_id is None
    assert not list(tmp_path.iterdir()) and not caplog.records
    public = {name for name in dir(Tracker) if not name.startswith("_")}
    for kind in (NoopTracker, MLflowTracker):
        assert {name for name in public if not hasattr(kind, name)} == set()


def test_nested_params_steps_and_times_arrive(tracker, client):
    with tracker:
        tracker.log_params({"model": {"depth": 3}, "layers": []})
        tracker.log_metrics({"loss": 0.5, "f1": 0.8}, step=4, timestamp=1_700_000_000_000)
        tracker.set_tags({"fold": 1})
    run = client.get_run(tracker.run_id)
    assert run.data.params == {"model.depth": "3", "layers": "[]"}
    assert run.data.tags["fold"] == "1"
    [point] = client.get_metric_history(tracker.run_id, "f1")
    assert (point.value, point.step, point.timestamp) == (0.8, 4, 1_700_000_000_000)


def test_logging_is_safe_from_many_threads(client):
    with MLflowTracker("churn", buffer_seconds=60) as tracker:

        def log(n):
            for step in range(50):
                tracker.log_metric(f"m{n}", step, step)

        threads = [threading.Thread(target=log, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for n in range(4):
        history = client.get_metric_history(tracker.run_id, f"m{n}")
        assert [point.step for point in history] == list(range(50))


def test_a_bad_point_is_an_error_at_once_and_spoils_no_other(client):
    with MLflowTracker("churn", buffer_seconds=60) as tracker:
        tracker.log_metric("loss", 0.5)
        with pytest.raises(LimitError):
            tracker.log_metric("f1@5", 0.8)
        with pytest.raises(LimitError):
            tracker.log_metric("f1", "high")
    assert client.get_run(tracker.run_id).data.metrics == {"loss": 0.5}


# --- artifacts ---------------------------------------------------------------------------


def test_artifacts_arrive(tracker, client, tmp_path):
    (tmp_path / "model.txt").write_text("weights")
    with tracker:
        tracker.log_artifact(tmp_path / "model.txt", "models")
        tracker.log_artifacts(tmp_path, "all")
        tracker.log_text("fine", "report.txt")
        tracker.log_dict({"a": 1}, "a.json")
    top = {file.path for file in client.list_artifacts(tracker.run_id)}
    assert top == {"models", "all", "report.txt", "a.json"}
    assert [file.path for file in client.list_artifacts(tracker.run_id, "models")] == [
        "models/model.txt"
    ]


def test_a_failed_upload_is_a_warning_with_the_path(tracker, client, tmp_path, caplog):
    with tracker, caplog.at_level(logging.WARNING, "trackfix.tracking"):
        tracker.log_artifact(tmp_path / "missing.txt")
        tracker.log_metric("after", 1)
    assert str(tmp_path / "missing.txt") in caplog.text and tracker.run_id in caplog.text
    assert client.get_run(tracker.run_id).data.metrics == {"after": 1}
    assert status(client, tracker.run_id) == "FINISHED"


def test_a_failed_upload_raises_when_told(store, client, tmp_path):
    with pytest.raises(OSError):
        with MLflowTracker("churn", on_artifact_error="raise") as tracker:
            tracker.log_artifact(tmp_path / "missing.txt")
    assert status(client, tracker.run_id) == "FAILED"


@pytest.mark.parametrize("option", ["on_artifact_error", "on_missing_run"])
def test_an_option_that_there_is_not_is_an_error(option):
    with pytest.raises(ConfigError, match=f"unknown {option} 'quietly'"):
        MLflowTracker("churn", **{option: "quietly"})  # type: ignore[arg-type]


# --- a server that goes away -------------------------------------------------------------


def test_points_that_can_not_be_sent_are_an_error_at_the_end(own_server, monkeypatch):
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", "0")
    tracker = MLflowTracker("churn", tracking_uri=own_server.uri, buffer_seconds=600)
    tracker.start_run()
    tracker.log_metric("loss", 0.5, step=1)
    own_server.kill()
    with pytest.raises(ServerUnavailableError):
        tracker.flush()
    with pytest.raises(ServerUnavailableError):
        tracker.end_run()
    own_server.start()
    tracker.end_run("FAILED")
    run = get_run(tracker.client, tracker)
    assert (run.info.status, run.data.metrics) == ("FAILED", {"loss": 0.5})


def test_the_error_of_the_block_is_not_hidden_by_one_of_its_end(own_server, monkeypatch, caplog):
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", "0")
    tracker = MLflowTracker("churn", tracking_uri=own_server.uri)
    with pytest.raises(ValueError, match="no data"):
        with tracker:
            own_server.kill()
            raise ValueError("no data")
    assert f"run {tracker.run_id} stays RUNNING" in caplog.text
    own_server.start()
    tracker.end_run("FAILED")
    assert status(tracker.client, tracker.run_id) == "FAILED"


def test_a_run_that_could_not_be_ended_takes_nothing_of_what_follows(tracker, client, monkeypatch):
    def fail(*args):
        raise ConnectionError

    with monkeypatch.context() as patched:
        patched.setattr(MlflowClient, "set_terminated", fail)
        with pytest.raises(ServerUnavailableError), tracker:
            pass
    left = tracker.run_id
    assert mlflow.active_run() is None
    with MLflowTracker("churn", nested=True) as other:
        mlflow.log_metric("loss", 0.5)
    assert "mlflow.parentRunId" not in get_run(client, other).data.tags
    assert get_run(client, other).data.metrics == {"loss": 0.5}
    with tracker:
        assert tracker.run_id not in (left, other.run_id)
    assert status(client, left) == "RUNNING"
    at_exit.end_open_runs()
    assert (status(client, left), client.get_run(left).data.metrics) == ("FINISHED", {})


def test_points_of_a_run_that_is_gone_are_an_error(store, client):
    tracker = MLflowTracker("churn", buffer_seconds=600)
    tracker.start_run()
    tracker.log_metric("loss", 0.5)
    client.delete_run(tracker.run_id)
    with pytest.raises(TrackingError, match="1 metric points are not sent"):
        tracker.flush()
    client.restore_run(tracker.run_id)
    tracker.end_run()
    assert client.get_run(tracker.run_id).data.metrics == {"loss": 0.5}
