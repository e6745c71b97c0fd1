"""Data classes as plain values, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pytest

from trackfix.project.plain_data import from_plain, to_plain


@dataclass(frozen=True)
class Inner:
    name: str
    pair: tuple[int, int] = (0, 0)
    note: str = field(default="", compare=False)


@dataclass(frozen=True)
class Outer:
    inners: tuple[Inner, ...]
    table: Mapping[str, Inner]
    one: Inner | None = None
    flag: bool = False
    kind: Literal["a", "b"] = "a"


WHOLE = Outer((Inner("a", (1, 2)), Inner("b")), {"k": Inner("c")}, Inner("d"), True, "b")


@pytest.mark.parametrize("value", [WHOLE, Outer((), {}), Outer((Inner("a"),), {}, None)])
def test_what_went_through_json_is_the_same(value):
    assert from_plain(Outer, json.loads(json.dumps(to_plain(value)))) == value


def test_what_does_not_count_in_a_comparison_is_left_out():
    assert to_plain(Inner("a", note="text")) == {"name": "a", "pair": [0, 0]}


@pytest.mark.parametrize("value", [
    None, 1, [], {"inners": []}, {"inners": [], "table": []}, {"inners": [1], "table": {}},
    {"inners": [{"name": 1}], "table": {}}, {"inners": [{"name": "a", "pair": [1]}], "table": {}},
    {"inners": [], "table": {}, "kind": "c"}, {"inners": [], "table": {}, "more": 1}, {"inners": [], "table": {}, "flag": "yes"},
])  # fmt: skip
def test_what_is_no_such_value_is_refused(value):
    with pytest.raises((TypeError, KeyError, AttributeError, ValueError)):
        from_plain(Outer, value)
