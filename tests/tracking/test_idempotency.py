"""What goes over the wire when a run is created, and what becomes of an answer that is lost on its way.

Requests pass through a proxy before a real server, which counts them and can lose them.
"""

import contextlib
import http.client
import logging
import os
import signal
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import mlflow
import pytest
from mlflow.tracking import MlflowClient

from trackfix.tracking import (
    ExperimentDeletedError,
    ExperimentNotFoundError,
    LimitError,
    ServerUnavailableError,
    TrackingError,
    create_child_run,
    create_child_run_core,
    create_mlflow_client,
    create_run_safe,
    get_or_create_experiment,
)
from trackfix.tracking.idempotency import IDEMPOTENCY_TAG, create_run_once

CREATE, GET, SEARCH = "runs/create", "runs/get", "runs/search"


class Proxy(ThreadingHTTPServer):
    """Passes requests on to a server. ``faults`` says what befalls the next requests to a path:

    * "lose the answer": the server gets the request, and the client no answer;
    * "lose the request": the server doesn't get it;
    * a number: the server doesn't get it, and the client this HTTP status;
    * a function: is called when the server has answered, then the answer is passed on.
    """

    daemon_threads = True

    def __init__(self, port):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.server_port_behind = port
        self.uri = f"http://127.0.0.1:{self.server_port}"
        self.faults = {}
        self.seen = []
        self.threads = []

    def count(self, path):
        return self.seen.count(path)

    def handle_error(self, request, client_address):
        pass  # connections are cut on purpose


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Proxy

    def do_GET(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self.path.partition("?")[0].partition("/mlflow/")[2]
        self.server.seen.append(path)
        faults = self.server.faults.get(path)
        fault = faults.pop(0) if faults else None
        if fault == "lose the request":
            return self.cut()
        if isinstance(fault, int):
            return self.answer(fault, b'{"error_code": "INVALID_STATE", "message": "a fault"}')
        behind = http.client.HTTPConnection("127.0.0.1", self.server.server_port_behind)
        behind.request(self.command, self.path, body, dict(self.headers))
        answer = behind.getresponse()
        text = answer.read()
        behind.close()
        if fault == "lose the answer":
            return self.cut()
        if fault is not None:
            fault()
        self.answer(answer.status, text)

    do_POST = do_PATCH = do_GET

    def answer(self, status, text):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def cut(self):
        self.close_connection = True
        self.connection.shutdown(2)

    def log_message(self, *args):
        pass


@contextlib.contextmanager
def proxy_before(port):
    proxy = Proxy(port)
    thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield proxy
    finally:
        proxy.shutdown()
        proxy.server_close()
        thread.join()


@pytest.fixture
def proxy(mlflow_server, http_store):
    with proxy_before(mlflow_server.port) as proxy:
        mlflow.set_tracking_uri(proxy.uri)
        yield proxy


@pytest.fixture
def experiment_id(proxy, request):
    experiment_id = get_or_create_experiment(request.node.nodeid)
    proxy.seen.clear()
    return experiment_id


def runs_of(experiment_id, server):
    return create_mlflow_client(server.uri).search_runs([experiment_id])


def test_a_child_run_is_one_read_and_one_create(proxy, experiment_id):
    client = create_mlflow_client()
    parent = client.create_run(experiment_id)
    proxy.seen.clear()
    create_child_run_core(client, "fold-0", parent.info.run_id)
    assert proxy.seen == [GET, CREATE]
    proxy.seen.clear()
    with create_child_run("fold-1", parent.info.run_id):
        assert proxy.seen == [GET, CREATE]
        with create_child_run("inner"):
            assert proxy.seen == [GET, CREATE, GET, CREATE]


def test_a_run_is_one_create_and_no_more(proxy, experiment_id):
    create_run_safe("fit", experiment_id=experiment_id)
    assert proxy.seen == [CREATE]


@pytest.mark.parametrize("fault", ["lose the answer", "lose the request", 429, 500, 503])
def test_a_create_that_fails_once_makes_one_run(proxy, experiment_id, mlflow_server, fault, caplog):
    proxy.faults[CREATE] = [fault]
    run = create_run_safe("fit", experiment_id=experiment_id, tags={"team": "search"})
    (stored,) = runs_of(experiment_id, mlflow_server)
    assert stored.info.run_id == run.info.run_id
    assert (stored.info.run_name, stored.data.tags["team"]) == ("fit", "search")
    assert stored.data.tags[IDEMPOTENCY_TAG] == run.data.tags[IDEMPOTENCY_TAG]
    assert proxy.seen == (
        [CREATE, SEARCH] if fault == "lose the answer" else [CREATE, SEARCH, CREATE]
    )
    assert "creating run 'fit' failed" in caplog.text


def test_a_child_whose_answer_was_lost_is_made_once_and_keeps_its_parent(
    proxy, experiment_id, mlflow_server
):
    parent = create_mlflow_client().create_run(experiment_id)
    proxy.faults[CREATE] = ["lose the request", "lose the answer"]
    with create_child_run("fold-0", parent.info.run_id) as child:
        pass
    runs = runs_of(experiment_id, mlflow_server)
    assert {run.info.run_id for run in runs} == {parent.info.run_id, child.info.run_id}
    assert child.data.tags["mlflow.parentRunId"] == parent.info.run_id


def test_a_server_that_stays_away_is_an_error_and_after_look_ups_that_worked_there_is_no_run(
    proxy, experiment_id, mlflow_server, monkeypatch
):
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    monkeypatch.setattr("trackfix.tracking.idempotency._MAX_RETRIES", 1)
    proxy.faults[CREATE] = [503] * 9
    with pytest.raises(ServerUnavailableError, match="creating run 'fit' failed"):
        create_run_safe("fit", experiment_id=experiment_id)
    assert proxy.seen == [CREATE, SEARCH, CREATE, SEARCH]
    assert runs_of(experiment_id, mlflow_server) == []


def test_a_create_is_not_repeated_when_it_cannot_be_looked_up(
    proxy, experiment_id, mlflow_server, monkeypatch
):
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    proxy.faults = {CREATE: ["lose the answer"], SEARCH: ["lose the request"]}
    with pytest.raises(ServerUnavailableError, match="looking up whether the run was made"):
        create_run_safe("fit", experiment_id=experiment_id)
    assert proxy.seen == [CREATE, SEARCH]
    assert len(runs_of(experiment_id, mlflow_server)) == 1


@pytest.mark.regression("a create error made a second run without tags")
def test_a_create_that_is_refused_is_an_error_and_makes_no_other_run(
    proxy, experiment_id, mlflow_server
):
    proxy.faults[CREATE] = [400]
    with pytest.raises(TrackingError, match="creating run 'fit' failed.*a fault"):
        create_run_safe("fit", experiment_id=experiment_id, tags={"team": "search"})
    assert proxy.seen == [CREATE]
    assert runs_of(experiment_id, mlflow_server) == []


@pytest.mark.regression("a create error made a second run without tags")
def test_a_tag_that_cannot_be_stored_is_an_error_and_makes_no_run(any_store, request):
    experiment_id = get_or_create_experiment(request.node.nodeid)
    for tags in ({"k" * 251: "x"}, {"a@b": "x"}):
        with pytest.raises(LimitError):
            create_run_safe("fit", experiment_id=experiment_id, tags=tags)
    assert mlflow.search_runs([experiment_id], output_format="list") == []


def test_a_tag_value_longer_than_mlflow_stores_is_cut_with_a_warning_and_none_is_no_tag(
    any_store, request, caplog, monkeypatch
):
    experiment_id = get_or_create_experiment(request.node.nodeid)
    # MLflow 3.1 takes the handlers of the root logger away when it opens a database.
    monkeypatch.setattr(logging.getLogger("trackfix.tracking"), "handlers", [caplog.handler])
    tags = {"long": "x" * 8001, "none": None, "fold": 0}
    run = create_run_safe("fit", experiment_id=experiment_id, tags=tags)
    stored = mlflow.get_run(run.info.run_id).data.tags
    assert (len(stored["long"]), stored["fold"]) == (8000, "0")
    assert "none" not in stored
    assert "tag 'long' has 8001 characters" in caplog.text


def test_in_a_deleted_or_missing_experiment_no_run_is_made_and_the_error_says_why(
    any_store, request
):
    client = create_mlflow_client()
    experiment_id = get_or_create_experiment(request.node.nodeid)
    in_default = len(client.search_runs(["0"]))
    client.delete_experiment(experiment_id)
    with pytest.raises(ExperimentDeletedError, match="restore"):
        create_run_once(client, experiment_id, "fit")
    with pytest.raises(ExperimentNotFoundError):
        create_run_once(client, "987654321", "fit")
    assert len(client.search_runs(["0"])) == in_default


def test_a_client_of_the_programs_own_creates_runs_its_own_way(any_store):
    class Client(MlflowClient):
        def create_run(self, experiment_id, start_time=None, tags=None, run_name=None):
            tags = {**(tags or {}), "team": "search"}
            return super().create_run(experiment_id, start_time, tags, run_name)

    run = create_run_safe("fit", experiment_id="0", client=Client())
    assert run.data.tags["team"] == "search" and IDEMPOTENCY_TAG in run.data.tags


def test_what_the_answer_holds_is_what_mlflow_itself_would_give(any_store):
    client = create_mlflow_client()
    tags = {"mlflow.user": "ada", "team": "search"}
    mine = create_run_once(client, "0", "fit", tags)
    theirs = client.create_run("0", run_name="fit", tags=tags)
    assert theirs.data.tags.items() <= mine.data.tags.items()
    for name in ("run_name", "user_id", "status", "experiment_id", "lifecycle_stage", "end_time"):
        assert getattr(mine.info, name) == getattr(theirs.info, name), name
    assert 0 <= theirs.info.start_time - mine.info.start_time < 60_000
    assert mine.info.artifact_uri.endswith(f"{mine.info.run_id}/artifacts")
    assert create_run_once(client, "0").info.run_name  # MLflow makes one up
    assert create_run_once(client, "0", "fit", {"mlflow.runName": "x"}).info.run_name == "fit"


@pytest.fixture
def sigint():
    """As by default, also where pytest was started with SIGINT ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield signal.SIGINT
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("can_look_up", [True, False])
def test_interrupted_while_a_run_is_created_it_is_killed_or_a_warning_says_that_it_may_be_left(
    proxy, experiment_id, mlflow_server, can_look_up, caplog, sigint
):
    def interrupt():
        os.kill(os.getpid(), sigint)
        threading.Event().wait(0.5)

    parent = create_mlflow_client().create_run(experiment_id)
    proxy.faults = {CREATE: [interrupt], SEARCH: [] if can_look_up else [400]}
    with pytest.raises(KeyboardInterrupt):
        with create_child_run("fold-0", parent.info.run_id):
            pytest.fail("the block was entered")
    (child,) = [
        run for run in runs_of(experiment_id, mlflow_server) if run.info.run_name == "fold-0"
    ]
    assert child.info.status == ("KILLED" if can_look_up else "RUNNING")
    assert (child.data.tags[IDEMPOTENCY_TAG] in caplog.text) != can_look_up


def test_a_handler_of_the_program_that_raises_while_a_run_is_created_leaves_it_killed(
    proxy, experiment_id, mlflow_server
):
    class PreemptedError(Exception):
        pass

    def handler(signum, frame):
        raise PreemptedError

    def terminate():
        os.kill(os.getpid(), signal.SIGTERM)
        threading.Event().wait(0.5)

    before = signal.signal(signal.SIGTERM, handler)
    try:
        proxy.faults = {CREATE: [terminate]}
        with pytest.raises(TrackingError):  # MLflow makes one of its own of any exception
            create_run_safe("fit", experiment_id=experiment_id)
    finally:
        assert signal.signal(signal.SIGTERM, before) is handler
    (run,) = runs_of(experiment_id, mlflow_server)
    assert run.info.status == "KILLED"


def test_a_server_killed_while_it_answers_a_create_has_one_run_afterwards(own_server, monkeypatch):
    """It is started again in the meantime; MLflow's retries of the look-up wait for it."""
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", "1")

    with proxy_before(own_server.port) as proxy:
        client = create_mlflow_client(proxy.uri)
        restart = threading.Thread(target=own_server.start)

        def kill_and_restart():
            own_server.kill()
            restart.start()
            raise ConnectionAbortedError

        proxy.faults = {CREATE: [kill_and_restart], SEARCH: [503]}
        run = create_run_once(client, "0", "fit")
        restart.join()
    (stored,) = runs_of("0", own_server)
    assert stored.info.run_id == run.info.run_id
