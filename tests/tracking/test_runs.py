"""Runs and child runs against real stores: whose children they are, and how they end."""

import contextlib
import multiprocessing
import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from unittest import mock

import mlflow
import pytest
from mlflow.tracking import MlflowClient

from trackfix.tracking import (
    PARENT_RUN_ENV,
    ExperimentNotFoundError,
    MLflowTracker,
    NotConfiguredError,
    RunNotFoundError,
    RunStateError,
    ServerUnavailableError,
    apply_lineage_tags,
    at_exit,
    create_child_run,
    create_child_run_core,
    create_mlflow_client,
    create_run_safe,
    get_or_compute_study_key_hash,
    get_or_compute_trial_key_hash,
    get_or_create_experiment,
    get_study_key_hash_from_run,
    setup_mlflow,
    setup_mlflow_tracking_env,
)

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from mlflow.entities import Run
    from typing_extensions import assert_type

    from trackfix.tracking.started_run import StartedRun

    def _the_forms_are_typed() -> None:
        assert_type(create_child_run("a"), AbstractContextManager[Run])
        assert_type(create_child_run("a", return_tuple=True), StartedRun)
        run_id, run = create_child_run("a", return_tuple=True)
        assert_type((run_id, run), tuple[str, Run])
        with create_child_run("a") as child:
            assert_type(child, Run)

    def _a_wrapper_hands_the_form_on(
        return_tuple: bool,
    ) -> AbstractContextManager[Run | StartedRun]:
        return create_child_run("a", return_tuple=return_tuple)


PARENT = "mlflow.parentRunId"


@pytest.fixture
def experiment_id(any_store, request):
    return get_or_create_experiment(request.node.nodeid)


@pytest.fixture
def parent(store):
    """A run of an experiment of its own, which isn't active."""
    return create_mlflow_client().create_run(get_or_create_experiment("training"))


def active_id():
    active = mlflow.active_run()
    return active and active.info.run_id


def stored(run):
    return create_mlflow_client().get_run(run.info.run_id)


def statuses(experiment_id):
    runs = create_mlflow_client().search_runs([experiment_id])
    return {run.info.run_name: run.info.status for run in runs}


def test_an_empty_parent_is_none_and_not_the_active_run(experiment_id):
    with mlflow.start_run(experiment_id=experiment_id):
        run = create_run_safe("fit", experiment_id=experiment_id, parent_run_id="")
    assert PARENT not in stored(run).data.tags


# --- a client of the caller's ----------------------------------------------------------


class _StandIn:
    """A client as a team writes it for its tests, with what its code calls."""

    tracking_uri = "memory://"

    def __init__(self):
        self.set_terminated = mock.Mock()

    def create_run(self, experiment_id, start_time=None, tags=None, run_name=None):
        return mock.Mock()

    get_run = create_run


@pytest.mark.parametrize(
    "stand_in",
    [mock.MagicMock, lambda: mock.create_autospec(MlflowClient, instance=True), _StandIn],
    ids=["mock", "autospec", "class"],
)
def test_a_stand_in_for_the_client_needs_nothing_of_mlflows_own_class(store, stand_in):
    client = stand_in()
    create_run_safe("fit", experiment_id="1", client=client)
    with create_child_run("fold-0", "1a2b", client=client) as child:
        assert mlflow.active_run() is None
    client.set_terminated.assert_called_once_with(child.info.run_id, "FINISHED")
    with pytest.raises(ExperimentNotFoundError):
        create_run_safe("fit", client=client)


# --- whose child it is -------------------------------------------------------------------


@pytest.mark.regression("a child run under an active parent raised and left an orphan RUNNING")
def test_under_an_active_parent_a_child_is_made_active_and_ended(experiment_id):
    with mlflow.start_run(experiment_id=experiment_id, run_name="parent") as parent:
        with create_child_run("child") as child:
            assert active_id() == child.info.run_id
            mlflow.log_metric("loss", 0.5)
        assert active_id() == parent.info.run_id
    assert stored(child).data.tags[PARENT] == parent.info.run_id
    assert stored(child).data.metrics == {"loss": 0.5}
    assert stored(parent).data.metrics == {}
    assert statuses(experiment_id) == {"parent": "FINISHED", "child": "FINISHED"}


