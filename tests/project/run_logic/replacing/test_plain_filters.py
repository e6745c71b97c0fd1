"""Filters that ask by ``=`` are read condition by condition; all others are refused."""

import ast

import pytest

from trackfix.project.run_logic.replacing.not_plain import NotPlain
from trackfix.project.run_logic.replacing.plain_filters import conditions_of


def read(code):
    """The conditions, with the text of their values; names in capitals are constants."""
    node = ast.parse(code, mode="eval").body
    found = conditions_of(
        node, lambda n: ast.unparse(n).lower() if ast.unparse(n).isupper() else ""
    )
    return [(what, ast.unparse(value), quote) for what, value, quote in found]


READ = {
    "nothing": ('""', []),
    "a literal": ("\"tags.a = 'x'\"", [("tag a", "'x'", "")]),
    "a value": ("f\"tags.a = '{x}'\"", [("tag a", "x", "'")]),
    "other quotes": ("f'tag.`a.b`=\"{x.y}\"'", [("tag a.b", "x.y", '"')]),
    "a quoted key": ("'''tags.\"a b\" = 'x' '''", [("tag a b", "'x'", "")]),
    "a key that is a constant": ("f\"tags.`{KEY}` = '{x}'\"", [("tag key", "x", "'")]),
    "a status and a name": (
        "\"attributes.status = 'FINISHED' AND run_name = 'n'\"",
        [("status", "'FINISHED'", ""), ("run_name", "'n'", "")],
    ),
    "a sum of texts": (
        "\"tags.a = 'x'\" + f\" and tags.b = '{y}'\"",
        [("tag a", "'x'", ""), ("tag b", "y", "'")],
    ),
    "signs": ("\"tags.a = '%s' and tags.b = '%s'\" % (x, y)", [("tag a", "x", "'"), ("tag b", "y", "'")]),
    "one sign": ("\"tags.a = '%s'\" % x", [("tag a", "x", "'")]),
    "braces": ("\"tags.{} = '{}'\".format(KEY, x)", [("tag key", "x", "'")]),
}  # fmt: skip


@pytest.mark.parametrize("code, expected", READ.values(), ids=READ)
def test_each_condition_is_read_with_its_value(code, expected):
    assert read(code) == expected


REFUSED = {
    "unequal": ("\"tags.a != 'x'\"", "asks for more"),
    "like": ("\"tags.a LIKE 'x%'\"", "asks for more"),
    "a metric": ('"metrics.loss = 1"', "asks for more"),
    "a choice": ("\"tags.a = 'x' or tags.b = 'y'\"", "asks for more"),
    "an end that is open": ("\"tags.a = 'x' and \"", "asks for more"),
    "one thing twice": ("\"tags.a = 'x' and tag.`a` = 'y'\"", "one thing twice"),
    "a key that is no constant": ("f\"tags.{key} = 'x'\"", "key of its tag is not known"),
    "a key of two parts": ("f\"tags.`a_{KEY}` = 'x'\"", "puts a key together"),
    "a part of a value": ("f\"tags.a = 'x-{y}'\"", "asks for more"),
    "a format": ("f\"tags.a = '{x!r}'\"", "formats a value"),
    "a width": ("\"tags.a = '%5s'\" % x", "formats a value"),
    "braces with names": ("\"tags.a = '{x}'\".format(x=x)", "made elsewhere"),
    "braces with numbers": ("\"tags.a = '{0}'\".format(x)", "formats a value"),
    "more values than signs": ("\"tags.a = '%s'\" % (x, y)", "formats a value"),
    "a sum with a value": ('"tags.a = \'" + x + "\'"', "made elsewhere"),
    "a name": ("where", "made elsewhere"),
    "a call": ("where()", "made elsewhere"),
    "a mark that is ours": ("\"tags.a = '\\0'\"", "made elsewhere"),
}


@pytest.mark.parametrize("code, reason", REFUSED.values(), ids=REFUSED)
def test_any_other_filter_is_refused(code, reason):
    with pytest.raises(NotPlain, match=reason):
        read(code)
