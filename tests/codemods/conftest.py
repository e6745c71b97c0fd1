"""A project with a client factory, a small mlflow beside it, and codemods for single calls."""

from dataclasses import dataclass

import pytest

from trackfix.project.project import open_project
from trackfix.rewrite.codemod import load_codemods
from trackfix.rewrite.plan import make_plan

# Only what constructions can show: with which arguments the class was called.
MLFLOW = {
    "mlflow/__init__.py": "from mlflow.tracking import MlflowClient\nimport mlflow.client\ndef log_metric(*args): pass\n",
    "mlflow/client.py": "from mlflow.tracking import MlflowClient\n",
    "mlflow/tracking/__init__.py": """
        from mlflow.tracking.client import MlflowClient
        def get_tracking_uri(): return "default"
    """,
    "mlflow/tracking/client.py": """
        class MlflowClient:
            def __init__(self, tracking_uri=None, registry_uri=None):
                self.uris = tracking_uri, registry_uri
            def __repr__(self): return f"client of {self.uris}"
            def get_run(self, run_id): return f"{run_id} of {self.uris}"
    """,
}
# It takes what the class takes, and looks it up in mlflow.tracking when it is called.
FACTORY = """
    def create_client(tracking_uri=None, registry_uri=None):
        from mlflow.tracking import MlflowClient

        return MlflowClient(tracking_uri=tracking_uri, registry_uri=registry_uri)
"""
SETTINGS = '[tool.trackfix]\nclient-factory = "lib.clients:create_client"\n'


@pytest.fixture(scope="session")
def use_factory(apply):
    """Applies ``use-client-factory`` to a tree with the factory ``lib.clients:create_client``. A
    source that is None takes a file away."""

    def run(tree, **options):
        base = {"pyproject.toml": SETTINGS, "lib/__init__.py": "", "lib/clients.py": FACTORY}
        whole = {**base, **tree}
        whole = {path: source for path, source in whole.items() if source is not None}
        return apply(whole, "use-client-factory", installed=MLFLOW, **options)

    return run


@pytest.fixture(scope="session")
def mended(use_factory, d):
    """The text of ``app.py``, the only file that changes."""

    def run(source, **options):
        applied = use_factory({"app.py": source, **options.pop("files", {})}, **options)
        assert {file.path for file in applied.plan.files} <= {"app.py"}
        text = applied.after["app.py"]
        return text if isinstance(source, bytes) else text.decode()

    return run


@pytest.fixture(scope="session")
def unmended(use_factory):
    """Why nothing of a tree was changed, a line each."""

    def run(tree, **options):
        files = tree if isinstance(tree, dict) else {"app.py": tree}
        applied = use_factory(files, **options)
        assert applied.changed == {}
        return applied.skipped

    return run


@dataclass(frozen=True)
class Mended:
    """What a codemod made of ``a.py``, and what it left alone, a line each."""

    text: str
    skipped: list[str]


@pytest.fixture
def mend_calls(tmp_path, d):
    """Applies a codemod for calls of MLflow to ``a.py``; a second run must change nothing."""

    def run(codemod, source, *, unsafe=False, path="a.py", files=None):
        tree = {path: d(source), **{p: d(s) for p, s in (files or {}).items()}}
        for name, data in tree.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_bytes(data.encode())
        codemods = list(load_codemods((codemod,)))
        plan = make_plan(open_project(tmp_path), codemods, unsafe=unsafe)
        for file in plan.files:
            assert file.path == path
            (tmp_path / path).write_bytes(file.after)
        again = make_plan(open_project(tmp_path), codemods, unsafe=unsafe)
        assert not again.files, f"a second run changes {again.files}"
        text = (tmp_path / path).read_bytes().decode()
        return Mended(text, [f"{s.line}: {s.reason}" for s in plan.skipped])

    return run
