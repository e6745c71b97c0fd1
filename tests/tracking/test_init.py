"""The package: names loaded on first use, all of them, and cheaply."""

import ast
import importlib
import inspect
import statistics
import subprocess
import sys
import time

import pytest

import trackfix.tracking


@pytest.mark.parametrize("name", trackfix.tracking.__all__)
def test_every_name_is_that_of_its_module(name):
    module = importlib.import_module(f"trackfix.tracking.{trackfix.tracking._HOME[name]}")
    assert getattr(trackfix.tracking, name) is getattr(module, name)


def test_type_checkers_see_the_same_names():
    tree = ast.parse(inspect.getsource(trackfix.tracking))
    seen = {
        (alias.asname, node.module.removeprefix("trackfix.tracking."))
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and "trackfix." in node.module
        for alias in node.names
    }
    assert seen == set(trackfix.tracking._HOME.items())


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match=r"'trackfix\.tracking' has no attribute 'nonsense'"):
        trackfix.tracking.nonsense  # type: ignore[attr-defined]


def test_dir_lists_names_that_are_not_loaded_yet():
    code = "import trackfix.tracking as t; assert 'find_mlflow_run' in dir(t), dir(t)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_importing_it_costs_at_most_as_much_as_a_bare_interpreter():
    # One after the other and many times, so that a busy machine is slow for both.
    def seconds(code):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-I", "-c", code], check=True)
        return time.perf_counter() - started

    pairs = [(seconds("pass"), seconds("import trackfix.tracking")) for _ in range(15)]
    bare, imported = (statistics.median(column) for column in zip(*pairs, strict=True))
    assert imported <= 2 * bare