def test_a_parent_that_is_not_active_is_given_by_its_id(experiment_id):
    parent = create_mlflow_client().create_run(experiment_id)
    with create_child_run("child", parent.info.run_id) as child:
        pass
    assert stored(child).data.tags[PARENT] == parent.info.run_id
    assert stored(child).info.experiment_id == experiment_id
    assert mlflow.active_run() is None


def test_the_parent_that_is_given_counts_before_the_active_run_and_the_environment(
    parent, monkeypatch
):
    monkeypatch.setenv(PARENT_RUN_ENV, "0" * 32)
    with mlflow.start_run() as active:
        with create_child_run("given", parent.info.run_id) as given:
            pass
        with create_child_run("of the active run") as of_active:
            pass
    assert given.data.tags[PARENT] == parent.info.run_id
    assert of_active.data.tags[PARENT] == active.info.run_id


def test_three_deep_each_is_the_child_of_the_one_around_it(parent):
    with create_child_run("1", parent.info.run_id) as first:
        with create_child_run("2") as second:
            with create_child_run("3") as third:
                assert active_id() == third.info.run_id
            assert active_id() == second.info.run_id
    for child, of in [(first, parent), (second, first), (third, second)]:
        assert stored(child).data.tags[PARENT] == of.info.run_id
        assert stored(child).info.status == "FINISHED"


def test_the_experiment_is_that_of_the_parent_and_not_the_active_one(parent):
    setup_mlflow("another")
    with create_child_run("child", parent.info.run_id, experiment_name="another") as child:
        pass
    assert child.info.experiment_id == parent.info.experiment_id


def test_without_any_parent_there_is_an_error_that_says_what_to_do_and_no_run(store):
    experiment_id = get_or_create_experiment("training")
    for name in (None, "training"):
        with pytest.raises(RunStateError, match="give parent_run_id"):
            with create_child_run("child", experiment_name=name):
                pytest.fail("the block was entered")
    assert statuses(experiment_id) == statuses("0") == {}


@pytest.mark.parametrize("elsewhere", ["0" * 32, "of another:store"])
def test_a_parent_that_is_not_in_the_store_is_an_error_unless_an_experiment_is_named(
    store, caplog, elsewhere
):
    experiment_id = get_or_create_experiment("training")
    with pytest.raises(RunNotFoundError), create_child_run("child", elsewhere):
        pytest.fail("the block was entered")
    with pytest.raises(ExperimentNotFoundError):
        create_child_run_core(create_mlflow_client(), "c", elsewhere, experiment_name="no")
    assert statuses(experiment_id) == statuses("0") == {}

    with create_child_run("child", elsewhere, experiment_name="training") as child:
        pass
    assert child.info.experiment_id == experiment_id
    assert stored(child).data.tags[PARENT] == elsewhere
    assert elsewhere in caplog.text and "goes to experiment 'training'" in caplog.text


def test_a_deleted_parent_is_an_error_that_says_how_to_restore_it(parent):
    create_mlflow_client().delete_run(parent.info.run_id)
    with pytest.raises(RunStateError, match=f"restore --run-id {parent.info.run_id}"):
        with create_child_run("child", parent.info.run_id):
            pytest.fail("the block was entered")
    assert statuses(parent.info.experiment_id) == {}


@pytest.mark.regression("the parent tag was dropped without create_as_child")
def test_every_way_to_give_a_parent_leaves_its_tag_whatever_the_other_tags(parent):
    client, parent_id = create_mlflow_client(), parent.info.run_id
    tags = {PARENT: "another", "team": "search"}
    with create_child_run("a", parent_id, tags=tags) as in_block:
        pass
    children = [
        in_block,
        create_child_run_core(client, "b", parent_id, tags=tags),
        create_child_run("c", parent_id, tags=tags, return_tuple=True)[1],
        create_run_safe("d", parent_run_id=parent_id, tags=tags),
        create_run_safe("e", parent_run_id=parent_id, experiment_id="0"),
    ]
    for child in children:
        assert stored(child).data.tags[PARENT] == parent_id
        assert child.info.experiment_id == parent.info.experiment_id
    assert tags == {PARENT: "another", "team": "search"}
    assert stored(in_block).data.tags["team"] == "search"


