"""Bytes outside of the edits stay as they are, in every kind of file."""

import json

import pytest

IMPORT = "from lib.clients import create_client\n"
SOURCE = "from mlflow import MlflowClient\n\n\ndef probe():\n    return MlflowClient(\n        'a',  # über\n    )\n"
AFTER = SOURCE.replace("from mlflow import MlflowClient\n", IMPORT).replace(
    "MlflowClient", "create_client"
)

ENCODED = {
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "CR": lambda text: text.replace("\n", "\r").encode(),
    "a byte order mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "latin-1": lambda text: f"# coding: latin-1\n{text}".encode("latin-1"),
    "tabs": lambda text: text.replace("    ", "\t").encode(),
    "no newline at the end": lambda text: text.rstrip("\n").encode(),
    "a form feed": lambda text: text.replace("\ndef", "\x0c\ndef").encode(),
}


@pytest.mark.parametrize("encode", ENCODED.values(), ids=ENCODED)
def test_the_bytes_around_stay(mended, encode):
    assert mended(encode(SOURCE)) == encode(AFTER)


@pytest.mark.parametrize("encode", ENCODED.values(), ids=ENCODED)
def test_what_is_inserted_follows_the_file(use_factory, encode):
    source = '"""App."""\n\n\ndef probe(x=0):\n    return x and MlflowClient("über")\n'
    after = source.replace('App."""\n', f'App."""\n\n{IMPORT}').replace(
        "MlflowClient", "create_client"
    )
    applied = use_factory({"app.py": encode(source)}, unsafe=True)
    assert applied.after["app.py"] == encode(after)


def test_tests_keep_their_bytes(use_factory):
    test = b"from unittest.mock import patch\r\n\r\n@patch('app.MlflowClient')  # \xc3\xbc\r\ndef test_a(m): pass"
    applied = use_factory({"app.py": SOURCE, "test_app.py": test})
    assert applied.after["test_app.py"] == test.replace(b"app.MlflowClient", b"app.create_client")


def notebook(*cells):
    return json.dumps(
        {
            "cells": [
                {
                    "cell_type": "code",
                    "execution_count": None,
                    "metadata": {},
                    "outputs": [],
                    "source": cell.splitlines(keepends=True),
                }
                for cell in cells
            ],
            "metadata": {},
            "nbformat": 4,
            "nbformat_minor": 5,
        },
        indent=1,
    )


def test_a_notebook_is_edited_cell_by_cell(use_factory):
    before = notebook(
        "%matplotlib inline\nimport mlflow\nimport os",
        "!ls\nclient = mlflow.MlflowClient(os.sep)",
        "other = mlflow.MlflowClient()",
    )
    after = notebook(
        f"%matplotlib inline\n{IMPORT}import os",
        "!ls\nclient = create_client(os.sep)",
        "other = create_client()",
    )
    applied = use_factory({"run.ipynb": before.encode()}, unsafe=True)
    assert applied.changed == {"run.ipynb": after}


CELLS = {
    "beside another import": (
        [
            "import mlflow\nfrom mlflow import MlflowClient",
            "mlflow.start_run()\nc = MlflowClient()",
        ],
        [f"import mlflow\n{IMPORT}".rstrip(), "mlflow.start_run()\nc = create_client()"],
    ),
    "at the end of a cell before another import": (
        [
            "import os\nfrom mlflow import MlflowClient",
            "import sys\nc = MlflowClient(os.sep + sys.path[0])",
        ],
        [f"import os\n{IMPORT}".rstrip(), "import sys\nc = create_client(os.sep + sys.path[0])"],
    ),
    "where the factory is imported in a cell of its own": (
        ["import os\nimport mlflow", f"{IMPORT}", "c = mlflow.MlflowClient(os.sep)"],
        ["import os", f"{IMPORT}", "c = create_client(os.sep)"],
    ),
}


@pytest.mark.parametrize("before, after", CELLS.values(), ids=CELLS)
def test_a_cell_keeps_its_lines_without_blank_ones_and_without_a_line_end(
    use_factory, before, after
):
    applied = use_factory({"run.ipynb": notebook(*before).encode()}, unsafe=True)
    assert applied.changed == {"run.ipynb": notebook(*after)}


def test_a_file_without_a_last_line_end_stays_so_when_its_last_line_goes(use_factory):
    before = b"import os\r\nc = lambda: mlflow.MlflowClient(os.sep)\r\nimport mlflow"
    after = use_factory({"app.py": before}).after["app.py"]
    assert not after.endswith(b"\n")


def test_a_name_in_a_magic_line_stays(use_factory):
    before = notebook(
        "from mlflow import MlflowClient", "%timeit MlflowClient()\nc = MlflowClient()"
    )
    applied = use_factory({"run.ipynb": before.encode()}, unsafe=True)
    assert "from mlflow import MlflowClient" in applied["run.ipynb"]
    assert "c = create_client()" in applied["run.ipynb"]


def test_a_notebook_without_imports_gets_none(unmended):
    tree = {"run.ipynb": notebook("c = MlflowClient()").encode()}
    assert unmended(tree, unsafe=True) == ["run.ipynb:9: MlflowClient: no import comes before it"]


def test_a_databricks_notebook_keeps_its_commands(use_factory):
    before = (
        "# Databricks notebook source\n# MAGIC %md MlflowClient\n\n# COMMAND ----------\n\n"
        "from mlflow import MlflowClient\n\n# COMMAND ----------\n\nclient = MlflowClient()\n"
    )
    applied = use_factory({"job.py": before})
    assert applied["job.py"] == before.replace("from mlflow import MlflowClient\n", IMPORT).replace(
        "client = MlflowClient", "client = create_client"
    )
