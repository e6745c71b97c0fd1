"""TRK202: a client's name that nothing defines, and the many ways in which something may."""

import json
import textwrap

import pytest

from trackfix.lint.rule import LintProject
from trackfix.project.project import open_project
from trackfix_rules.undefined_client import RULE


@pytest.fixture
def lint(tmp_path):
    """The findings of the rule in a tree, by path and line."""

    def run(files):
        for path, source in files.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(textwrap.dedent(source))
        project = LintProject(open_project(tmp_path))
        found = [f for path in RULE.candidates(project) for f in RULE.check(path, project)]
        return sorted(found, key=lambda finding: finding.place)

    return run


NOTHING = "nothing in scope binds it"
UNDEFINED = [
    ("MlflowClient()", NOTHING),
    ("def f(): return MlflowClient(uri)", NOTHING),
    ("x = create_mlflow_client", NOTHING),
    ("import mlflow\nMlflowClient()", NOTHING),
    ("isinstance(x, MlflowClient)", NOTHING),
    ("def f(c: MlflowClient): ...", NOTHING),
    ("class A(MlflowClient): ...", NOTHING),
    ("class A:\n    MlflowClient = 1\n    def f(self): MlflowClient()", NOTHING),
    ("from mlflow import MlflowClient as C\nMlflowClient()", NOTHING),
    ("from pathlib import *\nMlflowClient()", NOTHING),
    ("from mlflow import *\ncreate_mlflow_client()", NOTHING),
    ("try:\n    MlflowClient()\nexcept Exception: ...", NOTHING),
    ("def a():\n    from mlflow import MlflowClient\ndef b(): MlflowClient()", "it is imported in a only (line 2)"),
    ("class A:\n    def a(self):\n        from mlflow import MlflowClient\n    def b(self): MlflowClient()", "it is imported in A.a only (line 3)"),
    ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from mlflow import MlflowClient\ndef f(): MlflowClient()", "line 3 imports it for type checkers only"),
    ("import typing as t\nif t.TYPE_CHECKING:\n    from mlflow import MlflowClient\nisinstance(x, MlflowClient)", "line 3 imports it for type checkers only"),
    ("from mlflow import MlflowClient\ndel MlflowClient\nMlflowClient()", "it is deleted in line 2"),
    ("from mlflow import MlflowClient\ndel MlflowClient\ndef f(): MlflowClient()", "it is deleted in line 2"),
    ("def f():\n    from mlflow import MlflowClient\n    del MlflowClient\n    MlflowClient()", "it is deleted in line 3"),
]  # fmt: skip


@pytest.mark.parametrize("source, evidence", UNDEFINED)
def test_a_read_that_nothing_defines_is_found(lint, source, evidence):
    (found,) = lint({"a.py": source + "\n"})
    name = "create_mlflow_client" if "create" in source else "MlflowClient"
    said = found.message.removesuffix("; left alone: it is not called")
    assert said == f"{name} is not defined here: {evidence}"
    assert (found.fix is None) is (said != found.message)


FUTURE = "from __future__ import annotations\n"
CHECKED = (
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from mlflow import MlflowClient\n"
)
DEFINED = [
    "from mlflow import MlflowClient\nMlflowClient()",
    "from other import *\nMlflowClient()",
    "from mlflow.tracking import *\nMlflowClient()",
    "def f():\n    from mlflow import MlflowClient\n    def g(): MlflowClient()",
    "def f(MlflowClient): MlflowClient()",
    "if x:\n    from mlflow import MlflowClient\nMlflowClient()",
    "def f():\n    global MlflowClient\n    from mlflow import MlflowClient\ndef g(): MlflowClient()",
    "def f():\n    global MlflowClient\n    MlflowClient()",
    "globals()['MlflowClient'] = 1\nMlflowClient()",
    "globals().update(names)\nMlflowClient()",
    "def f(): globals()[name] = 1\ndef g(): MlflowClient()",
    "def f(): globals()['MlflowClient'] = 1\ndef g(): MlflowClient()",
    "vars()['MlflowClient'] = 1\nMlflowClient()",
    "exec(code)\nMlflowClient()",
    "def f():\n    exec(code, globals())\n    MlflowClient()",
    "setup(globals())\nMlflowClient()",
    "import builtins\nbuiltins.MlflowClient = 1\nMlflowClient()",
    "try:\n    MlflowClient()\nexcept NameError: ...",
    "try:\n    MlflowClient()\nexcept (ValueError, NameError): ...",
    "try:\n    MlflowClient\nexcept Exception: ...",
    "try:\n    MlflowClient\nexcept: ...",
    "with suppress(NameError):\n    MlflowClient()",
    "with pytest.raises(NameError):\n    MlflowClient()",
    "if 'MlflowClient' in globals():\n    MlflowClient()",
    "if False:\n    MlflowClient()",
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    x = MlflowClient",
    "def f(c: 'MlflowClient') -> 'list[MlflowClient]': ...",
    FUTURE + "def f(c: MlflowClient) -> MlflowClient: ...",
    FUTURE + "x: list[MlflowClient] = []",
    "def f():\n    x: MlflowClient = 1",
    CHECKED + "def f(c: MlflowClient): ...",
    CHECKED + "def f(c: 'MlflowClient'): ...",
    CHECKED + "else:\n    MlflowClient = None\nMlflowClient()",
    "def f():\n    '''>>> MlflowClient()'''",
    "x = 'MlflowClient()'",
    "mlflow.MlflowClient()",
    "f(MlflowClient=1)",
    "# MAGIC %run ./setup\nMlflowClient()",
    "get_ipython().run_line_magic('run', 'setup.py')\nMlflowClient()",
    "from mlflow import MlflowClient\ndef f(): MlflowClient()\nf()\ndel MlflowClient",
    "from mlflow import MlflowClient\nif x:\n    del MlflowClient\nMlflowClient()",
    "from mlflow import MlflowClient\ndel MlflowClient\nfrom mlflow import MlflowClient\nMlflowClient()",
    "class MlflowClient:\n    def f(self): return MlflowClient()",
    "for MlflowClient in x: MlflowClient()",
    "(MlflowClient := 1)\nMlflowClient",
]  # fmt: skip


