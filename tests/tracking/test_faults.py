"""Stores that go away, can't be written, are full, or aren't what the URI says; and what is in them afterwards.

Elsewhere: a create whose answer is lost, also by a server that is killed meanwhile
(test_idempotency.py); a training script that is interrupted or killed (test_interrupts.py,
test_runs.py); a run whose server is gone when it ends (test_tracker.py, test_runs.py); look-ups
without a server (test_finder.py); a server that is dead at the start (test_setup.py).
"""

import contextlib
import multiprocessing
import os
import resource
import shutil
import subprocess
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import mlflow
import pytest

from trackfix.tracking import (
    ConfigError,
    MLflowTracker,
    RunIndex,
    ServerUnavailableError,
    TrackingError,
    create_child_run,
    create_mlflow_client,
    create_run_safe,
    find_mlflow_run,
    get_or_create_experiment,
    setup_mlflow,
)


@pytest.fixture
def one_attempt(monkeypatch):
    """A create that fails isn't sent again."""
    monkeypatch.setattr("trackfix.tracking.idempotency._MAX_RETRIES", 0)


# --- a server that is stopped and started again --------------------------------------------


def test_a_training_goes_on_when_its_server_is_stopped_and_started_again(own_server, monkeypatch):
    """Each point, param and fold is there once. What is due while there is no server waits for it,
    as long as MLflow tries again: for four minutes by default, here for less."""
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", "1")
    setup_mlflow("churn", tracking_uri=own_server.uri)
    with MLflowTracker("churn", run_name="fit", buffer_seconds=0.2) as tracker:
        for step in range(100):
            tracker.log_metric("loss", step, step)
        own_server.stop()
        for step in range(100, 200):
            tracker.log_metric("loss", step, step)
        start = threading.Timer(0.5, own_server.start)
        start.start()
        with create_child_run("fold-0"):
            tracker.log_params({"depth": 3})
            mlflow.log_metric("f1", 0.8)
        start.join()

    client = create_mlflow_client()
    runs = {run.info.run_name: run for run in mlflow.search_runs(output_format="list")}
    assert sorted(runs) == ["fit", "fold-0"]
    assert {run.info.status for run in runs.values()} == {"FINISHED"}
    assert runs["fit"].data.params == {"depth": "3"}
    points = client.get_metric_history(runs["fit"].info.run_id, "loss")
    assert sorted(point.step for point in points) == list(range(200))
    assert runs["fold-0"].data.metrics == {"f1": 0.8}
    assert client.search_runs(["0"]) == []


# --- a wrong URI ---------------------------------------------------------------------------


class _NotMlflow(BaseHTTPRequestHandler):
    status = 200

    def do_GET(self):
        text = b"<html>Welcome to nginx!</html>"
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_POST = do_GET

    def log_message(self, *args):
        pass


