"""Errors of MLflow become the right ones of ours, and keep theirs as the cause."""

import sqlite3

import pytest
from mlflow.exceptions import MlflowException, RestException
from mlflow.protos import databricks_pb2 as codes

from trackfix.tracking import (
    ConfigError,
    FilterError,
    LimitError,
    RunNotFoundError,
    ServerUnavailableError,
    TrackingError,
    create_mlflow_client,
    mlflow_errors,
)
from trackfix.tracking.errors import error_code, is_outage, redacted

RUN = "0123456789abcdef0123456789abcdef"


def test_what_is_missing_is_the_error_that_the_caller_names(any_store):
    client = create_mlflow_client()
    with pytest.raises(RunNotFoundError, match=f"^reading run {RUN} failed: ") as caught:
        with mlflow_errors(f"reading run {RUN}", missing=RunNotFoundError):
            client.get_run(RUN)
    assert isinstance(caught.value.__cause__, MlflowException)


def test_what_mlflow_rejects_is_the_error_that_the_caller_names(any_store):
    with pytest.raises(FilterError):
        with mlflow_errors("searching", invalid=FilterError):
            create_mlflow_client().search_runs(["0"], "nonsense nonsense")


def test_a_dead_server_is_an_outage_although_its_code_is_internal_error(store, monkeypatch):
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    client = create_mlflow_client("http://me:secret@127.0.0.1:9")
    with pytest.raises(ServerUnavailableError) as caught:
        with mlflow_errors("reading the run", missing=RunNotFoundError):
            client.get_run(RUN)
    assert error_code(caught.value.__cause__) == "INTERNAL_ERROR"
    assert "secret" not in str(caught.value)


def test_a_database_that_is_locked_or_broken_is_an_outage():
    error = MlflowException("locked", codes.TEMPORARILY_UNAVAILABLE)
    assert is_outage(error)
    sqlalchemy = pytest.importorskip("sqlalchemy")
    assert is_outage(sqlalchemy.exc.OperationalError("SELECT 1", {}, sqlite3.OperationalError()))


@pytest.mark.parametrize(
    "code, expected", [("TEMPORARILY_UNAVAILABLE", True), (429, True), (404, False)]
)
def test_an_answer_is_an_outage_by_its_code(code, expected):
    assert is_outage(RestException({"error_code": code, "message": "m"})) == expected


def test_a_connection_error_that_was_being_handled_before_does_not_make_an_outage():
    def fail():
        raise MlflowException("a bug")  # INTERNAL_ERROR, and Python adds the other as its context

    with pytest.raises(TrackingError) as caught:
        try:
            raise ConnectionResetError
        except ConnectionResetError:
            with mlflow_errors("reading"):
                fail()
    assert type(caught.value) is TrackingError


def test_what_is_not_of_mlflow_passes_through():
    with pytest.raises(ZeroDivisionError):
        with mlflow_errors("dividing"):
            1 / 0
    with pytest.raises(LimitError, match="^too long$"):
        with mlflow_errors("logging"):
            raise LimitError("too long")
    with pytest.raises(KeyboardInterrupt):
        with mlflow_errors("waiting"):
            raise KeyboardInterrupt


def test_those_about_values_are_value_errors():
    for kind in (ConfigError, FilterError, LimitError):
        assert issubclass(kind, ValueError) and issubclass(kind, TrackingError)


@pytest.mark.parametrize(
    "text, expected",
    [
        ("at https://me:p@ss@host/x: no", "at https://host/x: no"),
        ("http://host/a@b", "http://host/a@b"),
        ("sqlite:////tmp/a@b.db", "sqlite:////tmp/a@b.db"),
        ("postgresql+psycopg2://me:s@host:5432/db", "postgresql+psycopg2://host:5432/db"),
        ("postgresql://me:a/b@host/db", "postgresql://host/db"),
        ("postgresql://host:5432/db?schema=a", "postgresql://host:5432/db?schema=a"),
        ("mysql://host/db?password=s&ssl=1", "mysql://host/db?password=***&ssl=1"),
        (
            "mssql:///?odbc_connect=PWD%3Da%40b%3BUID%3Dc",
            "mssql:///?odbc_connect=PWD%3D***%3BUID%3Dc",
        ),
        ("Server=host;PWD=a@b;UID=c", "Server=host;PWD=***;UID=c"),
    ],
)
def test_passwords_do_not_go_into_messages(text, expected):
    assert redacted(text) == expected
