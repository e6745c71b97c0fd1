"""Experiments by name, from the parent, and with many processes at once."""

import mlflow
import pytest

from trackfix.tracking import (
    ConfigError,
    ExperimentDeletedError,
    ExperimentNotFoundError,
    NotConfiguredError,
    RunNotFoundError,
    create_mlflow_client,
    get_or_create_experiment,
    resolve_experiment_id,
)

# Forks, so that mlflow is imported once; the children start when the pipe is closed.
RACE = """
import os, sys, traceback
import mlflow
from trackfix.tracking import setup_mlflow

read, write = os.pipe()
children = []
for _ in range(16):
    child = os.fork()
    if child == 0:
        try:
            os.close(write)
            os.read(read, 1)
            setup_mlflow("race", tracking_uri=sys.argv[1])
            with mlflow.start_run() as run:
                line = f"{run.info.experiment_id} {run.info.run_id}\\n"
            os.write(1, line.encode())
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    children.append(child)
os.close(write)
sys.exit(sum(os.waitpid(child, 0)[1] != 0 for child in children))
"""


def test_it_is_created_once_and_found_after_that(any_store):
    first = get_or_create_experiment("churn")
    assert get_or_create_experiment("churn") == first
    assert create_mlflow_client().get_experiment(first).name == "churn"


def test_sixteen_processes_make_one_experiment_and_no_run_lands_in_default(any_store, python):
    client = create_mlflow_client()
    before = {run.info.run_id for run in client.search_runs(["0"])}
    experiment_id, run_ids = race(any_store, python)
    assert experiment_id == get_or_create_experiment("race")
    assert {run.info.run_id for run in client.search_runs([experiment_id])} == run_ids
    assert {run.info.run_id for run in client.search_runs(["0"])} == before


def test_who_comes_second_gets_what_the_first_one_made(any_store, monkeypatch):
    create = mlflow.MlflowClient.create_experiment
    made = []

    def another_process_is_faster(client, name):
        made.append(create(mlflow.MlflowClient(), name))
        return create(client, name)

    monkeypatch.setattr(mlflow.MlflowClient, "create_experiment", another_process_is_faster)
    assert [get_or_create_experiment("narrow")] == made


def test_sixteen_processes_may_be_the_first_in_a_new_sqlite_database(store, tmp_path, python):
    _, run_ids = race(f"sqlite:///{tmp_path / 'new.db'}", python)
    assert len(run_ids) == 16


def race(uri, python):
    """The experiment and the runs of sixteen processes that set up the same one at once."""
    out = python.run(RACE, uri)
    pairs = [line.split() for line in out.splitlines() if len(line.split()) == 2]
    assert len(pairs) == 16
    (experiment_id,) = {experiment_id for experiment_id, _ in pairs}
    return experiment_id, {run_id for _, run_id in pairs}


@pytest.mark.regression("experiment created in the wrong store when tracking_uri was given")
def test_it_is_created_in_the_store_that_is_given_and_only_there(store, other_store):
    get_or_create_experiment("churn", tracking_uri=other_store)
    assert create_mlflow_client(other_store).get_experiment_by_name("churn") is not None
    assert create_mlflow_client(store).get_experiment_by_name("churn") is None


@pytest.mark.regression("a deleted experiment was used, or its deletion hidden")
def test_a_deleted_one_is_an_error_that_says_how_to_restore_it(any_store, python):
    experiment_id = get_or_create_experiment("old")
    create_mlflow_client().delete_experiment(experiment_id)
    command = f"mlflow experiments restore --experiment-id {experiment_id}"
    with pytest.raises(ExperimentDeletedError, match=command):
        get_or_create_experiment("old")
    with pytest.raises(ExperimentDeletedError, match=command):
        resolve_experiment_id(experiment_name="old")

    program, *arguments = command.split()
    assert program == "mlflow"
    python.run("from mlflow.cli import cli; cli()", *arguments)
    assert get_or_create_experiment("old") == experiment_id
    create_mlflow_client().delete_experiment(experiment_id)
    create_mlflow_client().restore_experiment(experiment_id)