@pytest.mark.parametrize("source", DEFINED)
def test_a_read_that_something_may_define_is_not(lint, source):
    assert lint({"a.py": source + "\n"}) == []


@pytest.mark.parametrize(
    "source, line",
    [
        ("__all__ = ['go', 'MlflowClient']\ndef go(): ...", 1),
        ("__all__ = (\n    'go',\n    'create_mlflow_client',\n)\ndef go(): ...", 3),
        ("__all__: list = []\n__all__ += ['MlflowClient']", 2),
        ("def f():\n    from mlflow import MlflowClient\n__all__ = ['MlflowClient']", 3),
    ],
)
def test_an_entry_of_all_that_nothing_defines_is_found(lint, source, line):
    (found,) = lint({"a.py": source + "\n"})
    assert found.place[1] == line
    assert "nothing binds it, and __all__ lists it; left alone: " in found.message
    assert found.fix is None


@pytest.mark.parametrize(
    "source",
    [
        "from mlflow import MlflowClient\n__all__ = ['MlflowClient']",
        "from mlflow import *\n__all__ = ['MlflowClient']",
        "try:\n    from mlflow import MlflowClient\nexcept ImportError:\n    pass\n__all__ = ['MlflowClient']",
        "__all__ = ['MlflowClient']\ndef __getattr__(name): return make(name)",
        "__all__ = ['MlflowClient']\nglobals()['MlflowClient'] = 1",
        "__all__ = ['MlflowClient']\n__all__.remove('MlflowClient')",
        "__all__ = ['go']\nNAMES = ['MlflowClient']\ndef go(): ...",
        "class A:\n    __all__ = ['MlflowClient']",
    ],
)
def test_an_entry_of_all_that_something_may_define_is_not(lint, source):
    assert lint({"a.py": source + "\n"}) == []


def test_an_entry_of_all_may_be_a_module_of_the_package(lint):
    files = {"pkg/__init__.py": "__all__ = ['create_mlflow_client']\n"}
    assert len(lint(files)) == 1
    assert lint({**files, "pkg/create_mlflow_client.py": ""}) == []


def test_a_star_import_of_the_project_is_looked_into(lint):
    files = {
        "pkg/__init__.py": "",
        "pkg/has.py": "from mlflow import MlflowClient\n",
        "pkg/lacks.py": "import mlflow\n",
        "pkg/makes.py": "globals().update(names())\n",
    }
    use = "from pkg.{} import *\nMlflowClient()\n"
    files |= {f"{name}.py": use.format(name) for name in ("has", "lacks", "makes")}
    assert [found.path for found in lint(files)] == ["lacks.py"]


def test_a_name_that_another_file_sets_is_defined(lint):
    files = {
        "pkg/__init__.py": "",
        "pkg/a.py": "def f(): MlflowClient()\n",
        "pkg/b.py": "import pkg.a\npkg.a.MlflowClient = object\n",
    }
    assert lint(files) == []


def test_the_name_of_the_projects_factory_is_looked_for_as_well(lint):
    factory = "import mlflow\ndef tracking_client(): return mlflow.MlflowClient()\n"
    (found,) = lint({"pkg.py": factory, "a.py": "x = tracking_client()\n"})
    assert found.message.startswith("tracking_client is not defined here")
    assert found.fix.message == "import it from pkg"


FACTORY = "import mlflow\ndef make({}): return mlflow.MlflowClient({})\n"
FIXES = [
    ("", "MlflowClient()", "call make(...) from pkg"),
    ("", "MlflowClient('u')", None),
    ("uri=None", "MlflowClient('u')", "call make(...) from pkg"),
    ("", "isinstance(x, MlflowClient)", None),
    ("", "create_mlflow_client()", None),
    ("", "make()", "import it from pkg"),
]


@pytest.mark.parametrize("parameters, source, message", FIXES)
def test_what_would_mend_it_is_never_safe(lint, parameters, source, message):
    factory = FACTORY.format(parameters, parameters.partition("=")[0])
    (found,) = lint({"pkg.py": factory, "a.py": source + "\n"})
    assert (found.fix.message if found.fix else None) == message
    assert found.fix is None or found.fix.safety == "unsafe"


def notebook(*cells):
    return json.dumps(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {},
            "cells": [
                {"cell_type": "code", "source": cell, "metadata": {}, "outputs": [], "execution_count": None}
                for cell in cells
            ],
        },
        indent=1,
    )  # fmt: skip


NOTEBOOKS = [
    (("from mlflow import MlflowClient", "MlflowClient()"), 0),
    (("MlflowClient()", "from mlflow import MlflowClient"), 0),
    (("%%time\nfrom mlflow import MlflowClient", "MlflowClient()"), 0),
    (("%run setup.py", "MlflowClient()"), 0),
    (("%load setup.py", "MlflowClient()"), 0),
    (("%matplotlib inline", "MlflowClient()"), 1),
    (("import mlflow", "MlflowClient()"), 1),
]


@pytest.mark.parametrize("cells, count", NOTEBOOKS)
def test_the_cells_of_a_notebook_share_their_names(lint, cells, count):
    assert len(lint({"n.ipynb": notebook(*cells)})) == count
