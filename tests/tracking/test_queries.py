"""Filters that mean what was given, every page, and the best run."""

import math
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trackfix.tracking import (
    ConfigError,
    FilterError,
    NotConfiguredError,
    RunNotFoundError,
    create_mlflow_client,
    find_best_run_by_metric,
    get_or_create_experiment,
    group_runs_by_variant,
    iter_runs,
    query_runs_by_tags,
    tag_filter,
)

FROM_A_REAL_STORE = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

# The characters that filters, SQL, LIKE and parsers trip over, among all others that can be stored.
VALUES = st.one_of(
    st.text(st.sampled_from("ab'\"\\`%_;-/*(),= \n\té😀"), max_size=8),
    st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=20
    ),
)

# As MLflow checks a key: word characters, and these, in the form of a relative path.
KEYS = st.from_regex(r"[a-zéß_][\w\-. :]{0,10}[a-zé]", fullmatch=True)


@pytest.fixture
def client(store):
    return create_mlflow_client()


@pytest.fixture
def experiment(client):
    return client.create_experiment("queries")


def make_run(client, experiment, tags=None, start_time=None, **metrics):
    texts = {key: str(value) for key, value in (tags or {}).items()}
    run = client.create_run(experiment, tags=texts, start_time=start_time)
    for name, value in metrics.items():
        client.log_metric(run.info.run_id, name, value)
    return run.info.run_id


def ids(runs):
    return [run.info.run_id for run in runs]


# --- filters ---------------------------------------------------------------------------


@FROM_A_REAL_STORE
@given(first=VALUES, second=VALUES, other=VALUES)
def test_a_value_of_any_characters_finds_its_run_and_no_other(
    client, experiment, first, second, other
):
    tags = {"first": first, "second": second}
    run_id = make_run(client, experiment, tags)
    other_id = make_run(client, experiment, {"first": other, "second": second})
    try:
        expected = {run_id, other_id} if other == first else {run_id}
        assert set(ids(query_runs_by_tags(experiment, tags))) == expected
        try:
            filter_string = tag_filter(tags)
        except FilterError:
            assert any(("'" in v and '"' in v) or v.endswith("\\") for v in tags.values())
        else:
            assert set(ids(client.search_runs([experiment], filter_string))) == expected
    finally:
        client.delete_run(run_id)
        client.delete_run(other_id)


@FROM_A_REAL_STORE
@given(key=KEYS, value=VALUES)
def test_a_key_of_any_characters_that_mlflow_stores_finds_its_run(client, experiment, key, value):
    run_id = make_run(client, experiment, {key: value})
    try:
        assert ids(query_runs_by_tags(experiment, {key: value})) == [run_id]
    finally:
        client.delete_run(run_id)


@pytest.mark.parametrize(
    "value",
    [
        "it's",
        'say "yes"',
        "''",
        "' OR 'a' = 'a",
        "%",
        "a_b",
        "a\\b",
        "\\'",
        '"it\'s"',
        "C:\\models\\",
        "\\",
        "two\nlines",
        " spaces ",
        "ключ 😀",
        "",
        "`",
        "a; DROP TABLE runs; --",
    ],
)
def test_values_that_are_hard_to_quote(any_store, value):
    client = create_mlflow_client()
    experiment = get_or_create_experiment("hard values")
    run_id = make_run(client, experiment, {"k": value, "z": "z's"})
    make_run(client, experiment, {"k": value + "x", "z": "z's"})
    make_run(client, experiment, {"k": "axb", "z": "z's"})
    make_run(client, experiment, {"z": "z's"})
    assert ids(query_runs_by_tags(experiment, {"k": value, "z": "z's"})) == [run_id]
    client.delete_run(run_id)


@pytest.mark.parametrize("value", ["a'b\"c", "ends with \\"])
def test_a_value_that_no_filter_can_hold_is_an_error_that_says_what_can_find_it(value):
    with pytest.raises(FilterError, match="query_runs_by_tags") as caught:
        tag_filter({"title": value})
    assert "'title'" in str(caught.value)


