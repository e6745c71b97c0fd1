"""One run, by the surest strategy that knows it; and never an unrelated one."""

import json
import logging
from typing import Any

import pytest

from trackfix.tracking import (
    ConfigError,
    FilterError,
    NamingContext,
    NotConfiguredError,
    RunIndex,
    RunNotFoundError,
    ServerUnavailableError,
    TagKeys,
    TrackingError,
    create_mlflow_client,
    create_training_mlflow_run,
    find_mlflow_run,
    find_run_by_trial_id,
    run_key_hash,
    setup_mlflow,
)
from trackfix.tracking.finder import METADATA_FILE

CONTEXT = NamingContext(
    stage="training", model="distilbert", env="local", spec_fp="1f0e", variant=1
)

EVERY_STRATEGY = [
    "run_id",
    "metadata",
    "index",
    "run_key_hash",
    "tags",
    "run_name",
    "most_recent",
]


@pytest.fixture
def client(store):
    return create_mlflow_client()


@pytest.fixture
def churn(client):
    return client.create_experiment("churn")


@pytest.fixture
def index(tmp_path):
    return RunIndex(tmp_path / "index.sqlite")


def make_run(client, experiment, tags=None, name=None, start_time=None):
    run = client.create_run(experiment, tags=tags or {}, run_name=name, start_time=start_time)
    return run.info.run_id


def record(folder, **content):
    (folder / METADATA_FILE).write_text(json.dumps(content), encoding="utf-8")
    return folder


def outcomes(report):
    return {attempt.strategy: attempt.outcome for attempt in report.attempts}


def detail(report, strategy):
    return next(one.detail for one in report.attempts if one.strategy == strategy)


# --- each strategy ---------------------------------------------------------------------


def test_every_strategy_finds_its_run_and_the_surest_wins(any_store, tmp_path):
    """One run for each strategy; taken away in order of priority, each next one is found."""
    client = create_mlflow_client()
    churn = client.create_experiment(f"priorities of {tmp_path}")
    index = RunIndex(tmp_path / "index.sqlite")
    keys = TagKeys()
    spec = {key: tag for key, tag in keys.of_context(CONTEXT).items() if key != keys.run_key_hash}
    hashed = {keys.run_key_hash: run_key_hash(CONTEXT)}
    runs = {
        "run_id": make_run(client, churn, {"team": "a"}),
        "metadata": make_run(client, churn, {"team": "a"}),
        "index": make_run(client, churn, {"team": "a"}),
        "run_key_hash": make_run(client, churn, {**hashed, "team": "a"}),
        "tags": make_run(client, churn, {**spec, "team": "a"}),
        "run_name": make_run(client, churn, {"team": "a"}, name="final"),
        "most_recent": make_run(client, churn, {"team": "a"}),
    }
    make_run(client, churn)
    index.add(run_key_hash(CONTEXT), runs["index"], client.tracking_uri)
    record(tmp_path, run_id=runs["metadata"])
    for strategy, run_id in runs.items():
        report = find_mlflow_run(
            context=CONTEXT,
            output_dir=tmp_path,
            experiment_id=churn,
            run_id=runs["run_id"],
            index=index,
            run_name="final",
            tags={"team": "a"},
            strict=False,
        )
        assert (report.strategy_used, report.run_id) == (strategy, run_id), str(report)
        client.delete_run(run_id)
    with pytest.raises(RunNotFoundError):
        find_mlflow_run(
            context=CONTEXT, output_dir=tmp_path, experiment_id=churn, index=index, run_id=run_id
        )


@pytest.mark.parametrize(
    "content",
    [
        {"run_id": "RUN"},
        {"mlflow_run_id": "RUN", "other": [1]},
        {"mlflow": {"run_id": "RUN", "experiment_id": "1"}},
        {"mlflow": {"run_id": "RUN", "tracking_uri": "URI"}},
    ],
)
def test_the_metadata_file_may_have_each_of_its_forms(client, churn, tmp_path, content):
    run_id = make_run(client, churn)
    text = json.dumps(content).replace("RUN", run_id).replace("URI", client.tracking_uri)
    (tmp_path / "metadata.json").write_text(text)
    report = find_mlflow_run(output_dir=tmp_path)
    assert (report.run_id, report.strategy_used) == (run_id, "metadata")


