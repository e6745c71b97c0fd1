"""Definitions as bytes show them."""

from __future__ import annotations

import pytest

from trackfix.project.facts.text_definitions import (
    attributes_set,
    is_absent_from,
    is_defined_in,
    makes_names,
)


@pytest.mark.parametrize("source", [
    "def f(): pass", "async def f(): pass", "class\tC: pass", "import a\ndef f(): pass",
    "def _f(): pass", "class _C: pass", "X = 1", "X: int = 1", "table = {}", 'T = TypeVar("T")',
    '"""Text."""\nX = [1]', "# text\n\n'''Text.'''\ndef f(): pass",
    "X = 1\nwarnings.warn(X)\ndef f(): pass", "X = 1\nif X:\n  warnings.warn(X)",
])  # fmt: skip
def test_what_no_shim_makes_is_seen_at_the_margin(source):
    assert makes_names(source.encode())


@pytest.mark.parametrize("source", [
    "import a", "from a import b", "if x:\n  def f(): pass", "old = new.name", "old = new",
    "__all__ = ['a']", "logger = getLogger()", "LOG = make()", "_cache = {}",
    "def __getattr__(n): pass", "def __getattr__(n): pass\ndef _load(n): pass",
    "def _warn_deprecated(): pass", "def _warn(): pass",
    "X = {}\ndef __getattr__(n): return X[n]", "X = 'old'\nwarnings.warn(X)", "X = 'old'\nwarn(X)", "X = 'old'\nutils.warn_deprecated(X)",
    '"""Text.\n\nX = 1\ndef f(): pass\n"""\nfrom a import b',
    "# text\nr'''Text.\nX = f(1)\n'''\nfrom a import b",
])  # fmt: skip
def test_what_a_shim_may_hold_is_not_taken_for_more(source):
    assert not makes_names(source.encode())


@pytest.mark.parametrize("source", [
    "def f(): pass", "x = 1\ndef f(): pass", "class f: pass", "class f(A): pass", "async def f(): pass",
    "def f[T](): pass", "def fg(): pass\r\ndef f(): pass", "f = 1", "import a\nf = 'text'",
])  # fmt: skip
def test_a_function_a_class_or_a_literal_of_a_name_is_seen(source):
    assert is_defined_in(source.encode(), "f")


@pytest.mark.parametrize("source", [
    "def fg(): pass", "def g(): return f", "class A:\n    def f(self): pass", "f = g", "import f",
    "f = import_module('f')", "f == 1",
    "undef f(): pass", "",
])  # fmt: skip
def test_another_name_or_place_is_no_definition(source):
    assert not is_defined_in(source.encode(), "f")


@pytest.mark.parametrize("source, absent", [
    ("def g(): pass", True), ("import name", False), ("from a import *", False),
    ("from a import(*)", False), ("def __getattr__(n): ...", False), ("globals()[n] = 1", False),
    ("x = 2 * 3", True),
])  # fmt: skip
def test_a_name_is_absent_only_when_nothing_could_make_it(source, absent):
    assert is_absent_from(source.encode(), "name") is absent


@pytest.mark.parametrize(("source", "names"), [
    ("a.b = 1", {"b"}), ("import a\na.b.c: int = 1\r\na.d = 2", {"c", "d"}), ("a.b = c.d = 1", {"b"}),
    ('setattr(a.b, "c", 1)', {"c"}), ("setattr(a, name, 1)", {""}), ("setattr(\n    a, 'b', 1)", {""}),
    ("a.é = 1", {""}), ("é.a = 1", {"a"}),
])  # fmt: skip
def test_the_attributes_that_the_margin_sets_are_named_as_far_as_it_tells(source, names):
    assert attributes_set(source.encode()) == names


@pytest.mark.parametrize(
    "source", ["a = 1", "if x:\n    a.b = 1", "a.b == 1", "a.b()", "a[0].b = 1"]
)
def test_what_sets_no_attribute_at_the_margin_names_none(source):
    assert not attributes_set(source.encode())