def test_azure_ml_gets_its_own_tags_and_nobody_else_does(parent, monkeypatch):
    def azure_tags(uri):
        with monkeypatch.context() as patch:
            # Without a workspace in the cloud, only the address can be one of Azure ML.
            patch.setattr(type(client), "tracking_uri", uri)
            child = create_child_run_core(client, "child", parent.info.run_id)
        return {key: value for key, value in child.data.tags.items() if "azureml" in key}

    client = create_mlflow_client()
    assert azure_tags("azureml://westeurope.api.azureml.ms/mlflow/v1.0/x") == {
        "azureml.runType": "trial",
        "azureml.trial": "true",
    }
    assert azure_tags("https://example.org/azureml") == azure_tags("sqlite:///azureml.db") == {}


# --- threads, forks and processes --------------------------------------------------------


def test_folds_in_threads_are_children_each_with_its_own_active_run(experiment_id):
    together = threading.Barrier(4, timeout=60)

    def fold(number):
        with create_child_run(f"fold-{number}", sweep.info.run_id) as child:
            together.wait()
            mlflow.log_metric("fold", number)
            assert active_id() == child.info.run_id
        return child

    sweep = create_mlflow_client().create_run(experiment_id, run_name="parent")
    with ThreadPoolExecutor(4) as pool:
        children = list(pool.map(fold, range(4)))
    for number, child in enumerate(children):
        assert stored(child).data.metrics == {"fold": number}
        assert stored(child).data.tags[PARENT] == sweep.info.run_id
        assert stored(child).info.status == "FINISHED"
    assert len(statuses(experiment_id)) == 5


def test_a_thread_does_not_see_the_active_run_of_another_and_says_so(parent):
    def without_parent():
        with create_child_run("child"):
            pass

    with create_child_run("active", parent.info.run_id), ThreadPoolExecutor(1) as pool:
        with pytest.raises(RunStateError, match="no run is active in this thread"):
            pool.submit(without_parent).result()
    assert set(statuses(parent.info.experiment_id)) == {parent.info.run_name, "active"}


