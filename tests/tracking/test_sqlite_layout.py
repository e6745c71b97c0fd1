"""Which file an SQLite store is in; the race to lay one out is in test_experiments.py."""

from pathlib import Path

import pytest

from trackfix.tracking.sqlite_layout import database_file, sqlite_layout_lock


@pytest.mark.parametrize(
    ("uri", "file"),
    [
        ("sqlite:///mlflow.db", "mlflow.db"),
        ("sqlite:////data/mlflow.db?timeout=60", "/data/mlflow.db"),
        ("sqlite+pysqlite:////data/mlflow.db", "/data/mlflow.db"),
    ],
)
def test_the_file_is_read_from_the_uri(uri, file):
    assert database_file(uri) == Path(file)


@pytest.mark.parametrize(
    "uri",
    [
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file:/data/mlflow.db?mode=ro&uri=true",
        "postgresql:///mlflow",
        "http://mlflow:5000",
        "mlruns",
    ],
)
def test_other_stores_have_none_and_nothing_is_made_for_them(uri, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert database_file(uri) is None
    with sqlite_layout_lock(uri):
        assert list(tmp_path.iterdir()) == []
