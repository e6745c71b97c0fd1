"""The examples in the docstrings run, each with a new store and in a new folder."""

import doctest
import importlib
import inspect
import pkgutil
import re

import pytest

import trackfix.tracking

OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
MODULES = sorted(module.name for module in pkgutil.iter_modules(trackfix.tracking.__path__))


def examples():
    finder = doctest.DocTestFinder()
    for name in MODULES:
        module = importlib.import_module(f"trackfix.tracking.{name}")
        for test in finder.find(module, module.__name__):
            if test.examples:
                yield pytest.param(test, id=test.name.removeprefix("trackfix.tracking."))


@pytest.mark.parametrize("example", list(examples()))
def test_the_example_does_what_it_says(example, store, sqlite_at, tmp_path_factory, monkeypatch):
    folder = tmp_path_factory.mktemp("example")
    for name in set(re.findall(r"sqlite:///(\w+\.db)", example.docstring)):
        sqlite_at(folder / name)
    monkeypatch.chdir(folder)
    example.globs = {}
    said = []
    failed, _ = doctest.DocTestRunner(optionflags=OPTIONS).run(example, out=said.append)
    assert not failed, "".join(said)


def public_things():
    for name in trackfix.tracking.__all__:
        thing = getattr(trackfix.tracking, name)
        if callable(thing):
            yield pytest.param(thing, id=name)


@pytest.mark.parametrize("thing", list(public_things()))
def test_every_public_name_has_an_example(thing):
    assert ">>> " in (inspect.getdoc(thing) or "")
