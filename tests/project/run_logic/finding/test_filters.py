"""Filter strings of search_runs."""

import pytest

from trackfix.project.run_logic.finding.filters import order_of, read_filter
from trackfix.project.run_logic.fragments import Term
from trackfix.project.run_logic.values.holes import hole


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("tags.stage = 'dev'", [Term("tag", "stage", "dev")]),
        ("tags.`code.study` = 'a' and tags.\"b c\" = 'd'", [
            Term("tag", "code.study", "a"), Term("tag", "b c", "d")]),
        ("tag.mlflow.runName LIKE 'x%'", [Term("name", "", "x%")]),
        ("attributes.run_name = 'x'", [Term("name", "", "x")]),
        ("run_name = 'x'", [Term("name", "", "x")]),
        ("attributes.status = 'RUNNING'", [Term("status", "", "RUNNING")]),
        ("metrics.f1 > 0.5 AND params.lr = '1'", [
            Term("metric", "f1", "0.5"), Term("param", "lr", "1")]),
        ("attributes.start_time > 5", [Term("time", "", "5")]),
        ("tags.stage != 'dev'", [Term("no tag", "stage", "dev")]),
        ("params.lr != '1' and run_name != 'x'", [
            Term("no param", "lr", "1"), Term("no name", "", "x")]),
        ("attributes.status != 'FAILED'", [Term("status", "", "!FAILED")]),
    ],
)  # fmt: skip
def test_each_condition_is_a_term(text, terms):
    assert list(read_filter(text)) == terms


def test_a_value_that_is_not_known_is_empty():
    assert list(read_filter(f"tags.a = '{hole('x')}'")) == [Term("tag", "a", "")]


def test_a_key_that_is_not_known_is_what_stands_there():
    assert list(read_filter(f"tags.{hole('key')} = 'x'")) == [Term("tag", "<:key>", "x")]
    assert list(read_filter(f"tags.`{hole('<m:KEY>')}` = 'x'")) == [Term("tag", "<m:KEY>", "x")]


@pytest.mark.parametrize("text", ["", "   ", "hello", hole("filter"), "1 = 1"])
def test_what_is_no_condition_gives_no_term(text):
    assert list(read_filter(text)) == []


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("start_time DESC", "time"),
        ("attributes.start_time DESC", "time"),
        ("metrics.f1 DESC, start_time DESC", "metric"),
        ("params.seed", "other"),
        (hole("order"), "other"),
        ("", ""),
    ],
)
def test_an_order_is_by_time_or_metric(text, order):
    assert order_of(text) == order
