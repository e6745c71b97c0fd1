"""TRK401: imports that point upwards, and those that only look like it."""

import pytest

from trackfix.project.settings.config import ConfigError

SETTING = """
    [tool.trackfix.layers]
    low = ["pkg.low"]
    mid = ["pkg.mid"]
    high = ["scripts"]
"""
TREE = {
    "pyproject.toml": SETTING,
    "pkg/__init__.py": "",
    "pkg/low/__init__.py": "",
    "pkg/low/paths.py": "def folder(): ...\n",
    "pkg/mid/__init__.py": "from pkg.mid.runs import create_run\nfrom pkg.low.paths import folder\n",
    "pkg/mid/runs.py": "from pkg.low.paths import folder\ndef create_run(): ...\nclass Run: ...\n",
    "pkg/shim.py": "from pkg.mid.runs import create_run\n",
    "scripts/train.py": "from pkg.mid import create_run\ndef main(): ...\n",
}


@pytest.fixture
def upward(check):
    """The messages for ``pkg/low/code.py`` with such a source."""

    def run(source, path="pkg/low/code.py", **files):
        found = check("TRK401", {**TREE, **files, path: source})
        assert {f.path for f in found} <= {path}
        return [(f.line, f.message.partition(": ")[2]) for f in found]

    return run


UPWARD = {
    "a name of a module": ("from pkg.mid.runs import Run", "Run of pkg.mid.runs"),
    "a module": ("import pkg.mid.runs", "pkg.mid.runs"),
    "a module from its package": ("from pkg.mid import runs", "pkg.mid.runs"),
    "a relative import": ("from ..mid.runs import Run", "Run of pkg.mid.runs"),
    "a star import": ("from pkg.mid.runs import *", "pkg.mid.runs"),
    "two layers up": ("import scripts.train", "scripts.train"),
    "through a shim": (
        "from pkg.shim import create_run",
        "create_run of pkg.mid.runs through pkg.shim",
    ),
    "through a shim's star": (
        "from pkg.shim import *",
        "create_run of pkg.mid.runs through pkg.shim",
    ),
    "an attribute of a shim": (
        "from pkg import shim\nshim.create_run()",
        "create_run of pkg.mid.runs through pkg.shim",
    ),
    "through a facade": (
        "from pkg.mid import create_run",
        "create_run of pkg.mid.runs through pkg.mid",
    ),
    "the facade itself": ("import pkg.mid\nprint(pkg.mid)", "pkg.mid"),
    "below type checking": (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from pkg.mid.runs import Run",
        "Run of pkg.mid.runs",
    ),
    "in a function": ("def f():\n    from pkg.mid.runs import Run", "Run of pkg.mid.runs"),
    "in a try": (
        "try:\n    from pkg.mid.runs import Run\nexcept ImportError: Run = None",
        "Run of pkg.mid.runs",
    ),
}


@pytest.mark.parametrize("source, what", UPWARD.values(), ids=UPWARD)
def test_an_upward_import_is_found_and_names_the_home(upward, source, what):
    assert [message for _, message in upward(source)] == [what]


def test_a_finding_names_both_layers_and_points_at_the_name_and_its_home(check):
    source = "from pkg.mid.runs import (\n    create_run,\n    Run as R,\n)\n"
    (found,) = check("TRK401", {**TREE, "pkg/low/code.py": source})
    assert found.message == (
        "low may not import from mid, which is above it: create_run of pkg.mid.runs"
    )
    assert (found.line, found.column, found.end_line, found.end_column) == (2, 5, 2, 15)
    assert [(r.path, r.line, r.role) for r in found.related] == [("pkg/mid/runs.py", 2, "home")]


FINE = {
    "its own layer": "from pkg.low.paths import folder",
    "a lower thing through a facade above": "from pkg.mid import folder",
    "no module of the project": "import os\nfrom mlflow import start_run",
    "a package in no layer": "import pkg",
    "a name that is not there": "from pkg.shim import nothing",
    "a module that is not there": "from pkg.gone import nothing",
}


@pytest.mark.parametrize("source", FINE.values(), ids=FINE)
def test_what_points_nowhere_up_is_no_finding(upward, source):
    assert upward(source) == []


@pytest.mark.parametrize(
    "path", ["scripts/other.py", "loose.py", "pkg/low/test_code.py", "pkg/low/code.pyi"]
)
def test_the_highest_layer_loose_files_tests_and_stubs_are_left_alone(upward, path):
    assert upward("from pkg.mid.runs import Run\nimport scripts.train", path) == []


def test_domain_may_not_import_scripts_but_infrastructure(upward):
    source = "import pkg.low.paths\nfrom scripts.train import main\n"
    assert upward(source, "pkg/mid/code.py") == [(2, "main of scripts.train")]