def in_fork(function):
    """Whether a forked process that calls this ends well."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            function()
            code = 0
        finally:
            os._exit(code)
    return os.waitpid(pid, 0)[1] == 0


def test_after_a_fork_a_child_is_made_with_the_parent_given_and_not_by_the_active_run(
    experiment_id,
):
    def fold():
        assert mlflow.active_run() is None
        with pytest.raises(RunStateError), create_child_run("lost"):
            pass
        with create_child_run("fold", outer.info.run_id) as child:
            mlflow.log_metric("loss", 0.5)
        assert child.data.tags[PARENT] == outer.info.run_id

    parent = create_mlflow_client().create_run(experiment_id, run_name="parent")
    with create_child_run("outer", parent.info.run_id) as outer:
        assert in_fork(fold)
        assert stored(outer).info.status == "RUNNING"
    assert statuses(experiment_id) == {
        "parent": "RUNNING",
        "outer": "FINISHED",
        "fold": "FINISHED",
    }


def test_a_forked_process_that_leaves_the_block_does_not_end_the_run(parent):
    with create_child_run("outer", parent.info.run_id) as outer:
        pid = os.fork()
        if pid == 0:
            with contextlib.suppress(BaseException):
                raise_from_block(outer)
            os._exit(0)
        os.waitpid(pid, 0)
        assert stored(outer).info.status == "RUNNING"

    child = create_child_run("block", parent.info.run_id)
    run = child.__enter__()
    assert in_fork(lambda: child.__exit__(None, None, None))
    assert stored(run).info.status == "RUNNING"
    child.__exit__(None, None, None)
    assert stored(run).info.status == "FINISHED"


def raise_from_block(run):
    raise RuntimeError(run.info.run_id)


def fold_in_process(parent_run_id, number):
    with create_child_run(f"fold-{number}", parent_run_id):
        mlflow.log_metric("fold", number)


@pytest.mark.parametrize(("how", "count"), [("fork", 8), ("subprocess", 3)])
def test_folds_in_processes_at_once_are_all_children_and_none_is_elsewhere(
    any_store, request, how, count, python
):
    experiment_id = get_or_create_experiment(request.node.nodeid)
    in_default = len(statuses("0"))
    parent = create_mlflow_client().create_run(experiment_id, run_name="parent")
    if how == "fork":
        fork = multiprocessing.get_context("fork")
        folds = [
            fork.Process(target=fold_in_process, args=(parent.info.run_id, number))
            for number in range(count)
        ]
        for process in folds:
            process.start()
        for process in folds:
            process.join()
            assert process.exitcode == 0
    else:
        env = {**os.environ, **setup_mlflow_tracking_env(parent_run_id=parent.info.run_id)}
        code = (
            "import sys, mlflow; from trackfix.tracking import create_child_run\n"
            "with create_child_run(f'fold-{sys.argv[1]}'):\n"
            "    mlflow.log_metric('fold', int(sys.argv[1]))"
        )
        programs = [python.start(code, number, env=env) for number in range(count)]
        assert [program.wait() for program in programs] == [0] * count
    children = create_mlflow_client().search_runs(
        [experiment_id], f"tags.`{PARENT}` = '{parent.info.run_id}'"
    )
    assert sorted(run.info.run_name for run in children) == [f"fold-{n}" for n in range(count)]
    assert {run.info.status for run in children} == {"FINISHED"}
    assert sorted(run.data.metrics["fold"] for run in children) == list(range(count))
    assert len(statuses("0")) == in_default


def test_a_subprocess_with_only_the_environment_makes_children_three_deep(experiment_id, python):
    with mlflow.start_run(experiment_id=experiment_id, run_name="parent") as parent:
        env = {**os.environ, **setup_mlflow_tracking_env()}
    code = (
        "from trackfix.tracking import create_child_run\n"
        "with create_child_run('1'), create_child_run('2'), create_child_run('3'): pass"
    )
    python.run(code, env=env)
    runs = {run.info.run_name: run for run in create_mlflow_client().search_runs([experiment_id])}
    assert runs["1"].data.tags[PARENT] == parent.info.run_id
    assert runs["2"].data.tags[PARENT] == runs["1"].info.run_id
    assert runs["3"].data.tags[PARENT] == runs["2"].info.run_id
    assert {run.info.status for run in runs.values()} == {"FINISHED"}


# --- how it ends -------------------------------------------------------------------------


@pytest.mark.regression("an exception in the body recorded FINISHED")
@pytest.mark.parametrize("as_tuple", [False, True])
@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ValueError("bad data"), "FAILED"),
        (KeyboardInterrupt(), "KILLED"),
        (SystemExit(1), "FAILED"),
        (SystemExit(0), "FINISHED"),
    ],
)
def test_what_leaves_the_block_decides_the_status_and_goes_on(parent, error, status, as_tuple):
    with pytest.raises(type(error)) as raised:
        with create_child_run("child", parent.info.run_id, return_tuple=as_tuple):
            raise error
    assert raised.value is error
    assert statuses(parent.info.experiment_id)["child"] == status
    assert mlflow.active_run() is None


def test_the_tuple_is_made_at_once_and_ended_by_the_block_or_by_the_caller(parent):
    run_id, run = create_child_run("by hand", parent.info.run_id, return_tuple=True)
    assert run.info.run_id == run_id
    assert mlflow.active_run() is None
    assert stored(run).info.status == "RUNNING"
    create_mlflow_client().set_terminated(run_id, "KILLED")

    with create_child_run("in a block", parent.info.run_id, return_tuple=True) as (run_id, run):
        assert active_id() == run_id == run.info.run_id
    assert statuses(parent.info.experiment_id)["by hand"] == "KILLED"
    assert statuses(parent.info.experiment_id)["in a block"] == "FINISHED"


def test_a_run_that_cannot_be_ended_is_an_error_or_after_an_exception_a_warning(
    own_server, caplog, monkeypatch
):
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    client = create_mlflow_client(own_server.uri)
    parent = client.create_run("0")
    first = create_child_run("1", parent.info.run_id, client=client)
    second = create_child_run("2", parent.info.run_id, client=client)
    runs = [first.__enter__(), second.__enter__()]
    own_server.kill()

    with pytest.raises(ServerUnavailableError, match=f"ending run {runs[0].info.run_id} failed"):
        first.__exit__(None, None, None)
    assert not second.__exit__(ValueError, ValueError("bad data"), None)
    assert f"run {runs[1].info.run_id} stays RUNNING" in caplog.text

    def now():
        return [client.get_run(run.info.run_id).info.status for run in runs]

    own_server.start()
    assert now() == ["RUNNING", "RUNNING"]
    at_exit.end_open_runs()
    assert now() == ["FINISHED", "FAILED"]


PROGRAM = """
import os, signal, sys, time
from trackfix.tracking import create_child_run
{before}
try:
    with create_child_run("outer"), create_child_run("inner"):
        os.kill(os.getpid(), signal.{signum})
        {after}
