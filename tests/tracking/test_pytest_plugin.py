"""The pytest plug-in, in pytest runs of its own."""

import time

import pytest

pytest_plugins = ["pytester"]


PLUGIN = ("-p", "trackfix.tracking.pytest_plugin")


@pytest.fixture
def project(pytester, monkeypatch):
    """Make a project of this source, where only our plug-in is loaded."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def make(source, ini=""):
        pytester.makeini(f"[pytest]\n{ini}")
        pytester.makepyfile(test_it=source)
        return pytester

    return make


@pytest.fixture
def run(project, python, _empty_mlflow_database):
    """Run pytest on this source in a process of its own, which has imported mlflow already. If told
    so, it copies the empty database of this process, and lays out none."""

    def run_pytest(source, ini="", has_database=True):
        folder = project(source, ini).path
        if has_database:
            (folder / "conftest.py").write_text(
                "import pathlib, pytest\n"
                "@pytest.fixture(scope='session')\n"
                "def _empty_mlflow_database():\n"
                f"    return pathlib.Path({str(_empty_mlflow_database)!r})\n"
            )
        program = python.start("import pytest, sys; sys.exit(pytest.main())", *PLUGIN, cwd=folder)
        started = time.monotonic()
        out, err = program.communicate()
        print(out, err)
        return pytest.RunResult(
            program.returncode, out.splitlines(), err.splitlines(), time.monotonic() - started
        )

    return run_pytest


def test_pytest_finds_it_by_its_entry_point_and_does_not_import_mlflow(pytester):
    pytester.makepyfile(
        """
        import sys

        def test_it(request):
            assert request.config.pluginmanager.hasplugin("trackfix")
            assert "mlflow" not in sys.modules
        """
    )
    pytester.runpytest_subprocess("-p", "no:xdist").assert_outcomes(passed=1)


def test_each_test_has_a_new_store_and_all_is_restored(run):
    result = run(
        """
        import os
        import mlflow
        import pytest

        def state():
            active = mlflow.active_run()
            return (
                mlflow.get_tracking_uri(),
                mlflow.get_registry_uri(),
                {k: v for k, v in os.environ.items() if k.startswith("MLFLOW")},
                mlflow.tracking.fluent._active_experiment_id,
                active and active.info.run_id,
                mlflow.last_active_run() and mlflow.last_active_run().info.run_id,
                os.getcwd(),
            )

        @pytest.fixture(scope="module")
        def outside(tmp_path_factory):
            folder = tmp_path_factory.mktemp("outside")
            mlflow.set_tracking_uri(f"sqlite:///{folder / 'outside.db'}")
            mlflow.set_registry_uri(f"sqlite:///{folder / 'registry.db'}")
            mlflow.create_experiment("with the id that inside has inside")
            mlflow.set_experiment("outside")
            os.environ["MLFLOW_RUN_CONTEXT"] = "outside"
            with mlflow.start_run():
                yield state()

        @pytest.mark.parametrize("number", [1, 2])
        def test_inside(outside, mlflow_store, number, tmp_path):
            assert mlflow.get_tracking_uri() == mlflow_store != outside[0]
            assert mlflow.get_registry_uri() == mlflow_store
            assert mlflow.active_run() is None
            assert "MLFLOW_RUN_CONTEXT" not in os.environ
            assert [e.name for e in mlflow.search_experiments()] == ["Default"]
            mlflow.set_experiment("inside")
            mlflow.set_registry_uri("sqlite:///nowhere.db")
            os.environ["MLFLOW_EXPERIMENT_NAME"] = "inside"
            with mlflow.start_run() as run:
                mlflow.log_text("text", "file.txt")
            assert run.info.artifact_uri.startswith(str(tmp_path))
            mlflow.start_run()

        def test_after(outside):
            assert state() == outside
        """,
        has_database=False,
    )
    result.assert_outcomes(passed=3)


def test_without_anything_set_nothing_is_set_afterwards(run):
    result = run(
        """
        import os
        import mlflow

        def environment():
            return {k: v for k, v in os.environ.items() if k != "PYTEST_CURRENT_TEST"}

        before = environment()

        def test_inside(mlflow_store):
            mlflow.set_experiment("inside")
            mlflow.start_run()

        def test_after():
            assert not mlflow.is_tracking_uri_set()
            assert mlflow.active_run() is None
            assert environment() == before
        """
    )
    result.assert_outcomes(passed=2)


def test_nothing_is_left_in_the_current_folder(run, pytester):
    result = run(
        """
        import mlflow

        def test_it(mlflow_store):
            with mlflow.start_run():
                mlflow.log_text("text", "file.txt")
        """,
        has_database=False,
    )
    result.assert_outcomes(passed=1)
    assert not [p.name for p in pytester.path.iterdir() if "mlruns" in p.name or ".db" in p.name]


LEAKS = """
import threading
import mlflow
import pytest