def test_numbers_and_truth_values_are_compared_as_set_tag_stores_them(client, experiment):
    tags = {"fold": 3, "rate": 0.1, "last": True}
    run_id = make_run(client, experiment)
    for key, value in tags.items():
        client.set_tag(run_id, key, value)
    assert ids(query_runs_by_tags(experiment, tags)) == [run_id]


def test_a_value_that_is_too_long_is_compared_as_it_is_stored(client, experiment):
    found = make_run(client, experiment, tags={"note": "x" * 8_000})
    make_run(client, experiment, tags={"note": "x" * 7_999})
    runs = query_runs_by_tags(experiment, {"note": "x" * 9_000})
    assert [run.info.run_id for run in runs] == [found]


def test_the_longest_value_that_is_stored_whole_is_compared_whole(client, experiment):
    make_run(client, experiment, tags={"note": "x" * 8_000})
    assert query_runs_by_tags(experiment, {"note": "x" * 7_999 + "y"}) == []
    assert tag_filter({"note": "x" * 8_000}) == f"tags.`note` = '{'x' * 8_000}'"


def test_a_value_of_none_is_an_error_and_not_a_missing_constraint(store):
    no_value: Any = {"model": None}
    for call in (tag_filter, lambda tags: query_runs_by_tags("0", tags)):
        with pytest.raises(FilterError, match="'model'.* None"):
            call(no_value)


def test_a_key_that_cannot_be_stored_is_an_error():
    with pytest.raises(FilterError, match="key"):
        tag_filter({"a`b": "x"})


def test_no_tags_are_no_filter():
    assert tag_filter({}) == ""


def test_a_filter_that_mlflow_does_not_understand_is_an_error_when_it_is_asked(client):
    with pytest.raises(FilterError, match="searching runs failed"):
        list(iter_runs("0", "tags.a = 'x' OR tags.b = 'y'"))


def test_a_filter_of_the_callers_own_is_joined_by_and(client, experiment):
    run_id = make_run(client, experiment, {"stage": "hpo"}, loss=0.5)
    make_run(client, experiment, {"stage": "hpo"}, loss=1.5)
    make_run(client, experiment, {"stage": "final"}, loss=0.5)
    assert ids(query_runs_by_tags(experiment, {"stage": "hpo"}, "metrics.loss < 1")) == [run_id]
    assert len(query_runs_by_tags(experiment, {"stage": "hpo"}, " ")) == 2


# --- pages -----------------------------------------------------------------------------


@pytest.mark.regression("a tag query looked at one page (0 of 5)")
def test_matches_on_later_pages_are_found(client, experiment):
    wanted = [make_run(client, experiment, {"title": "a'b\"c", "n": n}) for n in range(5)]
    for n in range(7):
        make_run(client, experiment, {"title": f"newer {n}"})
    for page_size in (1, 2, 5, 1_000):
        found = query_runs_by_tags(experiment, {"title": "a'b\"c"}, page_size=page_size)
        assert sorted(ids(found)) == sorted(wanted)


@pytest.mark.parametrize("page_size", [1, 2, 3, 7, 50_000])
def test_every_run_comes_once_newest_first(any_store, page_size):
    client = create_mlflow_client()
    experiment = client.create_experiment(f"pages of {page_size} {time.time()}")
    made = [make_run(client, experiment, start_time=1_000 + n) for n in range(7)]
    assert ids(iter_runs(experiment, page_size=page_size)) == made[::-1]
    assert ids(query_runs_by_tags(experiment, {}, max_results=3)) == made[:-4:-1]


def test_a_run_that_begins_meanwhile_makes_none_come_twice(client, experiment):
    made = [make_run(client, experiment, start_time=1_000 + n) for n in range(6)]
    runs = iter_runs(experiment, page_size=2)
    found = [next(runs).info.run_id, next(runs).info.run_id]
    make_run(client, experiment, start_time=2_000)
    assert found + ids(runs) == made[::-1]