@pytest.mark.regression("index lookup raised TypeError")
def test_a_run_that_training_has_put_into_the_index_is_found_there(client, churn, index):
    run = create_training_mlflow_run(CONTEXT, experiment_id=churn, index=index)
    report = find_mlflow_run("churn", CONTEXT, index=index)
    assert (report.run_id, report.strategy_used) == (run.info.run_id, "index")


def test_a_run_key_hash_can_be_given_without_a_context(client, churn):
    run = create_training_mlflow_run(CONTEXT, experiment_id=churn)
    assert find_mlflow_run("churn", key_hash=run_key_hash(CONTEXT)).run_id == run.info.run_id


def test_the_newest_of_several_runs_is_taken(client, churn):
    hashed = {"code.run_key_hash": "1f3a"}
    runs = [make_run(client, churn, hashed, "final", 1_000 + n) for n in (1, 3, 2)]
    assert find_mlflow_run("churn", key_hash="1f3a").run_id == runs[1]
    assert find_mlflow_run("churn", run_name="final", strict=False).run_id == runs[1]


def test_the_project_may_have_tag_keys_of_its_own(client, churn):
    keys = TagKeys(run_key_hash="acme.key")
    run_id = make_run(client, churn, {"acme.key": run_key_hash(CONTEXT)})
    assert find_mlflow_run("churn", CONTEXT, keys=keys).run_id == run_id
    with pytest.raises(RunNotFoundError):
        find_mlflow_run("churn", CONTEXT)


def test_the_tags_of_a_context_are_no_hit_without_a_spec_fingerprint(client, churn):
    make_run(client, churn, {"code.stage": "training", "code.model": "distilbert"})
    context = NamingContext(stage="training", model="distilbert")
    report = find_mlflow_run("churn", context, strict=False)
    assert outcomes(report)["tags"] == "skipped"
    assert "spec fingerprint" in detail(report, "tags")


def test_a_run_of_another_variant_does_not_match_the_tags_of_a_context(client, churn):
    tags = TagKeys().of_context(CONTEXT)
    make_run(client, churn, {**tags, "code.variant": "2", "code.run_key_hash": "other"})
    assert not find_mlflow_run("churn", CONTEXT, strict=False).found


# --- no unrelated run ------------------------------------------------------------------


@pytest.mark.regression("a quote in a value returned an unrelated newest run")
@pytest.mark.parametrize("title", ["it's", 'say "yes"', "a'b\"c", "ends with \\"])
@pytest.mark.parametrize("by", ["run_name", "most_recent"])
def test_a_quote_in_a_value_finds_the_run_with_it_and_never_the_newest(client, churn, title, by):
    wanted = make_run(client, churn, {"title": title}, name=title, start_time=1_000)
    make_run(client, churn, {"title": "newest"}, name="newest", start_time=2_000)
    sought = {"run_name": title} if by == "run_name" else {"tags": {"title": title}}
    report = find_mlflow_run("churn", strict=False, **sought)
    assert (report.run_id, report.strategy_used) == (wanted, by)
    client.delete_run(wanted)
    assert not find_mlflow_run("churn", strict=False, **sought).found


def test_the_newest_run_of_all_is_taken_only_if_nothing_else_was_asked_for(client, churn, tmp_path):
    newest = make_run(client, churn, start_time=2_000)
    make_run(client, churn, start_time=1_000)
    assert find_mlflow_run("churn", strict=False).run_id == newest
    for sought in (
        {"run_name": "final"},
        {"run_id": "0" * 32},
        {"output_dir": tmp_path},
        {"context": CONTEXT},
        {"key_hash": "1f3a"},
    ):
        report = find_mlflow_run("churn", strict=False, **sought)
        assert not report.found
        assert "unrelated" in detail(report, "most_recent")


