"""A glance at the bytes of a file shows never less than what a parse finds."""

import ast
from pathlib import Path

import pytest

from trackfix.project.facts.collect import collect_facts
from trackfix.project.facts.glance import glance

ROOT = Path(__file__).parents[3]
FORMS = [
    "import a", "import a.b, c.d as e", "from a.b import c", "from a import (b,\n  c as d,\n)",
    "from . import a", "from .a import b", "from ...a.b import c as d", "from a import *",
    "from a \\\n  import b", "from a import \\\n  b, \\\n  c", "from a import (b, # ) x\n  c)",
    "if x: import a", "try: from a import b\nexcept E: pass", "x = 1; import a; from b import c",
    "def f():\n\tfrom\ta\timport\tb", "from a . b import c", "from.a import b",
    "from.import a", "from .. import (a)", "class C: from a import b", "import a,\\\n b",
    "from a import(b)", "x = '''\nimport z\n'''\nimport a", "import a\r\nfrom b import c\r\n",
    "from a \\\r\n  import b", "from größe.é import übrig as b", "import größe.é, ä", "from .é import (ä, b)",
]  # fmt: skip


def check(source, path="m.py"):
    seen = glance(path, source.encode())
    facts = collect_facts(path, ast.parse(source), source)
    for statement in facts.imports:
        module = statement.module.encode()
        prefix = module if module.endswith(b".") else module + b"."
        assert module in seen.modules
        assert seen.tops.issuperset({module.partition(b".")[0]} - {b""})
        assert {prefix + n.encode() for n in statement.names} - {prefix + b"*"} <= seen.members
    return seen


@pytest.mark.parametrize("source", FORMS)
def test_every_form_of_import_is_seen(source):
    assert check(source).modules


def test_all_imports_of_real_files_are_seen():
    for path in [*ROOT.glob("src/**/*.py"), *ROOT.glob("fixtures/legacy_training/src/**/*.py")]:
        check(path.read_bytes().decode(), str(path))


def test_prose_and_other_names_may_be_seen_but_need_not():
    assert glance("m.py", b"x = 1\n").modules == frozenset()
    assert glance("m.py", b"from_ = important\n").members == frozenset()


def test_cells_of_a_notebook_are_seen():
    cell = b'{"source": ["import a\\n", "from b.c import d\\n"], "x": "import e\\nfrom f import g"}'
    seen = glance("n.ipynb", cell)
    assert {b"a", b"b.c", b"f"} <= seen.modules
    assert {b"b.c.d", b"f.g"} <= seen.members


@pytest.mark.parametrize("module, source, may", [
    ("a.b", "import a.b", True), ("a.b", "from a import b", True), ("a.b", "from . import b", True),
    ("a.b", "from .b import c", True), ("a.b.c", "from .b.c import d", True), ("a.b", "import a", False),
    ("a.b", "from a import c", False), ("a.b", "from .c import b", False), ("a", "from . import b", False),
    ("a.b", "from a.b.c import d", False), ("b", "from ..b import c", True),
])  # fmt: skip
def test_whether_a_file_may_import_a_module(module, source, may):
    assert glance("m.py", source.encode()).may_import(module.encode()) is may