def test_a_definition_module_counts_although_it_only_hands_the_name_on(upward):
    """It is imported as well; only a module that makes nothing itself stands for others."""
    source = "from scripts.train import create_run\n"
    assert upward(source, "pkg/mid/code.py") == [(1, "scripts.train")]


def test_imports_for_checkers_are_allowed_by_the_option_and_no_others(check):
    setting = "[tool.trackfix]\nlayers-allow-type-checking = true\n" + SETTING
    source = """
        from typing import TYPE_CHECKING
        if TYPE_CHECKING:
            from pkg.mid.runs import Run
        else:
            from pkg.mid.runs import create_run
    """
    found = check("TRK401", {**TREE, "pyproject.toml": setting, "pkg/low/code.py": source})
    assert [f.line for f in found] == [5]


def test_the_longest_name_of_a_package_decides(check):
    setting = SETTING.replace('"pkg.mid"', '"pkg"')
    source = "import pkg.low.paths\nimport pkg.shim\n"
    found = check("TRK401", {**TREE, "pyproject.toml": setting, "pkg/low/code.py": source})
    assert [f.line for f in found] == [2]


def test_stars_stand_for_parts_of_names(check):
    setting = '[tool.trackfix.layers]\nlow = ["*.low"]\nhigh = ["**.runs"]\n'
    source = "from pkg.mid.runs import Run\n"
    found = check("TRK401", {**TREE, "pyproject.toml": setting, "pkg/low/code.py": source})
    assert [f.line for f in found] == [1]


def test_the_ready_made_layers_go_by_the_names_of_modules(check):
    tree = {
        "pyproject.toml": '[tool.trackfix]\nlayers = "tracking"\n',
        "lib/paths.py": "from lib.hpo.study import Study\n",
        "lib/hpo/study.py": "from lib.paths import x\nfrom scripts.train import main\nclass Study: ...\n",
        "scripts/train.py": "from lib.hpo.study import Study\ndef main(): ...\n",
        "notebooks/look.py": "from lib.hpo.study import Study\n",
    }
    found = check("TRK401", tree)
    assert [(f.path, f.line) for f in found] == [("lib/hpo/study.py", 2), ("lib/paths.py", 1)]


WRONG = {
    'layers = { a = ["pkg.lo"], b = ["pkg.mid"] }': (
        "layers 'a': there is no module 'pkg.lo' in the project; did you mean 'pkg.low'?"
    ),
    'layers = { a = ["nowhere_at_all"], b = ["pkg.mid"] }': (
        "layers 'a': there is no module 'nowhere_at_all' in the project"
    ),
    'layers = { a = ["**.zzz"], b = ["pkg"] }': (
        "layers 'a': no module of the project is like '**.zzz'"
    ),
    'layers = { a = ["pkg"] }': ("layers has only one layer; name two or more, the lowest first"),
    'layers = { a = ["pkg"], b = ["pkg"] }': "layers: 'pkg' is in both 'a' and 'b'",
    'layers = { a = ["pkg/low"], b = ["pkg"] }': (
        "layers 'a': 'pkg/low' is no package; write 'pkg.sub', '*' for one part of the name or "
        "'**' for any number of parts"
    ),
    'layers = { a = "pkg", b = ["pkg"] }': "layers 'a' must be a list of strings",
    'layers = "traking"': "layers: there is no set 'traking'; did you mean 'tracking'?",
    "layers = 3": (
        'layers must be a table such as { domain = ["pkg.runs"], scripts = ["scripts"] }, the '
        'lowest first, or "tracking"'
    ),
    "layer = {}": "has no key 'layer'; did you mean 'layers'?",
    'layers-allow-type-checking = "yes"': "layers-allow-type-checking must be true or false",
}


@pytest.mark.parametrize("setting", WRONG)
def test_a_wrong_setting_is_one_line_that_says_what_to_do(check, setting):
    with pytest.raises(ConfigError) as error:
        check("TRK401", {**TREE, "pyproject.toml": f"[tool.trackfix]\n{setting}\n"})
    assert str(error.value) == f"pyproject.toml: [tool.trackfix] {WRONG[setting]}"


def test_a_notebook_stands_in_the_layer_of_its_folder(check):
    cell = '{"cell_type": "code", "source": ["import scripts.train\\n"], "metadata": {}, "outputs": [], "execution_count": null}'
    notebook = f'{{"cells": [{cell}], "metadata": {{}}, "nbformat": 4, "nbformat_minor": 5}}'
    setting = '[tool.trackfix.layers]\nlow = ["notebooks"]\nhigh = ["scripts"]\n'
    found = check("TRK401", {**TREE, "pyproject.toml": setting, "notebooks/a.ipynb": notebook})
    assert [f.path for f in found] == ["notebooks/a.ipynb"]