@pytest.fixture(params=[200, 401, 404])
def another_server(request):
    """A web server that isn't MLflow's, and answers everything with this status."""
    handler = type("Handler", (_NotMlflow,), {"status": request.param})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_server_that_is_not_mlflows_is_an_error_and_never_a_run_elsewhere(
    another_server, store, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    before = sorted(os.listdir())
    for call in (
        lambda: setup_mlflow("churn", tracking_uri=another_server),
        lambda: create_run_safe("fit", experiment_id="1", tracking_uri=another_server),
        lambda: create_run_safe("fit", parent_run_id="1a2b", tracking_uri=another_server),
        lambda: find_mlflow_run(run_id="1a2b", strict=False, tracking_uri=another_server),
        lambda: MLflowTracker("churn", tracking_uri=another_server).start_run(),
    ):
        with pytest.raises(TrackingError) as caught:
            call()
        assert caught.value.__cause__ is not None
    assert mlflow.get_tracking_uri() == store
    assert [e.name for e in create_mlflow_client().search_experiments()] == ["Default"]
    assert create_mlflow_client().search_runs(["0"]) == []
    assert sorted(os.listdir()) == before


def test_a_path_that_is_no_database_is_found_out_at_once_and_left_alone(store, tmp_path):
    """Without that, MLflow tries to open it for 102 seconds."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "notes.txt").write_text("this is not a database " * 50)
    started = time.monotonic()
    with pytest.raises(ConfigError, match="can't be opened as an SQLite database"):
        setup_mlflow("churn", tracking_uri=f"sqlite:///{tmp_path / 'folder'}")
    with pytest.raises(TrackingError, match="not a database"):
        setup_mlflow("churn", tracking_uri=f"sqlite:///{tmp_path / 'notes.txt'}")
    assert time.monotonic() - started < 30
    assert mlflow.get_tracking_uri() == store
    assert list((tmp_path / "folder").iterdir()) == []
    assert (tmp_path / "notes.txt").read_text() == "this is not a database " * 50


# --- a database that can't be written --------------------------------------------------------


def _mind_file_permissions():
    if os.geteuid() == 0:  # root may write everything
        os.setgid(65534)
        os.setuid(65534)


@contextlib.contextmanager
def forked(initializer=None):
    """Call functions in a process of its own."""
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(1, fork, initializer=initializer) as pool:
        yield lambda function, *args: pool.submit(function, *args).result()


@pytest.fixture
def public_folder():
    """Another user can't reach ``tmp_path``."""
    with tempfile.TemporaryDirectory(prefix="trackfix-faults-") as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


def _use_read_only(uri, run_id):
    mlflow.set_tracking_uri(uri)
    setup_mlflow("churn", tracking_uri=uri)
    # It can be read ...
    assert find_mlflow_run("churn", run_id=run_id).run_id == run_id
    # ... and all that writes raises, and says what.
    for doing, call in (
        ("'new'", lambda: get_or_create_experiment("new")),
        ("creating run 'fit'", lambda: create_run_safe("fit")),
        ("creating run 'fold'", lambda: create_run_safe("fold", parent_run_id=run_id)),
        ("creating run 'trial'", lambda: MLflowTracker("churn").start_run("trial")),
    ):
        with pytest.raises(TrackingError, match=doing) as caught:
            call()
        assert caught.value.__cause__ is not None
    assert mlflow.active_run() is None


def _contents(client):
    experiments = client.search_experiments()
    runs = client.search_runs([experiment.experiment_id for experiment in experiments])
    return [e.name for e in experiments], [(run.info.run_id, run.info.status) for run in runs]


def test_a_read_only_sqlite_database_can_be_read_and_what_writes_is_an_error(
    store, public_folder, one_attempt
):
    client = create_mlflow_client()
    run = client.create_run(get_or_create_experiment("churn"))
    before = _contents(client)
    database = public_folder / "mlflow.db"
    shutil.copy(store.removeprefix("sqlite:///"), database)
    os.chmod(database, 0o444)
    os.chmod(public_folder, 0o555)
    uri = f"sqlite:///{database}"
    with forked(_mind_file_permissions) as run_there:
        run_there(_use_read_only, uri, run.info.run_id)
    assert _contents(create_mlflow_client(uri)) == before


def test_a_read_only_postgresql_can_be_read_and_what_writes_is_an_error(
    postgres_store, request, one_attempt
):
    client = create_mlflow_client()
    run = client.create_run(get_or_create_experiment("churn"))
    before = _contents(client)
    name = postgres_store.partition("?")[0].rpartition("/")[2]
    psql = request.getfixturevalue("_postgres")._psql
    psql(f"ALTER DATABASE {name} SET default_transaction_read_only = on;")
    # A forked process has connections of its own, and the setting is for new ones.
    with forked() as run_there:
        run_there(_use_read_only, postgres_store, run.info.run_id)
    assert _contents(client) == before


def _setup_where_nothing_can_be_made(uri):
    started = time.monotonic()
    with pytest.raises(ConfigError, match="folder can't be written"):
        setup_mlflow("churn", tracking_uri=uri)
    assert time.monotonic() - started < 30


def test_a_folder_where_no_database_can_be_made_is_found_out_at_once(store, public_folder):
    os.chmod(public_folder, 0o555)
    with forked(_mind_file_permissions) as run_there:
        run_there(_setup_where_nothing_can_be_made, f"sqlite:///{public_folder / 'mlflow.db'}")
    assert list(public_folder.iterdir()) == []


# --- a full disk -----------------------------------------------------------------------------


class _LimitedFiles:
    """Files of this process can't grow, as with a quota."""

    def __init__(self, folder):
        self.folder = folder
        self._before = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill(self):
        size = max(path.stat().st_size for path in self.folder.iterdir())
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, self._before[1]))

    def free(self):
        resource.setrlimit(resource.RLIMIT_FSIZE, self._before)


