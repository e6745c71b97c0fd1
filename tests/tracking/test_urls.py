"""URLs that open, for the stores that have pages."""

import sys
from unittest import mock

import pytest

from trackfix.tracking import NotConfiguredError, get_mlflow_run_url

PAGE = "/#/experiments/7/runs/1a2b"
AZURE = (
    "azureml://eastus.api.azureml.ms/mlflow/v1.0/subscriptions/s-1/resourceGroups/g-1"
    "/providers/Microsoft.MachineLearningServices/workspaces/w-1"
)
WORKSPACE = "/runs/1a2b?wsid=/subscriptions/s-1/resourcegroups/g-1/workspaces/w-1"


@pytest.fixture(autouse=True)
def _no_databricks(monkeypatch, tmp_path):
    for name in ("DATABRICKS_HOST", "DATABRICKS_CONFIG_PROFILE", "DATABRICKS_RUNTIME_VERSION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABRICKS_CONFIG_FILE", str(tmp_path / "databrickscfg"))


def url(tracking_uri):
    return get_mlflow_run_url("1a2b", "7", tracking_uri)


@pytest.mark.regression("a URL with //#")
@pytest.mark.parametrize("slashes", ["", "/", "//"])
def test_slashes_at_the_end_make_no_difference(slashes):
    assert url(f"https://example.org{slashes}") == f"https://example.org{PAGE}"
    assert url(f"https://example.org/a/b{slashes}") == f"https://example.org/a/b{PAGE}"


def test_the_port_stays_and_the_password_goes():
    assert url("http://me:p%40ss@127.0.0.1:5000/") == f"http://127.0.0.1:5000{PAGE}"
    assert url("http://token@[::1]:5000") == f"http://[::1]:5000{PAGE}"


def test_queries_are_no_part_of_a_page():
    assert url("https://example.org/?token=secret#x") == f"https://example.org{PAGE}"


def test_it_opens_on_a_real_server(http_store):
    requests = pytest.importorskip("requests")
    opened = get_mlflow_run_url("1a2b", "0")
    assert opened is not None and opened.startswith(f"{http_store}/#/experiments/0/")
    # What follows # is for the page itself. A skinny server has no page, but says so in words.
    assert requests.get(opened, timeout=30).status_code == 200


@pytest.mark.parametrize(
    "uri",
    ["sqlite:///mlflow.db", "file:///tmp/mlruns", "mlruns", "postgresql://me:secret@host/db"],
)
def test_stores_without_a_page_have_no_url(uri):
    assert url(uri) is None


def test_databricks_is_where_the_environment_says(monkeypatch):
    monkeypatch.setenv("DATABRICKS_HOST", "https://adb-1.azuredatabricks.net/")
    expected = "https://adb-1.azuredatabricks.net/ml/experiments/7/runs/1a2b"
    assert url("databricks") == expected
    monkeypatch.setenv("DATABRICKS_HOST", "adb-1.azuredatabricks.net")
    assert url("databricks") == expected


def test_a_databricks_profile_is_read_from_its_file(tmp_path, monkeypatch):
    (tmp_path / "databrickscfg").write_text(
        "[DEFAULT]\nhost = https://default\ntoken = %secret\n[team]\nhost = https://team\n"
    )
    monkeypatch.setenv("DATABRICKS_HOST", "https://environment")
    assert url("databricks://team") == "https://team/ml/experiments/7/runs/1a2b"
    assert url("databricks://nobody") is None
    monkeypatch.delenv("DATABRICKS_HOST")
    assert url("databricks") == "https://default/ml/experiments/7/runs/1a2b"
    monkeypatch.setenv("DATABRICKS_CONFIG_PROFILE", "team")
    assert url("databricks") == "https://team/ml/experiments/7/runs/1a2b"


def test_in_a_databricks_notebook_the_workspace_is_asked_of_it(monkeypatch):
    monkeypatch.setenv("DATABRICKS_RUNTIME_VERSION", "15.4")
    name = "mlflow.utils.databricks_utils.get_workspace_url"
    with mock.patch(name, return_value="https://notebook"):
        assert url("databricks") == "https://notebook/ml/experiments/7/runs/1a2b"


def test_databricks_without_a_host_has_no_url():
    assert url("databricks") is None


@pytest.mark.parametrize(
    "uri, studio",
    [
        (AZURE, "https://ml.azure.com"),
        (AZURE.replace("resourceGroups", "resourcegroups"), "https://ml.azure.com"),
        (
            AZURE.replace("eastus.api.azureml.ms", "usgovarizona.api.ml.azure.us"),
            "https://ml.azure.us",
        ),
        (
            AZURE.replace("eastus.api.azureml.ms", "chinaeast2.api.ml.azure.cn"),
            "https://ml.azure.cn",
        ),
    ],
)
def test_azure_ml_has_its_studio(uri, studio):
    assert url(uri) == studio + WORKSPACE


def test_an_azure_ml_registry_has_no_runs():
    assert url("azureml://eastus.api.azureml.ms/mlflow/v1.0/registries/r") is None


def test_what_is_asked_for_is_quoted():
    assert (
        get_mlflow_run_url("a/b?", "7", "http://host")
        == "http://host/#/experiments/7/runs/a%2Fb%3F"
    )


def test_without_a_uri_it_is_that_of_the_process(store, monkeypatch):
    import mlflow

    mlflow.set_tracking_uri("https://example.org")
    assert url(None) == f"https://example.org{PAGE}"
    mlflow.set_tracking_uri(None)  # type: ignore[arg-type]
    with pytest.raises(NotConfiguredError):
        url(None)


def test_mlflow_is_not_imported_for_a_uri_that_is_given():
    import subprocess

    code = (
        "import sys; from trackfix.tracking import get_mlflow_run_url as url; "
        "url('1a2b', '7', 'http://h'); sys.exit('mlflow' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