def test_clean(mlflow_store {more}):
    with mlflow.start_run():
        pass

def test_leaves_one_active(mlflow_store {more}):
    mlflow.start_run(run_name="forgotten")

def test_leaves_one_active_in_a_thread(mlflow_store {more}):
    thread = threading.Thread(target=lambda: mlflow.start_run(run_name="of-a-thread"))
    thread.start()
    thread.join()

def test_leaves_one_running_in_the_store(mlflow_store {more}):
    mlflow.MlflowClient().create_run("0", run_name="by-a-client")

def test_clean_again(mlflow_store {more}):
    assert mlflow.active_run() is None

@pytest.fixture
def a_run(mlflow_store):
    with mlflow.start_run() as run:
        yield run

def test_ends_it_after_the_test(a_run {more}):
    mlflow.log_metric("loss", 1.0)
"""


def accusations(result):
    return [line for line in result.outlines if "did not end these MLflow runs" in line]


@pytest.mark.parametrize("more, ini", [(", no_leaked_runs", ""), ("", "no_leaked_runs = true")])
def test_a_test_that_leaks_a_run_is_named_and_no_other(run, more, ini):
    result = run(LEAKS.replace("{more}", more), ini=ini)
    result.assert_outcomes(passed=6, errors=3)
    said = accusations(result)
    assert [line.split(" ")[0].rpartition("::")[2] for line in said[:3]] == [
        "test_leaves_one_active",
        "test_leaves_one_active_in_a_thread",
        "test_leaves_one_running_in_the_store",
    ]
    for line, name in zip(said, ["forgotten", "of-a-thread", "by-a-client"], strict=False):
        assert f"'{name}' (" in line


def test_nobody_is_accused_who_has_not_asked_for_it(run):
    result = run(LEAKS.replace("{more}", ""))
    result.assert_outcomes(passed=6)


@pytest.mark.parametrize("more, ini", [("no_leaked_runs", ""), ("", "no_leaked_runs = true")])
def test_runs_of_fixtures_that_live_longer_do_not_count(run, more, ini):
    source = """
        import shutil
        import mlflow
        import pytest

        @pytest.fixture(scope="module", autouse=True)
        def outer(tmp_path_factory, _empty_mlflow_database):
            folder = tmp_path_factory.mktemp("outer")
            database = shutil.copy(_empty_mlflow_database, folder)
            mlflow.set_tracking_uri(f"sqlite:///{database}")
            with mlflow.start_run() as run:
                yield run

        def test_leaks_nothing(MORE):
            assert mlflow.active_run()

        def test_leaks(MORE):
            mlflow.start_run(nested=True)

        def test_after(outer):
            assert mlflow.active_run().info.run_id == outer.info.run_id
        """
    result = run(source.replace("MORE", more), ini=ini)
    result.assert_outcomes(passed=3, errors=1)
    assert "test_leaks did not end" in accusations(result)[0]


def test_a_project_without_mlflow_is_left_alone(project):
    source = """
        import sys

        def test_it():
            assert "mlflow" not in sys.modules
        """
    pytester = project(source, ini="no_leaked_runs = true")
    pytester.runpytest_subprocess(*PLUGIN).assert_outcomes(passed=1)


def test_the_ini_option_reaches_methods_and_unittest(run):
    result = run(
        """
        import unittest
        import mlflow

        class TestOne:
            def test_method(self, mlflow_store):
                mlflow.start_run()

        class TestTwo(unittest.TestCase):
            def test_unittest(self):
                pass
        """,
        ini="no_leaked_runs = true",
    )
    result.assert_outcomes(passed=2, errors=1)
