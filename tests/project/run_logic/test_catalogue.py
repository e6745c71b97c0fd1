"""The lines of code that a report shows."""

import json

from trackfix.project.modules.resolution import Resolver
from trackfix.project.project import open_project
from trackfix.project.run_logic.catalogue import Catalogue
from trackfix.project.run_logic.duplicates import Duplicates

STEPS = [
    'found = client.get_experiment_by_name("study")  # mlflow\n',
    "hits = client.search_runs(\n",
    '    [found.experiment_id], order_by=["start_time DESC"])\n',
]


def lines_of(root, path):
    (root / "finder.py").write_text(
        "def find_newest(client, name):\n"
        '    """The single source of truth for mlflow."""\n'
        "    found = client.get_experiment_by_name(name)\n"
        '    hits = client.search_runs([found.experiment_id], order_by=["start_time DESC"])\n'
        "    return hits[0].info.run_id\n"
    )
    catalogue = Catalogue(Resolver(open_project(root)).analysis(Duplicates))
    (copy,) = (c for group in catalogue.groups for c in group.copies if c.fragment.path == path)
    return [(line.number, line.text) for line in catalogue.code(copy.fragment)]


def test_whole_statements_are_shown(tmp_path):
    (tmp_path / "a.py").write_text(
        "".join(
            [
                "def f(client):\n",
                *(f"    {s}" for s in STEPS),
                "    run_id = (\n        hits[0].info.run_id\n    )\n",
            ]
        )
    )
    found = lines_of(tmp_path, "a.py")
    assert [number for number, _ in found] == [2, 3, 4, 5, 6, 7]
    assert found[-1] == (7, "    )")


def test_of_a_notebook_the_code_is_shown_and_nothing_else(tmp_path):
    def cell(kind, source):
        more = {"outputs": [], "execution_count": None} if kind == "code" else {}
        return {"cell_type": kind, "metadata": {}, "source": source, **more}

    cells = [
        cell("code", STEPS),
        cell("markdown", ["## Its id\n"]),
        cell("code", ["run_id = hits[0].info.run_id"]),
    ]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "a.ipynb").write_text(json.dumps(notebook, indent=1))
    texts = [text for _, text in lines_of(tmp_path, "a.ipynb") if text]
    assert texts == [*(step.rstrip("\n") for step in STEPS), "run_id = hits[0].info.run_id"]