class _SmallDisk:
    """A disk of 4 MB, which can be mounted by root only."""

    def __init__(self, folder):
        self.folder = folder
        command = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
        try:
            subprocess.run(command, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            pytest.skip("a small disk can't be mounted here")

    def fill(self):
        with contextlib.suppress(OSError), open(self.folder / "filler", "wb", 0) as filler:
            for size in (4096, 1):
                with contextlib.suppress(OSError):
                    while filler.write(b"x" * size):
                        pass

    def free(self):
        (self.folder / "filler").unlink(missing_ok=True)


@pytest.fixture(params=[_LimitedFiles, _SmallDisk])
def disk(request, store, tmp_path):
    """With the store on it, in force as the tracking URI."""
    folder = tmp_path / "disk"
    folder.mkdir()
    disk = request.param(folder)
    try:
        shutil.copy(store.removeprefix("sqlite:///"), folder / "mlflow.db")
        setup_mlflow("churn", tracking_uri=f"sqlite:///{folder / 'mlflow.db'}")
        yield disk
    finally:
        disk.free()
        if isinstance(disk, _SmallDisk):
            subprocess.run(["umount", "-l", str(folder)], check=True)


def test_on_a_full_disk_no_run_is_made_and_points_wait_for_space(disk, one_attempt):
    tracker = MLflowTracker("churn", run_name="fit", buffer_seconds=600).start_run()
    for step in range(100):
        tracker.log_metric("loss", step, step)
    tracker.flush()
    for step in range(100, 1000):
        tracker.log_metric("loss", step, step)
    disk.fill()
    with pytest.raises(ServerUnavailableError, match="900 metric points are not sent"):
        tracker.flush()
    with pytest.raises(ServerUnavailableError, match="creating run 'fold-0'"):
        with create_child_run("fold-0", tags={f"tag-{n}": "x" * 5000 for n in range(30)}):
            pytest.fail("the block was entered")
    disk.free()
    (run,) = mlflow.search_runs(output_format="list")
    assert (run.info.run_name, run.info.status) == ("fit", "RUNNING")
    with create_child_run("fold-0"):
        pass
    tracker.end_run()
    runs = mlflow.search_runs(output_format="list")
    assert sorted(run.info.run_name for run in runs) == ["fit", "fold-0"]
    assert {run.info.status for run in runs} == {"FINISHED"}
    points = tracker.client.get_metric_history(run.info.run_id, "loss")
    assert sorted(point.step for point in points) == list(range(1000))


def test_an_index_on_a_full_disk_keeps_what_it_has_and_says_what_it_lost(disk):
    index = RunIndex(disk.folder / "index.sqlite")
    index.add("key", "run-1", "http://mlflow:5000")
    disk.fill()
    with pytest.raises(TrackingError, match=r"index\.sqlite"):
        for number in range(200):
            index.add(f"key-{number}", "x" * 100_000, "http://mlflow:5000")
    found = index.find("key", "http://mlflow:5000")
    assert found is not None and found.run_id == "run-1"
    disk.free()
    index.add("later", "run-2", "http://mlflow:5000")
    later = index.find("later", "http://mlflow:5000")
    assert later is not None and later.run_id == "run-2"