def test_no_more_than_a_page_is_asked_for_before_it_is_needed(client, experiment, monkeypatch):
    for n in range(5):
        make_run(client, experiment, start_time=1_000 + n)
    asked = []
    search = client.search_runs

    def noted(*args, **options):
        asked.append(options["max_results"])
        return search(*args, **options)

    monkeypatch.setattr(client, "search_runs", noted)
    runs = iter_runs(experiment, page_size=2, client=client)
    assert not asked
    next(runs), next(runs)
    assert asked == [2]
    assert len(list(runs)) == 3
    assert asked == [2, 2, 2]
    asked.clear()
    assert len(query_runs_by_tags(experiment, {}, max_results=1, client=client)) == 1
    assert asked == [1]


def test_deleted_runs_are_left_out_and_several_experiments_can_be_asked(client, experiment):
    other = client.create_experiment("other")
    here, there = make_run(client, experiment), make_run(client, other)
    client.delete_run(make_run(client, experiment))
    assert set(ids(iter_runs([experiment, other]))) == {here, there}
    assert ids(iter_runs(experiment)) == [here]
    assert ids(iter_runs([])) == []


def test_runs_can_come_in_another_order(client, experiment):
    made = [make_run(client, experiment, start_time=1_000 + n) for n in range(3)]
    assert ids(iter_runs(experiment, order_by=["attributes.start_time ASC"])) == made


@pytest.mark.parametrize("size", [0, -1, 50_001])
def test_a_page_size_out_of_range_is_an_error_at_the_call(store, size):
    with pytest.raises(ConfigError, match="page_size"):
        iter_runs("0", page_size=size)


@pytest.mark.parametrize("most", [0, -1])
def test_at_most_no_runs_is_an_error(store, most):
    with pytest.raises(ConfigError, match="max_results"):
        query_runs_by_tags("0", {}, max_results=most)


def test_without_a_configured_store_a_query_is_an_error_at_the_call(store, monkeypatch):
    monkeypatch.setattr("mlflow.is_tracking_uri_set", lambda: False)
    with pytest.raises(NotConfiguredError, match="setup_mlflow"):
        iter_runs("0")


def test_a_tracking_uri_can_be_given(client, experiment, other_store):
    make_run(client, experiment)
    theirs = make_run(create_mlflow_client(other_store), "0")
    assert ids(iter_runs("0", tracking_uri=other_store)) == [theirs]


# --- the best run ----------------------------------------------------------------------


@pytest.mark.regression("leading NaN won")
@pytest.mark.parametrize("direction, best", [("min", 0.25), ("max", 0.75)])
def test_nan_and_infinities_never_win(any_store, direction, best):
    client = create_mlflow_client()
    experiment = client.create_experiment(f"nan {direction} {time.time()}")
    made = {}
    for value in (math.nan, math.inf, 0.75, -math.inf, 0.25, 0.5, math.nan, math.inf):
        made[make_run(client, experiment, loss=value)] = value
    make_run(client, experiment)
    found = find_best_run_by_metric(experiment, "loss", direction)
    assert made[found.info.run_id] == best


@pytest.mark.parametrize("direction", ["min", "max"])
def test_of_equal_runs_the_one_that_began_last_wins(any_store, direction):
    client = create_mlflow_client()
    experiment = client.create_experiment(f"ties {direction} {time.time()}")
    for start_time, value in ((1_000, 0.5), (3_000, 0.5), (2_000, 0.5), (4_000, math.nan)):
        make_run(client, experiment, {"at": start_time}, start_time=start_time, loss=value)
    assert find_best_run_by_metric(experiment, "loss", direction).data.tags["at"] == "3000"


