"""The registry of tag keys, and the functions that build tags: against a real store where they talk to one."""

import signal

import mlflow
import pytest

from trackfix.tracking import (
    ConfigError,
    LimitError,
    NamingContext,
    RunNotFoundError,
    RunStateError,
    TagKeys,
    add_training_tags,
    add_training_tags_with_lineage,
    apply_lineage_tags,
    build_lineage_tags,
    create_mlflow_client,
    get_training_tag_keys,
    run_key_hash,
)

CONTEXT = NamingContext(stage="training", model="distilbert", spec_fp="1f0e", variant=2)


def test_a_yaml_file_overrides_keys_flat_and_in_sections_and_leaves_the_others(tmp_path):
    path = tmp_path / "tags.yaml"
    path.write_text(
        "stage: acme.stage\nlineage:\n  source: acme.from\nazureml:\n  run_type: acme.rt\n"
    )
    keys = TagKeys.from_yaml(path)
    assert (keys.stage, keys.lineage_source, keys.azureml_run_type) == (
        "acme.stage",
        "acme.from",
        "acme.rt",
    )
    assert keys.model == TagKeys().model


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("stag: acme.stage", "unknown name 'stag'; known are"),
        ("lineage: {from: acme.from}", "unknown name 'lineage_from'"),
        ("7: acme.stage", "unknown name '7'"),
        ("stage: 7", "the tag key of stage must be text, not 7"),
        ("stage:", "the tag key of stage must be text, not None"),
        ("- stage", "must be a mapping"),
        ("stage: [", "can't be read"),
        ("stage: code.model", "stage and model have the same tag key 'code.model'"),
        ("parent_run_id: acme.parent", "MLflow reads 'mlflow.parentRunId', not 'acme.parent'"),
        (f"stage: {'x' * 251}", "251 characters"),
        ("stage: acme@stage", "can't store the key"),
        ("lineage: {source: a}\nlineage_source: b", "lineage_source is there twice"),
    ],
)
def test_a_yaml_file_with_a_mistake_is_an_error_that_names_file_and_mistake(tmp_path, text, said):
    path = tmp_path / "tags.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError) as raised:
        TagKeys.from_yaml(path)
    assert said in str(raised.value) and str(path) in str(raised.value)


def test_an_empty_yaml_file_is_the_defaults_and_a_missing_one_an_error(tmp_path):
    (tmp_path / "tags.yaml").write_text("# nothing yet\n")
    assert TagKeys.from_yaml(tmp_path / "tags.yaml") == TagKeys()
    with pytest.raises(ConfigError, match="can't be read"):
        TagKeys.from_yaml(tmp_path / "other.yaml")


def test_the_keys_of_a_project_are_those_of_its_tags_yaml(tmp_path):
    assert get_training_tag_keys(tmp_path) == get_training_tag_keys() == TagKeys()
    (tmp_path / "tags.yaml").write_text("stage: acme.stage")
    assert get_training_tag_keys(tmp_path).stage == "acme.stage"
    with pytest.raises(ConfigError, match="is no folder"):
        get_training_tag_keys(tmp_path / "configs")


@pytest.mark.regression("add_training_tags changed its argument")
def test_adding_training_tags_leaves_what_it_is_given_alone():
    tags, lineage = {"team": "search"}, {"source": "hpo"}
    first = add_training_tags(tags, "final", context=CONTEXT)
    second = add_training_tags_with_lineage(tags, "refit", lineage, context=CONTEXT)
    assert tags == {"team": "search"} and lineage == {"source": "hpo"}
    assert first is not tags
    first["mine"] = "x"
    assert "mine" not in second and "mine" not in tags


def test_training_tags_hold_the_context_and_the_hash_that_a_run_is_found_by():
    assert add_training_tags(None, "final", context=CONTEXT) == {
        "code.stage": "training",
        "code.model": "distilbert",
        "code.spec_fp": "1f0e",
        "code.variant": "2",
        "code.run_key_hash": run_key_hash(CONTEXT),
        "code.training_type": "final",
    }


