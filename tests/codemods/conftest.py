"""A project with a client factory, and a small mlflow beside it."""

import pytest

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
