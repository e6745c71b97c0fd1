"""Setup: which store is chosen and why, and what a subprocess is told."""

import contextlib
import logging
import logging.handlers
import os
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import mlflow
import pytest

from trackfix.tracking import (
    PARENT_RUN_ENV,
    ConfigError,
    ExperimentDeletedError,
    MLflowTracker,
    NotConfiguredError,
    RunStateError,
    ServerUnavailableError,
    create_child_run,
    create_mlflow_client,
    get_or_create_experiment,
    parent_run_id_from_environment,
    require_configured,
    setup_mlflow,
    setup_mlflow_for_stage,
    setup_mlflow_tracking_env,
)
from trackfix.tracking.probe import probe_store

AZURE = (
    "azureml://eastus.api.azureml.ms/mlflow/v1.0/subscriptions/s/resourceGroups/g"
    "/providers/Microsoft.MachineLearningServices/workspaces/w"
)


@pytest.fixture
def here(mlflow_store, tmp_path_factory, monkeypatch):
    """A new current folder, in a process where nothing has configured MLflow."""
    mlflow.set_tracking_uri(None)  # type: ignore[arg-type]
    folder = tmp_path_factory.mktemp("here")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def dead_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def server_that_answers():
    """Starts a web server that answers each request with a status, and gives its URI."""
    with contextlib.ExitStack() as servers:

        def start(status):
            class Handler(BaseHTTPRequestHandler):
                def do_GET(self):
                    self.send_response(status)
                    self.send_header("Content-Length", "0")
                    self.end_headers()

                def log_message(self, *args):
                    pass

            server = servers.enter_context(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
            servers.callback(server.shutdown)
            return f"http://127.0.0.1:{server.server_port}"

        yield start


def config(folder, text):
    folder.mkdir(exist_ok=True)
    (folder / "mlflow.yaml").write_text(text)
    return folder


@pytest.fixture
def local(here, sqlite_at):
    """The URI of the store in the current folder, which is there already."""
    return sqlite_at(here / "mlflow.db")


def sqlite(path):
    return f"sqlite:///{path}"


def test_the_argument_comes_before_the_environment(here, sqlite_at, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", sqlite(here / "environment.db"))
    given = sqlite_at(here / "given.db")
    assert setup_mlflow("a", tracking_uri=given) == given
    assert mlflow.get_tracking_uri() == given
    assert not (here / "environment.db").exists()


def test_the_environment_comes_before_the_config(here, sqlite_at, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", sqlite_at(here / "environment.db"))
    folder = config(here / "config", f"tracking_uri: {sqlite(here / 'config.db')}")
    assert setup_mlflow("a", config_dir=folder) == sqlite(here / "environment.db")


@pytest.mark.parametrize("text", ["tracking_uri: {}", "mlflow:\n  tracking_uri: {}\n"])
def test_the_config_comes_before_the_local_store(here, sqlite_at, text):
    folder = config(here / "config", text.format(sqlite_at(here / "config.db")))
    assert setup_mlflow("a", config_dir=folder) == sqlite(here / "config.db")
    assert not (here / "mlflow.db").exists()


def test_nothing_configured_is_sqlite_in_the_current_folder(here):
    assert setup_mlflow("a") == sqlite(here / "mlflow.db")
    assert (here / "mlflow.db").exists()


def test_a_config_folder_without_the_file_or_the_key_goes_on_to_the_next(here, local):
    folder = config(here / "config", "naming: {prefix: churn}")
    assert setup_mlflow("a", config_dir=folder) == local
    assert setup_mlflow("a", config_dir=config(here / "config", "")) == local


@pytest.mark.parametrize(
    "text, said", [("a: [", "can't be read"), ("- a", "a list"), ("tracking_uri: 5000", "5000")]
)
def test_a_config_that_makes_no_sense_is_an_error_that_names_the_file(here, text, said):
    with pytest.raises(ConfigError, match=rf"mlflow\.yaml.*{said}|{said}.*"):
        setup_mlflow("a", config_dir=config(here / "config", text))
    assert not mlflow.is_tracking_uri_set()


def test_a_second_config_is_not_overruled_by_what_the_first_one_set(here, sqlite_at):
    first = config(here / "first", f"tracking_uri: {sqlite_at(here / 'first.db')}")
    second = config(here / "second", f"tracking_uri: {sqlite_at(here / 'second.db')}")
    assert setup_mlflow("a", config_dir=first) == sqlite(here / "first.db")
    assert setup_mlflow("a", config_dir=second) == sqlite(here / "second.db")
    assert setup_mlflow("b") == sqlite(here / "second.db")


def test_one_line_of_the_log_says_what_was_chosen_and_why(here, caplog):
    folder = config(here / "config", f"tracking_uri: {sqlite(here / 'config.db')}")
    # MLflow 3.1 takes the handlers of the root logger away when it lays out a database.
    records = logging.handlers.BufferingHandler(capacity=99)
    logger = logging.getLogger("trackfix.tracking")
    logger.addHandler(records)
    try:
        with caplog.at_level(logging.INFO, "trackfix.tracking"):
            setup_mlflow("churn", config_dir=folder)
    finally:
        logger.removeHandler(records)
    assert [record.getMessage() for record in records.buffer] == [
        f"tracking to {sqlite(here / 'config.db')} ({folder / 'mlflow.yaml'}), experiment 'churn'"
    ]


def test_the_experiment_is_active_afterwards(any_store):
    setup_mlflow("active-after-setup")
    with mlflow.start_run() as run:
        pass
    assert run.info.experiment_id == get_or_create_experiment("active-after-setup")
    assert mlflow.get_run(run.info.run_id).info.status == "FINISHED"


def test_called_twice_it_changes_nothing(local):
    first = setup_mlflow("churn"), os.environ["MLFLOW_EXPERIMENT_ID"]
    assert (setup_mlflow("churn"), os.environ["MLFLOW_EXPERIMENT_ID"]) == first
    names = {experiment.name for experiment in mlflow.search_experiments()}
    assert names == {"Default", "churn"}


def test_threads_may_call_it_at_once(here):
    results = []
    threads = [
        threading.Thread(target=lambda: results.append(setup_mlflow("churn"))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [sqlite(here / "mlflow.db")] * 8
    assert len(mlflow.search_experiments()) == 2


def test_a_relative_database_stays_the_same_after_a_chdir(here, sqlite_at, monkeypatch):
    sqlite_at(here / "relative.db")
    uri = setup_mlflow("churn", tracking_uri="sqlite:///relative.db")
    monkeypatch.chdir("/")
    assert uri == mlflow.get_tracking_uri() == sqlite(here / "relative.db")


def test_a_deleted_experiment_is_an_error_and_leaves_things_as_they_were(here, other_store):
    create_mlflow_client(other_store).delete_experiment(
        get_or_create_experiment("a", tracking_uri=other_store)
    )
    with pytest.raises(ExperimentDeletedError, match="mlflow experiments restore"):
        setup_mlflow("a", tracking_uri=other_store)
    assert not mlflow.is_tracking_uri_set()


def test_a_dead_server_is_found_out_in_seconds_and_without_changing_settings(here, dead_port):
    before = dict(os.environ)
    started = time.monotonic()
    with pytest.raises(ServerUnavailableError, match="127.0.0.1") as caught:
        setup_mlflow("a", tracking_uri=f"http://me:secret@127.0.0.1:{dead_port}", wait=1)
    assert time.monotonic() - started < 30  # it is about one, and MLflow itself takes 247
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is not None
    assert dict(os.environ) == before


def test_a_dead_database_is_found_out_in_seconds(here, dead_port):
    pytest.importorskip("psycopg2")
    started = time.monotonic()
    uri = f"postgresql+psycopg2://me:secret@127.0.0.1:{dead_port}/mlflow"
    with pytest.raises(ServerUnavailableError) as caught:
        setup_mlflow("a", tracking_uri=uri, wait=0)
    assert time.monotonic() - started < 30  # MLflow itself takes 102
    assert "secret" not in str(caught.value)


def test_a_server_that_comes_up_within_the_wait_is_used(here, own_server):
    own_server.stop()
    starting = threading.Timer(1.0, own_server.start)
    starting.start()
    assert setup_mlflow("a", tracking_uri=own_server.uri, wait=120) == own_server.uri
    starting.join()


def test_a_fallback_to_the_local_store_is_a_warning_that_says_why(local, dead_port, caplog):
    uri = f"http://127.0.0.1:{dead_port}"
    assert setup_mlflow("a", tracking_uri=uri, fallback_to_local=True, wait=0) == local
    (warning,) = [record for record in caplog.records if record.levelname == "WARNING"]
    assert uri in warning.getMessage() and "fallback_to_local" in warning.getMessage()


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_gateway_with_nobody_behind_it_is_found_out_in_seconds(
    local, server_that_answers, status
):
    """Without that, MLflow asks again for minutes, and there is no fallback."""
    uri = server_that_answers(status)
    with pytest.raises(ServerUnavailableError, match=f"{uri} failed: {status}"):
        setup_mlflow("a", tracking_uri=uri, wait=0)
    assert setup_mlflow("a", tracking_uri=uri, fallback_to_local=True, wait=0) == local


@pytest.mark.parametrize("status", [200, 302, 401, 404, 500])
def test_any_other_answer_is_for_mlflow_to_judge(server_that_answers, status):
    probe_store(server_that_answers(status), wait=0)


def test_a_config_folder_that_is_not_there_is_an_error_and_no_local_store(here):
    with pytest.raises(ConfigError, match="config_dir confg is no folder"):
        setup_mlflow("churn", config_dir="confg")
    assert os.listdir() == []


@pytest.mark.parametrize(
    "uri, why",
    [
        ("http://", "http:// is no address"),
        ("mysql+nosuchdriver://u:secret@localhost/x", "mysql.nosuchdriver://localhost/x can't be"),
        ("sqlite://x.db", "Invalid SQLite URL"),
    ],
)
def test_what_is_no_address_of_a_store_is_an_error_that_says_so(here, uri, why):
    with pytest.raises(ConfigError, match=why) as caught:
        setup_mlflow("churn", tracking_uri=uri)
    assert "secret" not in str(caught.value)


def test_azure_ml_without_its_plugin_is_an_error_that_names_it(local):
    with pytest.raises(ConfigError, match="pip install azureml-mlflow"):
        setup_mlflow("a", tracking_uri=AZURE)
    assert setup_mlflow("a", tracking_uri=AZURE, fallback_to_local=True) == local


def test_a_tracking_uri_of_an_unknown_kind_is_an_error(here):
    with pytest.raises(ConfigError):
        setup_mlflow("a", tracking_uri="htpp://example.org")


def test_a_stage_has_an_experiment_of_its_own(local):
    setup_mlflow_for_stage("hpo", prefix="churn")
    setup_mlflow_for_stage("training")
    names = {experiment.name for experiment in mlflow.search_experiments()}
    assert names == {"Default", "churn-hpo", "training"}
    with pytest.raises(ConfigError):
        setup_mlflow_for_stage("")


CHILD = """
import mlflow
from trackfix.tracking import parent_run_id_from_environment, resolve_experiment_id
print(mlflow.get_tracking_uri(), mlflow.get_registry_uri())
print(resolve_experiment_id(), parent_run_id_from_environment())
with mlflow.start_run() as run:
    print(run.info.experiment_id)
"""


def test_a_subprocess_tracks_to_the_same_place(any_store, monkeypatch, tmp_path, python):
    monkeypatch.setenv("MLFLOW_EXPERIMENT_NAME", "what-the-shell-says")
    setup_mlflow("what-the-program-says")
    mlflow.set_registry_uri(sqlite(tmp_path / "registry.db"))
    with mlflow.start_run() as parent:
        variables = setup_mlflow_tracking_env()
    out = python.run(CHILD, env={**os.environ, **variables}, cwd=tmp_path)
    experiment_id = parent.info.experiment_id
    lines = [line for line in out.splitlines() if "View " not in line]
    assert lines == [
        f"{any_store} {sqlite(tmp_path / 'registry.db')}",
        f"{experiment_id} {parent.info.run_id}",
        experiment_id,
    ]


def test_what_is_given_comes_before_what_is_active(store):
    setup_mlflow("active")
    with mlflow.start_run():
        variables = setup_mlflow_tracking_env(
            tracking_uri="https://example.org", experiment_id="7", parent_run_id="1a2b"
        )
    assert variables == {
        "MLFLOW_TRACKING_URI": "https://example.org",
        "MLFLOW_EXPERIMENT_ID": "7",
        PARENT_RUN_ENV: "1a2b",
    }


def test_of_another_store_neither_the_active_run_nor_the_experiment_is_passed_on(
    store, other_store
):
    setup_mlflow("active")
    with mlflow.start_run():
        assert setup_mlflow_tracking_env(tracking_uri=other_store) == {
            "MLFLOW_TRACKING_URI": other_store
        }


def test_a_subprocess_with_another_current_folder_gets_the_same_database(here):
    mlflow.set_tracking_uri("sqlite:///mlflow.db")
    assert setup_mlflow_tracking_env() == {"MLFLOW_TRACKING_URI": sqlite(here / "mlflow.db")}


def test_a_slash_at_the_end_makes_no_other_store(http_store, request):
    setup_mlflow(request.node.nodeid)
    with mlflow.start_run() as parent:
        variables = setup_mlflow_tracking_env(tracking_uri=f"{http_store}/")
        assert variables[PARENT_RUN_ENV] == parent.info.run_id
        with create_child_run("fold-0", tracking_uri=f"{http_store}/") as child:
            active = mlflow.active_run()
            assert active is not None and active.info.run_id == child.info.run_id
        with pytest.raises(RunStateError, match="didn't start it"):
            MLflowTracker(tracking_uri=f"{http_store}/").start_run()


def test_without_an_active_run_no_parent_is_passed_on(store):
    setup_mlflow("active")
    assert set(setup_mlflow_tracking_env()) == {"MLFLOW_TRACKING_URI", "MLFLOW_EXPERIMENT_ID"}


def test_a_parent_is_read_from_the_environment(store, monkeypatch):
    assert parent_run_id_from_environment() is None
    monkeypatch.setenv(PARENT_RUN_ENV, "")
    assert parent_run_id_from_environment() is None
    monkeypatch.setenv(PARENT_RUN_ENV, "1a2b")
    assert parent_run_id_from_environment() == "1a2b"


def test_each_way_to_configure_a_store_counts(local, monkeypatch):
    with pytest.raises(NotConfiguredError, match=r"call setup_mlflow\(experiment_name\) first"):
        require_configured()
    with pytest.raises(NotConfiguredError):
        setup_mlflow_tracking_env()
    assert require_configured("https://example.org") == "https://example.org"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "https://environment.example.org")
    assert require_configured(None) == "https://environment.example.org"
    monkeypatch.delenv("MLFLOW_TRACKING_URI")
    mlflow.set_tracking_uri("https://set.example.org")
    assert require_configured() == "https://set.example.org"
    mlflow.set_tracking_uri(None)  # type: ignore[arg-type]
    setup_mlflow("a")
    assert require_configured() == local
