"""Where several projects share a repository, a shim stays for the others that name it."""

import subprocess

import pytest

from trackfix.project.project import open_project
from trackfix.rewrite.codemod import load_codemods
from trackfix.rewrite.plan import make_plan

ONE = {
    "one/pyproject.toml": "",
    "one/lib/__init__.py": "",
    "one/lib/home.py": "def f(): ...\n",
    "one/lib/old.py": '"""Deprecated."""\nfrom lib.home import f\n',
    "one/use.py": "from lib.old import f\n\nf()\n",
}


@pytest.fixture
def plan(tmp_path):
    """What is planned for the project in the folder ``one`` of a repository."""

    def run(tree, *, git=True):
        for path, source in {**ONE, **tree}.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(source, encoding="utf-8")
        if git:
            subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
        codemods = tuple(load_codemods(("rewrite-imports", "remove-shims")))
        return make_plan(open_project(tmp_path / "one"), codemods)

    return run


def removed(plan):
    return [file.path for file in plan.files if file.after is None]


NAMES_IT = {
    "an import": "from lib.old import f\n",
    "an import of the module": "import lib.old as old\n",
    "an import over several lines": "from lib import (\n    home,  # the home\n    old,\n)\n",
    "a relative import of a namespace package": "from ..lib.old import f\n",
    "a string": "TARGET = 'lib.old:f'\n",
    "a path": "FILE = 'lib/old.py'\n",
}


@pytest.mark.parametrize("source", NAMES_IT.values(), ids=NAMES_IT)
def test_a_shim_stays_for_another_project_of_the_repository(plan, source):
    planned = plan({"two/pyproject.toml": "", "two/use.py": f"import os\n{source}"})
    assert removed(planned) == []
    kept = [s.reason for s in planned.skipped if s.path == "lib/old.py"]
    assert kept == ["kept: ../two/use.py:2 mentions it, outside of the project"]


def test_a_shim_at_the_top_of_its_root_stays_too(plan):
    shim = {"one/old.py": '"""Deprecated."""\nfrom lib.home import f\n'}
    planned = plan({**shim, "one/lib/old.py": "", "two/use.py": "from old import f\n"})
    assert removed(planned) == []


UNCONCERNED = {
    "names the home": "from lib.home import f\n",
    "means another module": "import lib.older\nfrom other.old import f\nold = 1\n",
    "says the word": "# lib is old\n",
}


@pytest.mark.parametrize("source", UNCONCERNED.values(), ids=UNCONCERNED)
def test_it_goes_where_the_others_do_not_name_it(plan, source):
    assert removed(plan({"two/use.py": source})) == ["lib/old.py"]


def test_it_goes_where_no_repository_is_shared(plan):
    assert removed(plan({"two/use.py": NAMES_IT["an import"]}, git=False)) == ["lib/old.py"]


def test_what_git_ignores_does_not_keep_it(plan):
    tree = {".gitignore": "/two/\n", "two/use.py": NAMES_IT["an import"]}
    assert removed(plan(tree)) == ["lib/old.py"]
