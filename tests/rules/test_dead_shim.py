import shutil
from pathlib import Path

import pytest

from trackfix.lint.rule import LintProject
from trackfix.project.project import Project, open_project
from trackfix.project.settings.config import load_config
from trackfix.rewrite.codemod import load_codemods
from trackfix.rewrite.plan import make_plan
from trackfix.source.discovery import discover
from trackfix_rules.dead_shim import RULE

FIXTURES = Path(__file__).parents[2] / "fixtures"
LIBRARY = {
    "lib/__init__.py": "",
    "lib/home.py": "def f(): ...\n",
    "lib/old.py": '"""Deprecated, use lib.home."""\nfrom lib.home import f\n',
}


def removed(project):
    plan = make_plan(project, list(load_codemods(("remove-shims",))))
    return {file.path for file in plan.files if file.after is None}


# What is found


def test_a_shim_without_references_is_found_with_an_unsafe_fix(check):
    (finding,) = check("TRK103", {**LIBRARY, "app.py": "from lib.home import f\n"})
    assert (finding.path, finding.line, finding.column) == ("lib/old.py", 1, 1)
    assert finding.message == (
        "nothing refers to the shim lib.old any more "
        "(line 1: docstring says 'Deprecated, use lib.home.')"
    )
    assert (finding.fix.codemod, finding.fix.safety) == ("remove-shims", "unsafe")


def test_of_a_part_of_a_repository_only_that_part_is_told(tmp_path):
    for path, source in {**LIBRARY, "app.py": "from lib.home import f\n"}.items():
        (tmp_path / "part" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "part" / path).write_text(source, encoding="utf-8")
    (tmp_path / ".git").mkdir()
    project = LintProject(open_project(tmp_path / "part"))
    (finding,) = RULE.check("lib/old.py", project)
    assert finding.message.startswith("nothing in this project refers to the shim lib.old")


def test_a_shim_that_runs_as_a_script_is_not_dead(check):
    old = LIBRARY["lib/old.py"] + "\nif __name__ == '__main__':\n    print(1)\n"
    assert check("TRK103", {**LIBRARY, "lib/old.py": old}) == []


def test_shims_that_only_refer_to_each_other_are_dead_together(check):
    tree = {**LIBRARY, "lib/older.py": '"""Deprecated."""\nfrom lib.old import f\n'}
    assert [finding.path for finding in check("TRK103", tree)] == ["lib/old.py", "lib/older.py"]


def test_a_comment_keeps_nothing_alive(check):
    assert check("TRK103", {**LIBRARY, "app.py": "x = 1  # was lib.old\n"})


ENTRY = "import sys\n\nimport lib.home\n\nsys.modules['{}'] = lib.home\n"


def test_an_entry_of_sys_modules_without_references_is_found_where_it_is_made(check):
    tree = {**LIBRARY, "app.py": "import lib.old\n", "lib/names.py": ENTRY.format("lib.gone")}
    (finding,) = check("TRK103", tree)
    assert (finding.path, finding.line) == ("lib/names.py", 5)
    assert finding.message.startswith(
        "nothing refers to the shim lib.gone any more (lib/names.py:5"
    )
    assert finding.fix is None


@pytest.mark.parametrize(
    "path, name, user",
    [
        ("lib/names.py", "lib.gone", "from lib.gone import f\n"),
        ("lib/names.py", "lib.gone", "NAME = 'lib.gone'\n"),
        ("lib/names.py", "others.gone", ""),
        ("tests/test_a.py", "lib.gone", ""),
    ],
)
def test_an_entry_of_sys_modules_that_somebody_may_need_is_not_found(check, path, name, user):
    tree = {**LIBRARY, "app.py": f"import lib.old\n{user}", path: ENTRY.format(name)}
    assert check("TRK103", tree) == []


# What is not found


@pytest.mark.parametrize(
    "path, text",
    [
        ("app.py", "from lib.old import f\n"),
        ("app.py", "def run():\n    import lib.old\n"),
        ("app.py", "NAME = 'lib.old'\n"),
        ("app.py", "NAMES = ['lib.old.f']\n"),
        ("app.py", "# type: lib.old.T\n"),
        ("app.py", "from lib.old import (\n"),
        ("tests/test_app.py", "from unittest.mock import patch\npatch('lib.old.f')\n"),
        ("lib/__init__.py", "__all__ = ['old']\n"),
        ("lib/plugins.py", "import pkgutil\n\nprint(list(pkgutil.iter_modules(['.'])))\n"),
        ("README.md", "Call lib.old.f.\n"),
        ("setup.cfg", "[options.entry_points]\nconsole_scripts =\n    f = lib.old:f\n"),
        (
            "book.ipynb",
            '{"cells": [{"cell_type": "code", "execution_count": null, "metadata": {}, '
            '"outputs": [], "source": ["from lib.old import f"]}], "metadata": {}, '
            '"nbformat": 4, "nbformat_minor": 5}',
        ),
    ],
)
def test_what_anything_refers_to_is_not_dead(check, path, text):
    assert check("TRK103", {**LIBRARY, path: text}) == []


def test_a_module_that_never_was_used_and_says_nothing_may_be_public(check):
    tree = {**LIBRARY, "lib/old.py": "from lib.home import f\n__all__ = ['f']\n"}
    assert check("TRK103", tree) == []


def test_a_package_that_holds_other_modules_is_not_dead(check):
    tree = {
        **LIBRARY,
        "lib/older/__init__.py": '"""Deprecated."""\nfrom lib.home import f\n',
        "lib/older/part.py": "x = 1\n",
    }
    assert "lib/older/__init__.py" not in [finding.path for finding in check("TRK103", tree)]


def test_a_module_to_keep_is_not_dead(check):
    assert (
        check("TRK103", {**LIBRARY, "pyproject.toml": '[tool.trackfix]\nkeep = ["lib.old"]'}) == []
    )


def test_a_file_that_was_never_parsed_keeps_what_it_names(tmp_path, rule_of):
    for path, text in {**LIBRARY, "broken.py": "from lib.old import (\n"}.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    config = load_config(tmp_path)
    project = LintProject(Project(tmp_path, config, discover(tmp_path)))
    assert list(rule_of("TRK103").check("lib/old.py", project)) == []


# Lint and apply agree


@pytest.mark.parametrize("name", ["legacy_training", "legacy_training_after"])
def test_what_is_dead_is_what_apply_removes(name, tmp_path, findings, rule_of):
    shutil.copytree(FIXTURES / name, tmp_path / name)
    project = open_project(tmp_path / name)
    dead = {finding.path for finding in findings(rule_of("TRK103"), project)}
    empty = {path for path in removed(project) if not (tmp_path / name / path).read_bytes().strip()}
    assert dead == removed(project) - empty


def test_after_all_references_moved_the_shims_are_dead_and_never_both(tmp_path, findings, rule_of):
    shutil.copytree(FIXTURES / "legacy_training", tmp_path / "copy")
    project = open_project(tmp_path / "copy")
    plan = make_plan(project, list(load_codemods(("rewrite-imports",))))
    after = project.overlaid({file.path: file.after for file in plan.files})
    dead = {finding.path for finding in findings(rule_of("TRK103"), after)}
    living = {f.path for f in findings(rule_of("TRK102"), after) if "sys.modules" not in f.message}
    assert dead
    assert not dead & living
    assert dead >= removed(after) - {p for p in removed(after) if p.endswith("__init__.py")}