def test_a_deleted_run_is_no_hit_and_the_report_says_so(client, churn, tmp_path, index):
    run_id = create_training_mlflow_run(CONTEXT, experiment_id=churn, index=index).info.run_id
    client.delete_run(run_id)
    report = find_mlflow_run(
        "churn",
        CONTEXT,
        record(tmp_path, run_id=run_id),
        run_id=run_id,
        index=index,
        run_name="training",
        strict=False,
    )
    assert not report.found
    for strategy in ("run_id", "metadata", "index"):
        assert outcomes(report)[strategy] == "rejected"
        assert detail(report, strategy) == f"run {run_id} is deleted"


def test_a_run_of_another_experiment_is_no_hit_and_the_report_says_so(
    client, churn, tmp_path, index
):
    other = client.create_experiment("other")
    run_id = create_training_mlflow_run(CONTEXT, experiment_id=other, index=index).info.run_id
    folder = record(tmp_path, run_id=run_id)
    report = find_mlflow_run("churn", CONTEXT, folder, run_id=run_id, index=index, strict=False)
    assert not report.found
    for strategy in ("run_id", "metadata", "index"):
        assert detail(report, strategy) == f"run {run_id} is in experiment {other}, not in {churn}"
    assert find_mlflow_run(run_id=run_id).found


def test_a_run_that_lacks_one_of_the_tags_is_no_hit(client, churn, index):
    run_id = create_training_mlflow_run(
        CONTEXT, experiment_id=churn, index=index, tags={"team": "a"}
    ).info.run_id
    sought = {"context": CONTEXT, "index": index, "run_id": run_id}
    assert find_mlflow_run("churn", tags={"team": "a"}, **sought).run_id == run_id
    report = find_mlflow_run("churn", tags={"team": "b"}, strict=False, **sought)
    assert not report.found
    assert "has 'a' for tag 'team', not 'b'" in detail(report, "run_id")
    report = find_mlflow_run("churn", tags={"code.model": "bert"}, strict=False, **sought)
    assert not report.found
    assert "'distilbert' and 'bert'" in detail(report, "tags")


def test_an_index_entry_of_another_store_is_no_hit_and_the_report_says_so(client, churn, index):
    run_id = make_run(client, churn)
    index.add(run_key_hash(CONTEXT), run_id, "http://elsewhere:5000")
    report = find_mlflow_run("churn", CONTEXT, index=index, strict=False)
    assert not report.found
    assert outcomes(report)["index"] == "rejected"
    assert "http://elsewhere:5000" in detail(report, "index")


def test_metadata_of_another_store_is_no_hit_and_shows_no_credentials(client, churn, tmp_path):
    run_id = make_run(client, churn)
    record(tmp_path, mlflow={"run_id": run_id, "tracking_uri": "http://me:secret@elsewhere:5000"})
    report = find_mlflow_run("churn", output_dir=tmp_path, strict=False)
    assert outcomes(report)["metadata"] == "rejected"
    assert detail(report, "metadata") == f"run {run_id} is in http://elsewhere:5000"


def test_the_output_folder_of_another_run_key_is_no_hit(client, churn, tmp_path):
    """The folder was used again for another configuration, and its metadata stayed behind."""
    other = NamingContext(stage="training", model="bert")
    stale = create_training_mlflow_run(other, experiment_id=churn).info.run_id
    folder = record(tmp_path, run_id=stale)
    report = find_mlflow_run("churn", CONTEXT, folder, strict=False)
    assert not report.found
    assert "another run-key hash" in detail(report, "metadata")
    assert find_mlflow_run("churn", CONTEXT, run_id=stale).run_id == stale


def test_an_id_that_is_the_id_of_no_run_is_not_found(any_store):
    for run_id in ("0" * 32, "never-made", "../x", "a b'c\"d"):
        report = find_mlflow_run(run_id=run_id, strict=False, experiment_id="123456")
        assert outcomes(report)["run_id"] == "not found"
        assert isinstance(report.attempts[0].error, RunNotFoundError)


