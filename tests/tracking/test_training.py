"""Runs of trainings: their tags, and the index that finds them again."""

import mlflow
import pytest

from trackfix.tracking import (
    ConfigError,
    NamingContext,
    NotConfiguredError,
    RunIndex,
    RunStateError,
    TagKeys,
    create_mlflow_client,
    create_training_child_run,
    create_training_mlflow_run,
    get_or_create_experiment,
    run_key_hash,
    setup_mlflow,
)

CONTEXT = NamingContext(stage="training", model="distilbert", spec_fp="1f0e", variant=1)


def stored(run):
    return mlflow.get_run(run.info.run_id)


def test_the_run_of_a_training_has_its_tags_and_is_not_active(any_store, request):
    experiment_id = get_or_create_experiment(request.node.nodeid)
    run = create_training_mlflow_run(
        CONTEXT,
        training_type="final",
        lineage={"source": "hpo"},
        experiment_name=request.node.nodeid,
        tags={"team": "search"},
    )
    assert run.info.experiment_id == experiment_id
    tags = stored(run).data.tags
    assert tags["code.run_key_hash"] == run_key_hash(CONTEXT)
    assert (tags["code.model"], tags["code.training_type"]) == ("distilbert", "final")
    assert (tags["code.lineage.source"], tags["team"]) == ("hpo", "search")
    assert stored(run).info.run_name.startswith("training_distilbert_spec-1f0e_v-1_")
    assert stored(run).info.status == "RUNNING" and mlflow.active_run() is None


@pytest.mark.regression("the parent tag was dropped without create_as_child")
def test_with_a_parent_it_is_a_child_in_the_parents_experiment(store):
    setup_mlflow("another")
    parent = create_mlflow_client().create_run(get_or_create_experiment("training"))
    run = create_training_mlflow_run(CONTEXT, "refit", parent_run_id=parent.info.run_id)
    assert stored(run).data.tags["mlflow.parentRunId"] == parent.info.run_id
    assert run.info.experiment_id == parent.info.experiment_id
    assert run.info.run_name == "refit"


def test_without_one_it_goes_to_the_experiment_that_was_set_up(store):
    setup_mlflow("training")
    run = create_training_mlflow_run(CONTEXT)
    assert run.info.experiment_id == get_or_create_experiment("training")
    assert "mlflow.parentRunId" not in run.data.tags


def test_a_fold_is_a_child_that_is_active_and_ended(any_store, request):
    experiment_id = get_or_create_experiment(request.node.nodeid)
    with mlflow.start_run(experiment_id=experiment_id) as parent:
        with create_training_child_run(CONTEXT, training_type="fold") as fold:
            mlflow.log_metric("loss", 0.5)
        with pytest.raises(ValueError, match="no data"):
            with create_training_child_run(CONTEXT, "failed", parent.info.run_id) as failed:
                raise ValueError("no data")
    assert stored(fold).data.tags["mlflow.parentRunId"] == parent.info.run_id
    assert stored(fold).data.tags["code.training_type"] == "fold"
    assert stored(fold).data.metrics == {"loss": 0.5}
    assert (stored(fold).info.status, stored(failed).info.status) == ("FINISHED", "FAILED")


def test_a_fold_without_a_parent_is_an_error(store):
    with pytest.raises(RunStateError, match="needs a parent"):
        with create_training_child_run(CONTEXT, experiment_name="Default"):
            pytest.fail("the block was entered")


def test_both_are_found_by_the_index_at_once(any_store, tmp_path):
    index = RunIndex(tmp_path / "runs.sqlite")
    run = create_training_mlflow_run(CONTEXT, experiment_id="0", index=index)
    found = index.find(run_key_hash(CONTEXT), any_store)
    assert found is not None
    assert (found.run_id, found.time) == (run.info.run_id, run.info.start_time / 1000)
    fold = NamingContext(stage="training", fold=1)
    with create_training_child_run(fold, parent_run_id=run.info.run_id, index=index) as child:
        found = index.find(run_key_hash(fold), any_store)
        assert found is not None and found.run_id == child.info.run_id


def test_an_index_that_cannot_be_written_is_a_warning_that_names_the_run(store, tmp_path, caplog):
    (tmp_path / "file").write_text("no folder")
    index = RunIndex(tmp_path / "file" / "runs.sqlite")
    run = create_training_mlflow_run(CONTEXT, experiment_id="0", index=index)
    with create_training_child_run(CONTEXT, None, run.info.run_id, index=index) as child:
        pass
    for created in (run, child):
        assert f"run {created.info.run_id} is not in the local index" in caplog.text
    assert stored(child).info.status == "FINISHED"


def test_other_keys_are_used_for_all_tags(store):
    keys = TagKeys(stage="acme.stage", lineage_source="acme.from")
    run = create_training_mlflow_run(
        CONTEXT, lineage={"source": "hpo"}, experiment_id="0", keys=keys
    )
    assert run.data.tags["acme.stage"] == "training" and run.data.tags["acme.from"] == "hpo"
    assert "code.stage" not in run.data.tags


def test_a_mistake_in_the_lineage_or_the_setup_is_an_error_and_makes_no_run(store, monkeypatch):
    with pytest.raises(ConfigError, match="unknown in a lineage: sorce"):
        create_training_mlflow_run(CONTEXT, lineage={"sorce": "hpo"}, experiment_id="0")
    assert create_mlflow_client().search_runs(["0"]) == []
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.setattr("mlflow.tracking._tracking_service.utils._tracking_uri", None)
    with pytest.raises(NotConfiguredError):
        create_training_mlflow_run(CONTEXT, experiment_id="0")
    with pytest.raises(NotConfiguredError):
        with create_training_child_run(CONTEXT, None, "0" * 32):
            pytest.fail("the block was entered")
