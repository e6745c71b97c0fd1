"""What a notebook runs by its path leaves its names to it: they stay."""

import json

import pytest

LIBRARY = {
    "pyproject.toml": "",
    "lib/__init__.py": "",
    "lib/home.py": "import json\ndef f(): return 'f'\ndef g(): return json.dumps('g')\n",
    "lib/old.py": '"""Deprecated."""\nfrom lib.home import f, g\n',
}
HEAD = "# Databricks notebook source\n"
RUNS = {
    "beside": "# MAGIC %run ./made\n",
    "from the repository": "# MAGIC %run /Repos/me@there.org/project/nb/made $x='1'\n",
    "a script": "# %run -i made.py\n",
    "quoted": '# MAGIC %run "../nb/made"\n',
    "through another": "# MAGIC %run ./between\n",
}
RUNS_NOT = {
    "another": "# MAGIC %run ./makes\n",
    "elsewhere": "# MAGIC %run ../made/other\n",
    "in names of its own": "dbutils.notebook.run('./made', 60)\n",
}
MOVES = {
    "a module": ("import lib.old\nX = lib.old.f\n", "import lib.home\nX = lib.home.f\n", "lib.old.g()\n"),
    "an alias": ("import lib.old as o\nX = o.f\n", "import lib.home as o\nX = o.f\n", "o.g()\n"),
    "a star": ("from lib.old import *\nX = f\n", "from lib.home import f\nX = f\n", "g()\n"),
}  # fmt: skip


def tree(run, made, user):
    return {
        **LIBRARY,
        "nb/made.py": HEAD + made,
        "nb/between.py": f"{HEAD}# MAGIC %run ./made\n",
        "nb/user.py": f"{HEAD}{run}\n# COMMAND ----------\ndef probe():\n    return {user}",
    }


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
@pytest.mark.parametrize("made, moved, user", MOVES.values(), ids=MOVES)
def test_a_name_that_a_runner_uses_stays(apply, run, made, moved, user):
    applied = apply(tree(run, made, user))
    kept = made if "*" not in made else made.replace("old import *", "home import f, g")
    assert applied["nb/made.py"] == HEAD + kept


@pytest.mark.parametrize("run", RUNS_NOT.values(), ids=RUNS_NOT)
@pytest.mark.parametrize("made, moved, user", MOVES.values(), ids=MOVES)
def test_a_name_that_no_runner_uses_moves(apply, run, made, moved, user):
    assert apply(tree(run, made, user))["nb/made.py"] == HEAD + moved


@pytest.mark.parametrize("made, moved, user", MOVES.values(), ids=MOVES)
def test_a_runner_that_uses_other_names_keeps_nothing(apply, made, moved, user):
    assert apply(tree(RUNS["beside"], made, "X()\n"))["nb/made.py"] == HEAD + moved


def test_a_name_that_follows_a_newline_in_json_stays(apply):
    made, moved, _ = MOVES["an alias"]
    cell = {"cell_type": "code", "source": "%run ./made\no.g()", "metadata": {}, "outputs": []}
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    files = {**LIBRARY, "nb/made.py": made, "nb/user.ipynb": json.dumps(notebook)}
    assert apply(files).changed == {}
    cell["source"] = "%run ./made\nno.g()"
    assert apply({**files, "nb/user.ipynb": json.dumps(notebook)})["nb/made.py"] == moved


CLIENT = "from mlflow import MlflowClient\n\nfrom lib.clients import create_client\n\nc = MlflowClient()\nd = create_client()\n"
MENDED = "from lib.clients import create_client\n\nc = create_client()\nd = create_client()\n"


@pytest.mark.parametrize(
    "user, after", [("MlflowClient()\n", CLIENT), ("c.get_run('a')\n", MENDED)]
)
def test_the_class_that_a_runner_constructs_stays(use_factory, user, after):
    files = tree(RUNS["beside"], CLIENT, user)
    nb = {path: text for path, text in files.items() if path.startswith("nb/")}
    assert use_factory(nb)["nb/made.py"].split() == (HEAD + after).split()