# --- strictness ------------------------------------------------------------------------


def test_strict_is_the_default_and_stops_after_the_sure_strategies(client, churn):
    make_run(client, churn, {"team": "a"}, name="final")
    with pytest.raises(RunNotFoundError) as caught:
        find_mlflow_run("churn", CONTEXT, run_name="final", tags={"team": "a"})
    message = str(caught.value)
    assert message.startswith("no run found\n  run_id: skipped (none was given)")
    assert "run_name: skipped (not tried when strict)" in message


@pytest.mark.regression("strictness set in config was ignored")
def test_strictness_can_be_set_by_config_and_the_argument_wins(client, churn):
    run_id = make_run(client, churn, name="final")
    relaxed, strict = {"strict": False}, {"strict": True}
    assert find_mlflow_run("churn", run_name="final", config=relaxed).run_id == run_id
    assert find_mlflow_run("churn", run_name="final", config=strict, strict=False).found
    for refused in (
        {"config": strict},
        {"config": {}},
        {"config": relaxed, "strict": True},
    ):
        with pytest.raises(RunNotFoundError):
            find_mlflow_run("churn", run_name="final", **refused)
    assert not find_run_by_trial_id(7, "churn", config=relaxed).found
    with pytest.raises(RunNotFoundError):
        find_run_by_trial_id(7, "churn", config=strict)


