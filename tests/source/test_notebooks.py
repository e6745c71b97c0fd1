"""Cells of notebooks, read and replaced."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackfix.source.errors import SourceError
from trackfix.source.notebooks import parse_cells, replace_sources


def notebook(*sources: Any, **dump: Any) -> str:
    cells = [
        {"cell_type": "code", "metadata": {"a": [1, "]"]}, "source": source, "outputs": [{"x": 1}]}
        for source in sources
    ]
    return json.dumps({"metadata": {}, "cells": cells, "nbformat": 4}, **dump)


NAMES = st.text('ab\né"\\\t😀\x0c\u2028')


@given(st.lists(NAMES), st.sampled_from([None, 1, "\t"]), st.booleans(), st.booleans())
def test_spans_hold_the_source(
    sources: list[str], indent: Any, ascii_only: bool, as_lists: bool
) -> None:
    stored = [s.splitlines(keepends=True) if as_lists else s for s in sources]
    text = notebook(*stored, indent=indent, ensure_ascii=ascii_only)
    cells = parse_cells(text)
    assert [cell.source for cell in cells] == sources
    assert [json.loads(text[cell.start : cell.end]) for cell in cells] == stored


# At least two lines, for a list to have a layout that can be seen, and an é for its spelling.
SOURCES = st.builds("é\n{}".format, NAMES.filter(bool))


@given(
    st.lists(st.tuples(SOURCES, SOURCES)),
    st.sampled_from([None, 1, "\t"]),
    st.booleans(),
    st.booleans(),
)
def test_replaced_sources_are_as_if_jupyter_had_saved_them(
    sources: list[tuple[str, str]], indent: Any, ascii_only: bool, as_lists: bool
) -> None:
    def saved(sources: list[str]) -> str:
        stored = [s.splitlines(keepends=True) if as_lists else s for s in sources]
        return notebook(*stored, indent=indent, ensure_ascii=ascii_only)

    text = saved([old for old, _ in sources])
    new = [new for _, new in sources]
    replaced = replace_sources(text, parse_cells(text), dict(enumerate(new)))
    assert replaced == saved(new)


def test_nothing_changes_without_a_new_source() -> None:
    text = ' {"cells" : [{"cell_type":"code","source":["\\u00e9\\n" ,\n"b"]}]}\n\n'
    cells = parse_cells(text)
    assert replace_sources(text, cells, {}) == text
    assert replace_sources(text, cells, {0: "é\nb"}) == text


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        # Lines that stay keep their escapes, though the file elsewhere has the plain character.
        (r'["\u00e9\n", "a\n", "é"]', "é\nb\né", r'["\u00e9\n", "b\n", "é"]'),
        (r'"\u00e9\u000aa\né\/"', "é\nb\né/", r'"\u00e9\u000ab\né\/"'),
        (r'["\u00e9\n", "a"]', "é\nü", r'["\u00e9\n", "\u00fc"]'),
        # Layout, with lines added and taken away.
        ('[\n  "a\\n",\n  "b"\n ]', "a\nx\nb", '[\n  "a\\n",\n  "x\\n",\n  "b"\n ]'),
        ('[\n  "a\\n",\n  "b"\n ]', "b", '[\n  "b"\n ]'),
        ('[ "a" ]', "a\nb", '[ "a\\n", "b" ]'),
        ('["a\\n" ,"b\\n",  "c"]', "a\nx\nc", '["a\\n" ,"x\\n",  "c"]'),
        ('["a"]', "", "[]"),
        ("[]", "a\nb", '["a\\n", "b"]'),
        ('""', "a\n", '"a\\n"'),
        ('"a"', "", '""'),
        # Elements that are no lines.
        ('["a\\nb", "\\nc"]', "a\nb\nd", '["a\\n", "b\\n", "d"]'),
        # Half a surrogate pair has no UTF-8.
        (r'["é", "\ud800"]', "é\ud800\n", r'["\u00e9\ud800\n"]'),
    ],
)
def test_a_new_source_keeps_style_and_spelling(old: str, new: str, expected: str) -> None:
    frame = '{"nbformat": 4,\r\n "cells": [{"cell_type": "code", "source": %s, "id": "x"}]}'
    text = frame % old
    replaced = replace_sources(text, parse_cells(text), {0: new})
    assert replaced == frame % expected
    assert parse_cells(replaced)[0].source == new


def test_only_the_given_cells_change() -> None:
    text = notebook(["a\n", "b"], ["a\n", "b"], "a")
    replaced = replace_sources(text, parse_cells(text), {1: "a\nc"})
    assert replaced == notebook(["a\n", "b"], ["a\n", "c"], "a")


def test_a_cell_that_is_not_there_is_an_error() -> None:
    text = notebook("a")
    with pytest.raises(KeyError):
        replace_sources(text, parse_cells(text), {3: "b"})


def test_kinds_and_places_are_told_apart() -> None:
    cells = [
        {"cell_type": "markdown", "source": "# a"},
        {"cell_type": "code", "source": "b"},
        {"cell_type": "code"},
        {"cell_type": "raw", "source": "c"},
    ]
    found = parse_cells(json.dumps({"cells": cells}))
    assert [(c.index, c.kind, c.source) for c in found] == [
        (0, "markdown", "# a"),
        (1, "code", "b"),
        (3, "raw", "c"),
    ]


def test_format_three_is_read() -> None:
    cells = [
        {"cell_type": "code", "input": ["a\n", "b"], "language": "python"},
        {"cell_type": "code", "input": "puts", "language": "ruby"},
        {"cell_type": "heading", "source": "c"},
    ]
    text = json.dumps({"nbformat": 3, "worksheets": [{"cells": cells[:1]}, {"cells": cells[1:]}]})
    found = parse_cells(text)
    assert [(c.index, c.kind, c.source) for c in found] == [
        (0, "code", "a\nb"),
        (1, "raw", "puts"),
        (2, "markdown", "c"),
    ]


@pytest.mark.parametrize(
    ("metadata", "kind"),
    [
        ({}, "code"),
        (None, "code"),
        ({"language_info": {"name": "python"}}, "code"),
        ({"kernelspec": {"language": "python"}}, "code"),
        ({"kernelspec": {"name": "python3"}}, "code"),
        ({"language_info": {"name": "R"}}, "raw"),
        ({"kernelspec": {"language": "scala"}}, "raw"),
    ],
)
def test_code_in_another_language_is_raw(metadata: Any, kind: str) -> None:
    cells = [{"cell_type": "code", "source": "x"}]
    assert parse_cells(json.dumps({"cells": cells, "metadata": metadata}))[0].kind == kind


def test_the_last_of_equal_keys_counts() -> None:
    text = '{"cells": [], "cells": [{"cell_type": "code", "source": "a", "source": "b"}]}'
    (cell,) = parse_cells(text)
    assert (cell.source, text[cell.start : cell.end]) == ("b", '"b"')


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("", "bad JSON", 1),
        ('{"cells": [\n\n}', "bad JSON", 3),
        ("<<<<<<< HEAD\n", "bad JSON", 1),
        ("[" * 100_000, "nested too deeply|bad JSON", None),
        ("[]", "has no cells", None),
        ("3", "has no cells", None),
        ('{"nbformat": 4}', "has no cells", None),
        ('{"cells": 3}', "not laid out", None),
        ('{"cells": [3]}', "not laid out", None),
        ('{"cells": [{"source": "a"}]}', "not laid out", None),
        ('{"cells": [{"cell_type": "code", "source": 3}]}', "not laid out", None),
        ('{"cells": [{"cell_type": "code", "source": [3]}]}', "not laid out", None),
        ('{"worksheets": [{}]}', "not laid out", None),
    ],
)
def test_what_is_no_notebook_is_refused(text: str, message: str, line: int | None) -> None:
    with pytest.raises(SourceError, match=message) as caught:
        parse_cells(text)
    if line is not None:
        assert caught.value.line == line
