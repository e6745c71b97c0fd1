"""The client factory of the library, against a real store."""

import subprocess
import sys
from unittest import mock

import mlflow

from trackfix.tracking import create_mlflow_client


def test_a_client_uses_the_store_that_it_is_given(store, other_store):
    client = create_mlflow_client(other_store)
    experiment = client.create_experiment("given")
    assert client.tracking_uri == other_store
    assert create_mlflow_client(tracking_uri=other_store).get_experiment(experiment).name == "given"


def test_without_arguments_it_uses_that_of_the_process(store):
    assert create_mlflow_client().tracking_uri == mlflow.get_tracking_uri() == store


def test_the_registry_may_be_elsewhere(store):
    client = create_mlflow_client(store, registry_uri=f"{store}.registry")
    assert client._registry_uri == f"{store}.registry"


def test_a_test_may_patch_the_class_where_it_comes_from():
    with mock.patch("mlflow.tracking.MlflowClient") as double:
        assert create_mlflow_client("a") is double.return_value
    double.assert_called_once_with(tracking_uri="a", registry_uri=None)


def test_importing_it_imports_neither_mlflow_nor_libcst():
    code = "import trackfix.tracking, sys; sys.exit('mlflow' in sys.modules or 'libcst' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