def test_a_name_that_mlflow_rejects_is_an_error_of_configuration(store):
    with pytest.raises(ConfigError, match="creating experiment ''"):
        get_or_create_experiment("")


def test_a_tracking_uri_of_an_unknown_kind_is_an_error_of_configuration(store):
    with pytest.raises(ConfigError, match="htpp"):
        get_or_create_experiment("churn", tracking_uri="htpp://example.org")


def test_without_setup_it_is_an_error_and_no_database_appears(store, monkeypatch, tmp_path_factory):
    mlflow.set_tracking_uri(None)  # type: ignore[arg-type]
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    monkeypatch.chdir(elsewhere)
    with pytest.raises(NotConfiguredError, match=r"call setup_mlflow\(experiment_name\) first"):
        get_or_create_experiment("churn")
    with pytest.raises(NotConfiguredError):
        resolve_experiment_id(experiment_name="churn")
    assert list(elsewhere.iterdir()) == []


def test_those_who_mean_it_get_mlflows_default_store(store, monkeypatch, tmp_path_factory):
    mlflow.set_tracking_uri(None)  # type: ignore[arg-type]
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")  # the default of 3.1 to 3.6
    assert get_or_create_experiment("churn", require_setup=False)
    assert mlflow.get_experiment_by_name("churn") is not None


def test_an_id_that_is_given_is_believed_without_asking():
    assert resolve_experiment_id(experiment_id="7") == "7"


def test_the_parents_experiment_comes_before_the_name_and_the_active_one(any_store):
    of_parent = get_or_create_experiment("of-parent")
    named = get_or_create_experiment("named")
    mlflow.set_experiment("active")
    parent = create_mlflow_client().create_run(of_parent).info.run_id
    assert resolve_experiment_id(parent_run_id=parent, experiment_name="named") == of_parent
    assert resolve_experiment_id(experiment_name="named") == named
    assert resolve_experiment_id() == get_or_create_experiment("active")


@pytest.mark.parametrize("parent", ["../x", "my run"])
def test_a_parent_of_an_id_that_mlflow_rejects_is_nowhere(store, parent):
    with pytest.raises(RunNotFoundError, match=f"reading parent run {parent}"):
        resolve_experiment_id(parent_run_id=parent)


def test_a_parent_that_is_nowhere_is_an_error(any_store):
    with pytest.raises(RunNotFoundError, match="reading parent run 0123"):
        resolve_experiment_id(parent_run_id="0123456789abcdef0123456789abcdef")


def test_a_name_without_experiment_is_an_error_and_nothing_is_created(store):
    with pytest.raises(ExperimentNotFoundError, match="'nobody'"):
        resolve_experiment_id(experiment_name="nobody")
    assert create_mlflow_client().get_experiment_by_name("nobody") is None


def test_nothing_to_go_by_is_an_error_and_not_the_default_experiment(store):
    with pytest.raises(ExperimentNotFoundError, match="nothing says which experiment"):
        resolve_experiment_id()


def test_what_is_empty_is_not_given(store):
    churn = get_or_create_experiment("churn")
    for nothing in ("", None):
        found = resolve_experiment_id(
            experiment_id=nothing, parent_run_id=nothing, experiment_name="churn"
        )
        assert found == churn
    with pytest.raises(ExperimentNotFoundError):
        resolve_experiment_id(experiment_id="", parent_run_id="", experiment_name="")


def test_the_environment_may_name_the_active_experiment(store, monkeypatch):
    expected = get_or_create_experiment("churn")
    monkeypatch.setenv("MLFLOW_EXPERIMENT_NAME", "churn")
    assert resolve_experiment_id() == expected


def test_the_active_experiment_means_nothing_in_another_store(store, other_store):
    mlflow.set_experiment("active")
    with pytest.raises(ExperimentNotFoundError):
        resolve_experiment_id(tracking_uri=other_store)
    with pytest.raises(ExperimentNotFoundError):
        resolve_experiment_id(client=create_mlflow_client(other_store))