def test_a_tag_that_is_there_already_stays_and_one_of_none_is_no_tag():
    tags = add_training_tags({"code.model": "mine", "team": None}, context=CONTEXT)
    assert tags["code.model"] == "mine"
    assert "team" not in tags and "code.training_type" not in tags


def test_other_keys_are_used_everywhere():
    keys = TagKeys(stage="a", training_type="b", lineage_source="c", run_key_hash="d")
    tags = add_training_tags_with_lineage(
        {}, "final", {"source": "hpo"}, context=NamingContext(stage="training"), keys=keys
    )
    assert set(tags) == {"a", "b", "c", "d"}


@pytest.mark.regression("None lineage crashed")
def test_no_lineage_is_no_tags(store):
    assert build_lineage_tags(None) == build_lineage_tags({}) == {}
    assert add_training_tags_with_lineage({"a": "b"}, None, None) == {"a": "b"}
    run_id = create_mlflow_client().create_run("0").info.run_id
    assert apply_lineage_tags(run_id, None) == {}


def test_a_lineage_of_none_values_is_no_tags_and_numbers_become_text():
    lineage = {"source": None, "hpo_trial_run_id": 7}
    assert build_lineage_tags(lineage) == {"code.lineage.hpo_trial_run_id": "7"}


def test_a_misspelled_name_in_a_lineage_is_an_error_that_lists_the_known_ones():
    with pytest.raises(ConfigError, match=r"unknown in a lineage: sorce; known are .*source"):
        build_lineage_tags({"sorce": "hpo"})


ANOTHER_PROCESS = """
import mlflow, sys
mlflow.set_tracking_uri(sys.argv[1])
print(mlflow.start_run(run_name="elsewhere").info.run_id, flush=True)
sys.stdin.read()
"""


@pytest.mark.regression("apply_lineage_tags tagged another process's running run and ended it")
def test_only_the_run_with_the_id_gets_the_tags_and_no_run_starts_or_ends(any_store, python):
    client = create_mlflow_client()
    done = client.create_run("0")
    client.set_terminated(done.info.run_id)
    other = python.start(ANOTHER_PROCESS, any_store)
    running = other.stdout.readline().strip()
    with mlflow.start_run() as active:
        apply_lineage_tags(done.info.run_id, {"source": "hpo"})
        assert active == mlflow.active_run()
    other.send_signal(signal.SIGKILL)
    other.wait()
    tagged = client.get_run(done.info.run_id)
    assert tagged.data.tags["code.lineage.source"] == "hpo"
    assert (tagged.info.status, tagged.info.end_time) == (
        "FINISHED",
        client.get_run(done.info.run_id).info.end_time,
    )
    assert client.get_run(running).info.status == "RUNNING"
    for run_id in (running, active.info.run_id):
        assert "code.lineage.source" not in client.get_run(run_id).data.tags


def test_a_run_that_runs_goes_on_running_when_it_gets_lineage_tags(store):
    client = create_mlflow_client()
    run_id = client.create_run("0").info.run_id
    apply_lineage_tags(run_id, {"source": "hpo"}, client=client)
    assert client.get_run(run_id).info.status == "RUNNING"
    assert mlflow.active_run() is None


def test_lineage_tags_for_an_unknown_run_or_none_are_an_error(any_store):
    with pytest.raises(RunNotFoundError):
        apply_lineage_tags("0" * 32, {"source": "hpo"})
    with pytest.raises(RunStateError):
        apply_lineage_tags("", {"source": "hpo"})


def test_a_lineage_value_longer_than_mlflow_stores_is_cut_with_a_warning(
    store, caplog, monkeypatch
):
    run_id = create_mlflow_client().create_run("0").info.run_id
    apply_lineage_tags(run_id, {"source": "x" * 8001})
    assert len(mlflow.get_run(run_id).data.tags["code.lineage.source"]) == 8000
    assert "'code.lineage.source' has 8001 characters" in caplog.text
    monkeypatch.setenv("MLFLOW_TRUNCATE_LONG_VALUES", "false")
    with pytest.raises(LimitError):
        apply_lineage_tags(run_id, {"source": "x" * 8001})
