"""Lazy patterns behave as compiled ones do."""

from __future__ import annotations

import re

import pytest

from trackfix.source.patterns import lazy_pattern


def test_a_lazy_pattern_answers_as_the_compiled_one_does() -> None:
    lazy, compiled = lazy_pattern(r"(?P<a>a+)b", re.IGNORECASE), re.compile(r"(?i)(?P<a>a+)b")
    for text in ("AAb ab", "b", ""):
        assert lazy.findall(text) == compiled.findall(text)
        found, wanted = lazy.search(text), compiled.search(text)
        assert (found and found.groupdict()) == (wanted and wanted.groupdict())
    assert lazy.match("xab", 1) is not None


def test_a_lazy_pattern_of_bytes_reads_bytes() -> None:
    assert lazy_pattern(rb"\w+").findall(b"a bc") == [b"a", b"bc"]


def test_nothing_is_compiled_before_the_first_use() -> None:
    broken = lazy_pattern("(")
    with pytest.raises(re.error):
        broken.search("")


def test_the_second_use_takes_what_the_first_one_has_made() -> None:
    lazy = lazy_pattern("a")
    assert lazy.search is lazy.search