@FROM_A_REAL_STORE
@given(
    values=st.lists(st.floats(width=64) | st.sampled_from([0.0, 1.0, 1e22, 5e-324]), max_size=6),
    direction=st.sampled_from(["min", "max"]),
    sample=st.integers(1, 3),
)
def test_the_best_run_is_the_one_that_comparing_all_in_python_finds(
    client, values, direction, sample
):
    experiment = client.create_experiment(f"{time.time_ns()}")
    for n, value in enumerate(values):
        run_id = make_run(client, experiment, {"n": n}, start_time=1_000 + n)
        client.log_metric(run_id, "val/loss of 1: a-b", value)
    finite = [(value, n) for n, value in enumerate(values) if abs(value) < 1.79e308]
    sign = 1 if direction == "min" else -1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("trackfix.tracking.queries._SAMPLE", sample)
        if finite:
            _, best = min(finite, key=lambda one: (sign * one[0], -one[1]))
            found = find_best_run_by_metric(experiment, "val/loss of 1: a-b", direction)
            assert found.data.tags["n"] == str(best)
        else:
            with pytest.raises(RunNotFoundError):
                find_best_run_by_metric(experiment, "val/loss of 1: a-b", direction)


def test_the_best_run_is_among_those_with_the_tags_that_match_the_filter(client, experiment):
    make_run(client, experiment, {"title": "other"}, loss=0.1)
    make_run(client, experiment, {"title": "a'b\"c", "stage": "hpo"}, loss=0.2)
    best = make_run(client, experiment, {"title": "a'b\"c"}, loss=0.3)
    make_run(client, experiment, {"title": "a'b\"c"}, loss=0.4)
    found = find_best_run_by_metric(
        experiment, "loss", "min", tags={"title": "a'b\"c"}, filter_string="metrics.loss > 0.25"
    )
    assert found.info.run_id == best


def test_the_last_value_of_a_metric_counts(client, experiment):
    run_id = make_run(client, experiment)
    for step, value in enumerate((0.1, 0.9)):
        client.log_metric(run_id, "loss", value, step=step)
    other = make_run(client, experiment, loss=0.5)
    assert find_best_run_by_metric(experiment, "loss", "min").info.run_id == other


def test_it_is_an_error_that_names_the_metric_if_no_run_has_a_value_of_it(client, experiment):
    make_run(client, experiment, {"stage": "hpo"}, loss=math.nan)
    make_run(client, experiment, acc=0.5)
    for metric in ("loss", "f1"):
        with pytest.raises(
            RunNotFoundError, match=f"no run has a finite value of metric '{metric}'"
        ):
            find_best_run_by_metric(experiment, metric, "min")
    with pytest.raises(RunNotFoundError, match=r"'acc' .* with \{'stage': 'hpo'\}"):
        find_best_run_by_metric(experiment, "acc", "min", tags={"stage": "hpo"})


def test_a_direction_must_be_given_and_known(client):
    find: Any = find_best_run_by_metric
    with pytest.raises(ConfigError, match="'lowest'"):
        find("0", "loss", "lowest")
    with pytest.raises(TypeError, match="direction"):
        find("0", "loss")


# --- groups ----------------------------------------------------------------------------


def test_runs_are_grouped_by_variant_in_their_order_and_none_is_lost(client, experiment):
    made = [
        make_run(client, experiment, tags, start_time=1_000 + n)
        for n, tags in enumerate([{"code.variant": "a"}, {}, {"code.variant": "b"}] * 2)
    ]
    groups = group_runs_by_variant(iter_runs(experiment))
    assert {variant: ids(runs) for variant, runs in groups.items()} == {
        "b": [made[5], made[2]],
        None: [made[4], made[1]],
        "a": [made[3], made[0]],
    }
    assert group_runs_by_variant([]) == {}


def test_runs_are_grouped_by_another_tag(client, experiment):
    run_id = make_run(client, experiment, {"acme.kind": "x"})
    groups = group_runs_by_variant(iter_runs(experiment), key="acme.kind")
    assert {kind: ids(runs) for kind, runs in groups.items()} == {"x": [run_id]}
