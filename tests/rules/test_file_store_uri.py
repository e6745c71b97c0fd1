"""TRK702: URIs of file stores, and all others."""

import pytest

START = "import os\nfrom pathlib import Path\nimport mlflow\nfrom mlflow import MlflowClient\n"


@pytest.fixture
def lines(check):
    """The lines of the findings in ``a.py``."""

    def run(source, **files):
        found = check("TRK702", {"a.py": f"{START}{source}\n", **files})
        return [item.line for item in found]

    return run


FOUND = {
    "a relative file URI": "mlflow.set_tracking_uri('file:./mlruns')",
    "a file URI": "mlflow.set_tracking_uri('file:///data/mlruns')",
    "by keyword": "mlflow.set_tracking_uri(uri='file:///data')",
    "a folder": "mlflow.set_tracking_uri('./mlruns')",
    "a folder by its usual name": "mlflow.set_tracking_uri('mlruns')",
    "an absolute folder": "mlflow.set_tracking_uri('/data/runs')",
    "an f-string": "mlflow.set_tracking_uri(f'file://{os.getcwd()}')",
    "a sum": "mlflow.set_tracking_uri('file:' + os.getcwd())",
    "as_uri": "mlflow.set_tracking_uri(Path('mlruns').as_uri())",
    "a client": "MlflowClient('file:./mlruns')",
    "a client by keyword": "mlflow.MlflowClient(tracking_uri='file:./mlruns')",
    "the registry": "mlflow.set_registry_uri('file:./mlruns')",
    "the environment": "os.environ['MLFLOW_TRACKING_URI'] = 'file:./mlruns'",
    "the environment by default": "os.environ.setdefault('MLFLOW_TRACKING_URI', './mlruns')",
}


@pytest.mark.parametrize("source", FOUND.values(), ids=FOUND)
def test_the_uri_of_a_file_store_is_found(lines, source):
    assert lines(source) == [5]


def test_a_name_is_followed_to_its_only_value(lines):
    assert lines("URI = 'file:./mlruns'\nmlflow.set_tracking_uri(URI)") == [6]


RIGHT = {
    "sqlite": "mlflow.set_tracking_uri('sqlite:///mlflow.db')",
    "a server": "mlflow.set_tracking_uri('http://localhost:5000')",
    "databricks": "mlflow.set_tracking_uri('databricks')",
    "a parameter": "def f(uri):\n    mlflow.set_tracking_uri(uri)",
    "the settings": "mlflow.set_tracking_uri(os.environ['URI'])",
    "a name of several values": "uri = 'file:./mlruns'\nuri = os.environ.get('URI', uri)\nmlflow.set_tracking_uri(uri)",
    "an unknown beginning": "def f(root):\n    mlflow.set_tracking_uri(f'{root}/mlruns')",
    "the environment is read": "uri = os.environ['MLFLOW_TRACKING_URI']",
    "a comparison": "os.environ['MLFLOW_TRACKING_URI'] == 'file:./mlruns'",
    "artifacts may be files": "mlflow.create_experiment('a', artifact_location='file:./artifacts')",
    "a path that is no URI": "mlflow.log_artifact('./mlruns/a.txt')",
    "the address of another variable": "os.environ['DATA_URI'] = 'file:./data'",
}


@pytest.mark.parametrize("source", RIGHT.values(), ids=RIGHT)
def test_other_uris_are_not_found(lines, source):
    assert lines(source) == []


def test_a_project_may_allow_file_stores(lines):
    allowing = {"conftest.py": "import os\nos.environ['MLFLOW_ALLOW_FILE_STORE'] = 'true'\n"}
    assert lines(FOUND["a file URI"], **allowing) == []


def test_the_message_says_what_to_do(check):
    (found,) = check("TRK702", {"a.py": START + FOUND["a file URI"] + "\n"})
    assert "sqlite:///mlflow.db" in found.message
    assert "mlflow migrate-filestore" in found.message


@pytest.mark.parametrize(
    "requirement, expected",
    [("mlflow>=2.9,<3.13", []), ("mlflow==3.12.0", []), ("mlflow>=2.9", [5]), ("mlflow", [5])],
)
def test_only_releases_that_refuse_file_stores_count(lines, requirement, expected):
    source = "mlflow.set_tracking_uri('file:./mlruns')"
    assert lines(source, **{"requirements.txt": f"{requirement}\n"}) == expected


def test_the_release_to_be_ready_for_goes_before_the_requirements(lines):
    source = "mlflow.set_tracking_uri('file:./mlruns')"
    settings = '[tool.trackfix]\ntarget-mlflow = "3.18"\n'
    files = {"requirements.txt": "mlflow==2.9.2\n", "pyproject.toml": settings}
    assert lines(source, **files) == [5]