finally:
    print("left", signal.getsignal(signal.SIGTERM), flush=True)
"""


@pytest.fixture
def run_program(parent, python):
    """Run ``PROGRAM``, which has to end with this exit code; returns what it printed."""
    env = {**os.environ, **setup_mlflow_tracking_env(parent_run_id=parent.info.run_id)}

    def run(code, before="", after="time.sleep(60)", signum="SIGTERM"):
        program = python.start(PROGRAM.format(before=before, after=after, signum=signum), env=env)
        out, err = program.communicate()
        assert program.returncode == code, err
        return out

    return run


def test_sigterm_ends_all_runs_that_are_open_as_killed_and_the_process(parent, run_program):
    out = run_program(143)
    assert "left" in out
    now = statuses(parent.info.experiment_id)
    assert (now["outer"], now["inner"]) == ("KILLED", "KILLED")


def test_a_handler_of_the_program_that_exits_is_called_and_the_runs_are_killed(parent, run_program):
    before = (
        "def handler(signum, frame):\n    print('mine', flush=True)\n    sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, handler)"
    )
    out = run_program(0, before)
    assert out.startswith("mine\nleft <function handler")
    now = statuses(parent.info.experiment_id)
    assert (now["outer"], now["inner"]) == ("KILLED", "KILLED")


@pytest.mark.parametrize(
    "way_out, code", [("raise SystemExit(4)", 4), ("raise ValueError('stop')", 1)]
)
def test_once_sigterm_has_come_whatever_exception_ends_the_block_it_was_killed(
    parent, run_program, way_out, code
):
    before = "signal.signal(signal.SIGTERM, lambda *args: print('mine', flush=True))"
    out = run_program(code, before, after=way_out)
    assert out.startswith("mine\nleft <function <lambda>")
    now = statuses(parent.info.experiment_id)
    assert (now["outer"], now["inner"]) == ("KILLED", "KILLED")


def test_a_handler_of_the_program_that_returns_lets_the_block_go_on(parent, run_program):
    before = "signal.signal(signal.SIGTERM, lambda *args: print('mine', flush=True))"
    out = run_program(0, before, after="print('went on', flush=True)")
    assert out.startswith("mine\nwent on\nleft <function <lambda>")
    now = statuses(parent.info.experiment_id)
    assert (now["outer"], now["inner"]) == ("FINISHED", "FINISHED")


def test_a_program_that_ignores_sigterm_goes_on_ignoring_it(parent, run_program):
    before = "signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    run_program(0, before, after="print('went on', flush=True)")
    assert statuses(parent.info.experiment_id)["inner"] == "FINISHED"


def test_the_sigterm_handler_is_there_only_inside_and_only_in_the_main_thread(parent):
    before = signal.getsignal(signal.SIGTERM)
    with create_child_run("main", parent.info.run_id):
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before

    def in_thread():
        with create_child_run("thread", parent.info.run_id):
            return signal.getsignal(signal.SIGTERM)

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(in_thread).result() == before


def test_sigkill_leaves_running_as_nothing_can_be_done_about_it(parent, run_program):
    run_program(-signal.SIGKILL, signum="SIGKILL")
    assert statuses(parent.info.experiment_id)["inner"] == "RUNNING"


def test_every_run_has_the_tags_that_mlflow_gives_one_and_those_given_count_first(parent):
    def given_by_mlflow(run):
        own = ("mlflow.runName", PARENT)
        tags = create_mlflow_client().get_run(run.info.run_id).data.tags
        return {k: v for k, v in tags.items() if k.startswith("mlflow.") and k not in own}

    with mlflow.start_run() as run:
        theirs = given_by_mlflow(run)
        with create_child_run("child") as child:
            assert given_by_mlflow(child) == theirs
    assert {"mlflow.user", "mlflow.source.name", "mlflow.source.type"} <= theirs.keys()
    assert given_by_mlflow(create_run_safe(parent_run_id=parent.info.run_id)) == theirs
    named = create_run_safe(parent_run_id=parent.info.run_id, tags={"mlflow.user": "ada"})
    assert given_by_mlflow(named) == {**theirs, "mlflow.user": "ada"}
    assert named.info.user_id == "ada"


# --- which store -------------------------------------------------------------------------


@pytest.fixture
def nothing_configured(store, monkeypatch, tmp_path):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.setattr("mlflow.tracking._tracking_service.utils._tracking_uri", None)
    monkeypatch.chdir(tmp_path)
    return store


def test_creating_a_run_before_the_setup_is_an_error_that_names_it_and_leaves_no_store(
    nothing_configured, tmp_path
):
    with pytest.raises(NotConfiguredError, match=r"call setup_mlflow\("):
        create_run_safe("fit", experiment_id="0")
    with pytest.raises(NotConfiguredError, match=r"call setup_mlflow\("):
        create_child_run("child", "0" * 32)
    assert not (tmp_path / "mlflow.db").exists() and not (tmp_path / "mlruns").exists()


@pytest.mark.parametrize(
    "call",
    [
        lambda: apply_lineage_tags("1a2b", {"source": "hpo"}),
        lambda: get_study_key_hash_from_run("1a2b"),
        lambda: get_or_compute_study_key_hash(run_id="1a2b"),
        lambda: get_or_compute_trial_key_hash(run_id="1a2b"),
        lambda: MLflowTracker("churn").client,
    ],
)
def test_whatever_needs_a_store_names_the_setup_before_it_and_leaves_none(
    nothing_configured, tmp_path, call
):
    with pytest.raises(NotConfiguredError, match=r"call setup_mlflow\("):
        call()
    assert not (tmp_path / "mlflow.db").exists()


def test_those_who_mean_it_need_no_setup(nothing_configured, sqlite_at, tmp_path):
    sqlite_at(tmp_path / "mlflow.db")
    run = create_run_safe("fit", experiment_id="0", require_setup=False)
    with create_child_run("child", run.info.run_id, require_setup=False) as child:
        pass
    assert child.data.tags[PARENT] == run.info.run_id


def test_a_store_or_a_client_that_is_given_needs_no_setup(nothing_configured):
    run = create_run_safe("fit", experiment_id="0", tracking_uri=nothing_configured)
    client = create_mlflow_client(nothing_configured)
    with create_child_run("child", run.info.run_id, client=client):
        pass
    assert create_run_safe("again", experiment_id="0", client=client).info.run_name == "again"


def test_after_the_setup_a_run_belongs_to_the_experiment_that_was_set_up(store):
    setup_mlflow("training")
    run = create_run_safe("fit")
    assert run.info.experiment_id == get_or_create_experiment("training")
    assert mlflow.active_run() is None and stored(run).info.status == "RUNNING"


def test_an_experiment_id_that_is_none_is_the_id_of_no_experiment(store):
    with pytest.raises(ExperimentNotFoundError, match="churn"):
        create_run_safe("fit", experiment_id="churn")


def test_without_any_experiment_a_run_is_an_error_and_not_in_default(store):
    with pytest.raises(ExperimentNotFoundError):
        create_run_safe("fit")
    with pytest.raises(ExperimentNotFoundError):
        create_run_safe("fit", experiment_name="not made yet")
    assert statuses("0") == {}


def test_a_child_in_another_store_is_made_and_ended_there_and_not_active_here(store, other_store):
    other = create_mlflow_client(other_store)
    parent = other.create_run("0")
    with create_child_run("child", parent.info.run_id, tracking_uri=other.tracking_uri) as child:
        assert mlflow.active_run() is None
    assert other.get_run(child.info.run_id).info.status == "FINISHED"
    assert statuses("0") == {}


def test_a_child_ends_in_its_own_store_although_the_process_has_gone_to_another(
    parent, other_store
):
    client = create_mlflow_client()
    with create_child_run("child", parent.info.run_id) as child:
        mlflow.set_tracking_uri(other_store)
    assert client.get_run(child.info.run_id).info.status == "FINISHED"