@pytest.mark.parametrize(
    "config, message",
    [
        ({"strct": False}, "strct"),
        ({"strict": "false"}, "'false'"),
        ({"strict": None}, "None"),
        ({"strict": 0}, "0"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_an_error(client, config, message):
    with pytest.raises(ConfigError, match=message):
        find_mlflow_run(config=config)


# --- errors ----------------------------------------------------------------------------


def test_a_server_that_stops_is_an_error_and_not_a_missing_run(own_server, monkeypatch, tmp_path):
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
    client = create_mlflow_client(own_server.uri)
    churn = client.create_experiment("churn")
    run = create_training_mlflow_run(CONTEXT, "final", experiment_id=churn, client=client)
    index = RunIndex(tmp_path / "index.sqlite")
    index.add(run_key_hash(CONTEXT), run.info.run_id, own_server.uri)
    folder = record(tmp_path, run_id=run.info.run_id)
    own_server.kill()
    for sought in (
        {"experiment_name": "churn"},
        {"run_id": run.info.run_id},
        {"output_dir": folder},
        {"index": index, "key_hash": run_key_hash(CONTEXT)},
        {"context": CONTEXT, "run_name": "final", "tags": {"code.stage": "training"}},
    ):
        if "experiment_name" not in sought:
            sought["experiment_id"] = churn
        for strict in (True, False):
            with pytest.raises(ServerUnavailableError):
                find_mlflow_run(**sought, client=client, strict=strict)
    for strict in (True, False):
        with pytest.raises(ServerUnavailableError):
            find_run_by_trial_id(7, experiment_id=churn, client=client, strict=strict)
    own_server.start()
    assert find_mlflow_run("churn", CONTEXT, client=client).run_id == run.info.run_id


def test_no_weaker_strategy_is_tried_after_an_error_of_the_server(client, churn, monkeypatch):
    """No real server fails for one filter only."""
    make_run(client, churn, name="final")
    search = client.search_runs

    def fail_for_the_hash(ids, filter_string, **options):
        if "run_key_hash" in filter_string:
            raise ConnectionResetError("reset by peer")
        return search(ids, filter_string, **options)

    monkeypatch.setattr(client, "search_runs", fail_for_the_hash)
    with pytest.raises(ServerUnavailableError, match="reset by peer"):
        find_mlflow_run("churn", CONTEXT, run_name="final", strict=False, client=client)


@pytest.mark.parametrize(
    "content", ['{"run_id": "0c', "[1, 2]", '{"mlflow": null}', '{"run_id": 7}', b"\xff\xfe\x00"]
)
def test_metadata_that_cannot_be_read_is_reported_with_a_warning_and_the_next_is_tried(
    client, churn, tmp_path, caplog, content
):
    run = create_training_mlflow_run(CONTEXT, experiment_id=churn)
    path = tmp_path / "metadata.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with caplog.at_level(logging.WARNING, logger="trackfix.tracking"):
        report = find_mlflow_run("churn", CONTEXT, tmp_path)
    assert (report.run_id, report.strategy_used) == (run.info.run_id, "run_key_hash")
    (attempt,) = [one for one in report.attempts if one.outcome == "error"]
    assert attempt.strategy == "metadata" and isinstance(attempt.error, ValueError)
    assert str(path) in caplog.text


def test_metadata_that_is_missing_or_names_no_run_is_not_found(client, tmp_path, caplog):
    report = find_mlflow_run(output_dir=tmp_path, strict=False)
    assert outcomes(report)["metadata"] == "not found"
    report = find_mlflow_run(output_dir=record(tmp_path, loss=1), strict=False)
    assert detail(report, "metadata").endswith("names no run")
    assert not caplog.records


def test_an_index_that_cannot_be_read_is_reported_with_a_warning_and_the_next_is_tried(
    client, churn, tmp_path, caplog
):
    run = create_training_mlflow_run(CONTEXT, experiment_id=churn)
    report = find_mlflow_run("churn", CONTEXT, index=RunIndex(tmp_path))
    assert report.run_id == run.info.run_id
    assert outcomes(report)["index"] == "error"
    assert "can't read the run index" in caplog.text


def test_a_missing_or_deleted_experiment_has_no_runs(client, churn, tmp_path):
    run_id = make_run(client, churn)
    report = find_mlflow_run("chrun", run_id=run_id, strict=False)
    assert not report.found
    assert "there is no experiment named 'chrun'" in str(report)
    client.delete_experiment(churn)
    with pytest.raises(RunNotFoundError, match="restore"):
        find_mlflow_run("churn", run_id=run_id)


def test_a_tag_without_a_value_is_an_error(client):
    no_value: Any = {"model": None}
    with pytest.raises(FilterError, match="'model'"):
        find_mlflow_run(tags=no_value)


def test_a_permission_that_is_missing_is_an_error_and_not_a_missing_run(client, monkeypatch):
    """The servers of the tests refuse nothing."""
    from mlflow.exceptions import MlflowException
    from mlflow.protos.databricks_pb2 import PERMISSION_DENIED

    def refuse(run_id):
        raise MlflowException("no", error_code=PERMISSION_DENIED)

    monkeypatch.setattr(client, "get_run", refuse)
    with pytest.raises(TrackingError) as caught:
        find_mlflow_run(run_id="0" * 32, strict=False, client=client)
    assert not isinstance(caught.value, RunNotFoundError)


# --- where it looks --------------------------------------------------------------------


def test_without_an_experiment_the_active_one_is_searched(store):
    setup_mlflow("churn")
    run = create_training_mlflow_run(CONTEXT, "final")
    assert find_mlflow_run(context=CONTEXT).run_id == run.info.run_id
    setup_mlflow("other")
    assert not find_mlflow_run(context=CONTEXT, strict=False).found
    assert find_mlflow_run(run_id=run.info.run_id).found


def test_without_any_experiment_searches_are_skipped_and_say_why(client, churn):
    run = create_training_mlflow_run(CONTEXT, "final", experiment_id=churn)
    report = find_mlflow_run(context=CONTEXT, run_name="final", strict=False)
    assert not report.found
    assert outcomes(report)["run_key_hash"] == outcomes(report)["run_name"] == "skipped"
    assert "which experiment" in detail(report, "run_key_hash")
    assert find_mlflow_run(run_id=run.info.run_id).found


def test_without_a_configured_store_it_is_an_error_that_names_the_missing_call(store, monkeypatch):
    monkeypatch.setattr("mlflow.is_tracking_uri_set", lambda: False)
    for find in (find_mlflow_run, lambda: find_run_by_trial_id(7)):
        with pytest.raises(NotConfiguredError, match="setup_mlflow"):
            find()


# --- the report ------------------------------------------------------------------------


def test_the_report_tells_what_came_of_every_strategy(client, churn):
    make_run(client, churn)
    report = find_mlflow_run("churn", run_id="0" * 32, run_name="final", strict=False)
    assert not report.found and report.run_id is None and report.strategy_used is None
    assert [attempt.strategy for attempt in report.attempts] == EVERY_STRATEGY
    assert str(report).splitlines() == [
        "no run found",
        f"  run_id: not found (there is no run {'0' * 32})",
        "  metadata: skipped (no output_dir was given)",
        "  index: skipped (no index was given)",
        "  run_key_hash: skipped (neither a context nor a hash was given)",
        "  tags: skipped (no context with a spec fingerprint was given)",
        f"  run_name: not found (in experiment {churn})",
        "  most_recent: skipped (without tags it would be an unrelated run)",
    ]
    with pytest.raises(RunNotFoundError) as caught:
        report.raise_if_not_found()
    assert str(caught.value) == str(report)


def test_the_report_of_a_run_that_was_found_ends_with_it(client, churn):
    run_id = make_run(client, churn)
    report = find_mlflow_run("churn", run_id=run_id)
    assert report.raise_if_not_found() == run_id
    assert str(report) == f"run {run_id} found by run_id\n  run_id: found"


def test_a_strategy_asks_the_server_once_at_most(client, churn, index, tmp_path, monkeypatch):
    calls = []

    def note(name):
        real = getattr(client, name)

        def noted(*args, **options):
            calls.append(name)
            return real(*args, **options)

        monkeypatch.setattr(client, name, noted)

    for name in ("get_run", "search_runs", "get_experiment_by_name"):
        note(name)
    index.add(run_key_hash(CONTEXT), "0" * 32, client.tracking_uri)
    report = find_mlflow_run(
        "churn",
        CONTEXT,
        record(tmp_path, run_id="1" * 32),
        run_id="2" * 32,
        index=index,
        run_name="final",
        tags={"team": "a"},
        strict=False,
        client=client,
    )
    assert set(outcomes(report).values()) == {"not found"}
    assert calls == ["get_experiment_by_name", *["get_run"] * 3, *["search_runs"] * 4]


# --- trials ----------------------------------------------------------------------------


def test_the_run_of_a_trial_is_found_and_not_one_of_its_folds(any_store, tmp_path):
    client = create_mlflow_client()
    churn = client.create_experiment(f"trials of {tmp_path}")
    trial = make_run(client, churn, {"code.trial_id": "7", "code.study_name": "a"})
    for fold in range(3):
        make_run(
            client, churn, {"code.trial_id": "7", "code.fold": str(fold), "code.study_name": "a"}
        )
    make_run(client, churn, {"code.trial_id": "8"})
    for trial_id in (7, "7"):
        report = find_run_by_trial_id(trial_id, experiment_id=churn)
        assert (report.run_id, report.strategy_used) == (trial, "trial_id")
    assert find_run_by_trial_id(7, experiment_id=churn, tags={"code.study_name": "a"}).found
    with pytest.raises(RunNotFoundError):
        find_run_by_trial_id(7, experiment_id=churn, tags={"code.study_name": "b"})
    client.delete_run(trial)
    with pytest.raises(RunNotFoundError, match="only 3 folds of it"):
        find_run_by_trial_id(7, experiment_id=churn)


def test_the_run_of_a_trial_that_is_not_there_can_be_reported(client, churn):
    assert not find_run_by_trial_id("9", "churn", strict=False).found
    assert not find_run_by_trial_id("9", "chrun", strict=False).found
    assert "which experiment" in str(find_run_by_trial_id("9", strict=False))
