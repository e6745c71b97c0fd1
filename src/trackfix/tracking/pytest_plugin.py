"""Fixtures for tests of code that tracks with MLflow; pytest finds them by its entry point.

``mlflow_store`` gives a test a store of its own, ``no_leaked_runs`` fails a test that leaves a run
active. With ``no_leaked_runs = true`` in pytest's ini file every test is held to that.

mlflow is imported by the first test that uses ``mlflow_store``, never when pytest starts.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

CHECK = "no_leaked_runs"  # the fixture, and the ini option that asks for it everywhere
_OF_WIDER_SCOPE = pytest.StashKey[set[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini(CHECK, "fail every test that leaves an MLflow run active", "bool", False)


def pytest_itemcollected(item: pytest.Item) -> None:
    names = getattr(item, "fixturenames", [])
    if CHECK in names:
        names.remove(CHECK)
    elif not item.config.getini(CHECK):
        return
    # First set up is last torn down: fixtures that end their run in time are not accused.
    names.insert(0, CHECK)


@pytest.hookimpl(hookwrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Iterator[None]:
    before = _active_ids()
    yield
    if fixturedef.scope != "function":
        # Set up after the check, and it outlives the test.
        request.session.stash.setdefault(_OF_WIDER_SCOPE, set()).update(_active_ids() - before)


@pytest.fixture
def mlflow_store(tmp_path: Path, _empty_mlflow_database: Path) -> Iterator[str]:
    """A new SQLite store in a temporary folder, in force while the test runs; gives its URI.

    No run and no experiment is active in the test, and no ``MLFLOW_*`` variable of the outside
    is set. Artifacts are kept beside the database. Afterwards the tracking and the registry URI,
    the experiment, the environment and the active runs are what they were.

    Example::

        def test_training_logs_the_loss(mlflow_store):
            run_id = train()
            assert mlflow.get_run(run_id).data.metrics["loss"] < 1
    """
    folder = tmp_path / "mlflow"
    folder.mkdir()
    database = shutil.copy(_empty_mlflow_database, folder / "mlflow.db")
    with isolated_mlflow(f"sqlite:///{database}"):
        _open_in(folder)
        yield f"sqlite:///{database}"


@pytest.fixture
def no_leaked_runs(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail the test if it leaves a run active, or running in the store of ``mlflow_store``.

    Runs of fixtures that live longer than the test don't count, and those of its own fixtures
    have until these are torn down. What it left active is no longer active afterwards; in its
    store it stays as it is.

    Example::

        def test_training_ends_its_run(mlflow_store, no_leaked_runs):
            train()
    """
    if "mlflow_store" in request.fixturenames:
        # To look into the store before it is put away.
        request.getfixturevalue("mlflow_store")
    before = _active_ids()
    yield
    wider: set[str] = request.session.stash.setdefault(_OF_WIDER_SCOPE, set())
    active = {run.info.run_id: run.info.run_name for run in _active_runs()}
    leaked = {run_id: name for run_id, name in active.items() if run_id not in before | wider}
    _deactivate(set(leaked))
    if "mlflow_store" in request.fixturenames:
        leaked |= _running(request.getfixturevalue("mlflow_store"))
    if leaked:
        runs = ", ".join(f"{name!r} ({run_id})" for run_id, name in leaked.items())
        pytest.fail(f"{request.node.nodeid} did not end these MLflow runs: {runs}", pytrace=False)


@pytest.fixture(scope="session")
def _empty_mlflow_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # MLflow takes seconds to lay out a database, and a copy of one opens in milliseconds.
    folder = tmp_path_factory.mktemp("empty-mlflow")
    with isolated_mlflow(f"sqlite:///{folder / 'mlflow.db'}"):
        _open_in(folder)
    return folder / "mlflow.db"


@contextmanager
def isolated_mlflow(tracking_uri: str) -> Iterator[None]:
    """Put this store in force for a block, with nothing active, and restore all afterwards.

    MLflow has no call that forgets the active experiment or a URI, hence its private variables.
    """
    environment = {name: value for name, value in os.environ.items() if _is_ours(name)}
    for name in environment:
        del os.environ[name]
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"

    import mlflow
    from mlflow.tracking import fluent
    from mlflow.tracking._model_registry import utils as registry
    from mlflow.tracking._tracking_service import utils as tracking

    uris = tracking._tracking_uri, registry._registry_uri
    experiment, last_run = fluent._active_experiment_id, fluent._last_active_run_id.get()
    stack, others = fluent._active_run_stack.get(), _active_ids()
    fluent._active_run_stack.set([])
    registry._registry_uri = fluent._active_experiment_id = None
    mlflow.set_tracking_uri(tracking_uri)
    try:
        yield
    finally:
        _deactivate(_active_ids() - others)
        fluent._active_run_stack.set(stack)
        fluent._last_active_run_id.set(last_run)
        fluent._active_experiment_id = experiment
        mlflow.set_tracking_uri(uris[0])  # type: ignore[arg-type]  # None is how it is forgotten
        registry._registry_uri = uris[1]
        for name in filter(_is_ours, list(os.environ)):
            del os.environ[name]
        os.environ.update(environment)


def _is_ours(variable: str) -> bool:
    return variable.startswith("MLFLOW_")


def _open_in(folder: Path) -> None:
    # An SQL store keeps artifacts in ./mlruns as seen from where it is first opened.
    from trackfix.tracking.client import create_mlflow_client

    here = Path.cwd()
    os.chdir(folder)
    try:
        create_mlflow_client().search_experiments(max_results=1)
    finally:
        os.chdir(here)


def _stacks() -> list[list[Any]]:
    # The active runs of each thread; what isn't imported has none.
    fluent = sys.modules.get("mlflow.tracking.fluent")
    return list(fluent._active_run_stack.get_all_thread_values().values()) if fluent else []


def _active_runs() -> list[Any]:
    return [run for stack in _stacks() for run in stack]


def _active_ids() -> set[str]:
    return {run.info.run_id for run in _active_runs()}


def _deactivate(run_ids: set[str]) -> None:
    for stack in _stacks():
        stack[:] = [run for run in stack if run.info.run_id not in run_ids]


def _running(tracking_uri: str) -> dict[str, str]:
    # Of each run that is still running in this store, its id and name.
    from trackfix.tracking.client import create_mlflow_client

    client = create_mlflow_client(tracking_uri)
    experiments = [experiment.experiment_id for experiment in _every(client.search_experiments)]
    runs = _every(partial(client.search_runs, experiments, "attributes.status = 'RUNNING'"))
    return {run.info.run_id: run.info.run_name for run in runs}


def _every(search: Callable[..., Any]) -> Iterator[Any]:
    # All pages of a search.
    token = None
    while True:
        page = search(page_token=token)
        yield from page
        token = page.token
        if not token:
            return
