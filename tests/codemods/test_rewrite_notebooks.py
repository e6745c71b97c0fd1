"""Notebooks: code cells are rewritten, and the JSON around them stays byte for byte."""

import json

import pytest


def notebook(*cells, indent=1, **extra):
    found = []
    for cell in cells:
        kind, source = cell if isinstance(cell, tuple) else ("code", cell)
        item = {"cell_type": kind, "metadata": {}, "source": source.splitlines(keepends=True)}
        if kind == "code":
            item |= {
                "execution_count": None,
                "outputs": [{"name": "stdout", "output_type": "stream", "text": ["lib.old.f\n"]}],
            }
        found.append(item)
    return (
        json.dumps(
            {"cells": found, "metadata": {"é": "→"}, "nbformat": 4, "nbformat_minor": 5, **extra},
            indent=indent,
        )
        + "\n"
    )


@pytest.fixture
def in_notebook(apply, library):
    def run(source):
        applied = apply({**library, "nb.ipynb": source.encode()})
        assert set(applied.changed) <= {"nb.ipynb"}
        return applied.after["nb.ipynb"].decode()

    return run


MAGICS = {
    "plain cells": ["from lib.old import f\n", "f()\n"],
    "a line magic": ["%load_ext autoreload\n%autoreload 2\nfrom lib.old import f\n"],
    "a shell line": ["!pip install lib.old\nfrom lib.old import f\nfiles = !ls lib.old\n"],
    "a magic in an assignment": ["x = %timeit -o f()\nfrom lib.old import f\n"],
    "help": ["from lib.old import f\nf?\n", "?f\n"],
    "a last line without semicolon or newline": ["from lib.old import f\nf()"],
    "top-level await": ["from lib.old import f\nawait f()\n"],
    "non-ASCII": ["from lib.old import f\nx = 'é→🎉'\n"],
    "use in a later cell": ["import lib.old as o\n", "x = 1\n", "o.f()\n"],
    "an indented magic": ["from lib.old import f\nif f:\n    %matplotlib inline\n    f()\n"],
}


@pytest.mark.parametrize("cells", MAGICS.values(), ids=MAGICS)
@pytest.mark.parametrize("indent", [1, 2, None], ids=["indent 1", "indent 2", "one line"])
def test_code_cells_name_the_home(in_notebook, cells, indent):
    before = notebook(*cells, indent=indent)
    after = notebook(
        *(
            cell.replace("from lib.old", "from lib.home").replace(
                "import lib.old", "import lib.home"
            )
            for cell in cells
        ),
        indent=indent,
    )
    assert in_notebook(before) == after


def test_the_imports_at_the_edges_of_two_cells_are_no_block(in_notebook):
    before = notebook("from lib.nine import n", "from lib.old import f\nf(n)")
    assert in_notebook(before) == before.replace("from lib.old", "from lib.home")


def test_a_reason_counts_the_lines_of_the_file(apply, library):
    before = notebook("x = 1\ny = 2\n", "import lib.old as o\nprint(x, y)\nprint(o)\n")
    applied = apply({**library, "nb.ipynb": before.encode()})
    line = 1 + before[: before.index("print(o)")].count("\n")
    assert applied.skipped == [
        f"nb.ipynb:{line}: lib.old: line {line}: the module itself is shown, not a name of it"
    ]


def test_cells_of_other_languages_and_markdown_stay(in_notebook):
    before = notebook(
        "%%bash\npython -m lib.old\n",
        "%%html\n<i>from lib.old import f</i>\n",
        ("markdown", "`from lib.old import f`\n"),
        ("raw", "from lib.old import f\n"),
    )
    assert in_notebook(before) == before


def test_a_cell_that_is_no_python_leaves_the_others_alone_or_not_but_never_itself(in_notebook):
    before = notebook("from lib.old import (\n", "from lib.old import f\n")
    assert json.loads(in_notebook(before))["cells"][0] == json.loads(before)["cells"][0]


def test_imports_of_two_cells_are_not_joined(in_notebook):
    before = notebook("from lib.home import f\n", "from lib.old import g\ng()\n")
    assert in_notebook(before) == before.replace("from lib.old", "from lib.home")


def test_an_import_with_two_homes_becomes_two_lines_of_its_cell(in_notebook):
    before = notebook("import os\nfrom lib.old import f, h", "f(), h()")
    after = notebook("import os\nfrom lib.home import f\nfrom lib.other import h", "f(), h()")
    assert json.loads(in_notebook(before)) == json.loads(after)


@pytest.mark.parametrize("style", ["string", "crlf", "tabs"])
def test_the_json_keeps_its_own_style(in_notebook, style):
    before = notebook("from lib.old import f\nx = 'é'\n", "f()\n")
    if style == "string":
        data = json.loads(before)
        for cell in data["cells"]:
            cell["source"] = "".join(cell["source"])
        before = json.dumps(data, ensure_ascii=False)
    elif style == "crlf":
        before = before.replace("\n", "\r\n")
    else:
        before = json.dumps(json.loads(before), indent="\t", sort_keys=True)
    assert in_notebook(before) == before.replace("from lib.old", "from lib.home")


def test_a_notebook_that_is_no_json_is_left_alone(apply, library):
    applied = apply({**library, "nb.ipynb": b'{"cells": [', "app.py": "from lib.old import f\n"})
    assert applied.changed == {"app.py": "from lib.home import f\n"}


def test_a_local_module_beside_the_notebook_is_not_the_shim(apply, library):
    applied = apply(
        {
            **library,
            "nbs/flat_old.py": "def own(): return 1\n",
            "nbs/nb.ipynb": notebook("from flat_old import own\n").encode(),
        }
    )
    assert applied.changed == {}
