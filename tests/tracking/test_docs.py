"""The page "Moving to trackfix.tracking" names what is there, with the arguments that it has."""

import ast
import importlib
import inspect
import re
from pathlib import Path

import pytest

import trackfix.tracking

PAGE = Path(__file__).parents[2] / "docs" / "moving-to-trackfix-tracking.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FIXTURES = {"mlflow_store", "no_leaked_runs"}


def spans(text):
    return re.findall(r"`([^`\n]+)`", BLOCK.sub("", text))


def ours():
    """The code spans in the second column of the tables whose first is the old helper."""
    rows = re.findall(r"^\|(.*)\|(.*)\|(.*)\|$", TEXT, re.MULTILINE)
    return [span for _, mine, _ in rows for span in spans(mine) if not set(mine) <= {"-"}]


def resolved(dotted):
    """What a name stands for: from the package, or from the module that is written before it."""
    parts = dotted.removeprefix("trackfix.tracking.").split(".")
    try:
        thing = importlib.import_module(f"trackfix.tracking.{parts[0]}")
        if hasattr(trackfix.tracking, parts[0]) and len(parts) == 1:
            thing = getattr(trackfix.tracking, parts[0])
    except ModuleNotFoundError:
        thing = getattr(trackfix.tracking, parts[0])
    for part in parts[1:]:
        thing = getattr(thing, part)
    return thing


@pytest.mark.parametrize(
    "dotted", sorted(set(re.findall(r"\btrackfix\.tracking(?:\.\w+)+", " ".join(spans(TEXT)))))
)
def test_a_dotted_name_on_the_page_can_be_imported(dotted):
    resolved(dotted)


@pytest.mark.parametrize("span", sorted(set(ours()) - FIXTURES))
def test_what_is_recommended_exists_and_takes_these_arguments(span):
    expression = ast.parse(span, mode="eval").body
    if not isinstance(expression, ast.Call):
        resolved(span)
        return
    parameters = inspect.signature(resolved(ast.unparse(expression.func))).parameters
    positional = [p.name for p in parameters.values() if p.kind <= p.POSITIONAL_OR_KEYWORD]
    given = [argument.id for argument in expression.args if isinstance(argument, ast.Name)]
    assert given == positional[: len(given)]
    takes_any = any(p.kind is p.VAR_KEYWORD for p in parameters.values())
    assert takes_any or {keyword.arg for keyword in expression.keywords} <= set(parameters)


def test_every_error_on_the_page_is_ours_and_none_is_left_out():
    named = {span for span in spans(TEXT) if span.endswith("Error") and span != "ValueError"}
    family = {
        name
        for name in trackfix.tracking.__all__
        if isinstance(kind := getattr(trackfix.tracking, name), type)
        and issubclass(kind, trackfix.tracking.TrackingError)
    }
    assert named == family


def test_the_fixtures_on_the_page_are_those_of_the_plugin():
    plugin = importlib.import_module("trackfix.tracking.pytest_plugin")
    assert all(hasattr(plugin, name) and name in TEXT for name in FIXTURES)


@pytest.mark.parametrize("code", [code for kind, code in BLOCK.findall(TEXT) if kind == "python"])
def test_the_code_on_the_page_runs(code, store, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(compile(code, PAGE.name, "exec"), names)
    run = trackfix.tracking.create_mlflow_client(store).get_run(names["run_id"])
    assert (run.info.status, run.data.metrics) == ("FINISHED", {"mse": 0.12})


def test_no_public_name_is_left_out():
    assert set(trackfix.tracking.__all__) <= set(re.findall(r"\w+", TEXT))
