import shutil
from pathlib import Path

import pytest

from trackfix.project.project import open_project
from trackfix.rewrite.codemod import load_codemods
from trackfix.rewrite.plan import make_plan

FIXTURES = Path(__file__).parents[2] / "fixtures"
LIBRARY = {
    "lib/__init__.py": "",
    "lib/home.py": "def f(): ...\ndef g(): ...\n",
    "lib/other.py": "def h(): ...\n",
    "lib/old.py": '''
        """Deprecated, use lib.home."""
        from lib.home import f, g
        from lib.other import h
    ''',
    "lib/one.py": "'''Deprecated.'''\nfrom lib.home import f, g\n",
}


@pytest.fixture
def found(check):
    """The findings in ``app.py`` beside a library with a shim."""

    def run(source, path="app.py", **files):
        tree = {**LIBRARY, **files, path: source}
        return [finding for finding in check("TRK101", tree) if finding.path == path]

    return run


def text_at(finding, source):
    lines = source.splitlines()
    assert finding.line == finding.end_line
    return lines[finding.line - 1][finding.column - 1 : finding.end_column - 1]


# What is found


@pytest.mark.parametrize(
    "source, text",
    [
        ("from lib.old import f\n", "lib.old"),
        ("from lib.old import (\n    f,\n    g as k,\n)\n", "lib.old"),
        ("from lib import old\nold.f()\n", "old"),
        ("import lib.old as o\no.f()\n", "lib.old"),
        ("import lib.old\nlib.old.f()\n", "lib.old"),
        ("def run():\n    from lib.old import f\n    f()\n", "lib.old"),
        ("from lib.old import *\nf()\n", "lib.old"),
        ("try:\n    from lib.old import f\nexcept ImportError:\n    f = None\n", "lib.old"),
        ("from importlib import import_module\nimport_module('lib.one').f()\n", "lib.one"),
        ('def f():\n    """See :func:`lib.old.g`."""\n', "lib.old.g"),
    ],
)
def test_a_reference_is_one_finding_with_a_fix_at_its_module(found, source, text):
    (finding,) = found(source)
    assert text_at(finding, source) == text
    assert finding.fix.codemod == "rewrite-imports"
    assert finding.fix.safety == "safe"


def test_a_relative_import_is_shown_with_its_dots(found):
    (finding,) = found("from .old import f\n", path="lib/app.py")
    assert (finding.column, finding.end_column) == (6, 10)


def test_a_patch_target_is_found_at_the_text_between_the_quotes(found):
    source = 'from unittest.mock import patch\n\n@patch("lib.old.f")\ndef test_f(f): ...\n'
    (finding,) = found(source, path="test_app.py", **{"app.py": "import lib.old\n\nlib.old.f()\n"})
    assert text_at(finding, source) == "lib.old.f"


def test_the_message_says_where_the_name_is_defined_and_what_makes_it_a_shim(found):
    (finding,) = found("from lib.old import f\n")
    assert finding.message == (
        "'f' comes through the shim lib.old; it is defined in lib.home "
        "(line 1: docstring says 'Deprecated, use lib.home.')"
    )
    assert [(r.role, r.path, r.line) for r in finding.related] == [
        ("shim", "lib/old.py", 1),
        ("home", "lib/home.py", 1),
    ]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        # What runs when it is imported is not jumped over.
        ("from lib.home import f\nregister(f)\n", "handed on by lib.way "),
        ("from lib.home import f\n", "defined in lib.home "),
    ],
)
def test_the_message_calls_no_module_on_the_way_the_definition(found, form, said):
    old = "'''Deprecated.'''\nfrom lib.way import f\n"
    files = {"lib/way.py": f"def register(x): ...\n{form}", "lib/older.py": old}
    (finding,) = found("from lib.older import f\n\nf()\n", **files)
    assert f"'f' comes through the shim lib.older; it is {said}" in finding.message


def test_names_of_several_homes_are_one_finding_that_names_them_all(found):
    (finding,) = found("from lib.old import f, h\n")
    assert "'f' and 'h' come through" in finding.message
    assert finding.fix.message == "refer to lib.home and lib.other instead"


def test_a_shim_that_imports_another_is_found_too(check):
    tree = {**LIBRARY, "lib/older.py": '"""Deprecated."""\nfrom lib.old import f\n'}
    (finding,) = check("TRK101", tree)
    assert finding.path == "lib/older.py"
    assert finding.fix is not None


def test_what_a_setting_renames_is_found_and_the_setting_is_named(check):
    tree = {
        "pyproject.toml": '[tool.trackfix]\nrenames = { "lib.home:f" = "lib.other:k" }\n',
        "lib/__init__.py": "",
        "lib/home.py": "def f(): ...\n",
        "lib/other.py": "def k(): ...\n",
        "app.py": "from lib.home import f\n",
    }
    (finding,) = check("TRK101", tree)
    assert finding.message == "'f' moved from lib.home to lib.other, says renames"


# What has no fix, or an unsafe one


def test_names_with_fates_of_their_own_are_findings_of_their_own(check):
    tree = {
        **LIBRARY,
        "lib/old.py": """
            '''Deprecated, use lib.home.'''
            from lib.home import f
            try:
                from fast import g
            except ImportError:
                from lib.home import g
        """,
        "app.py": "from lib.old import f, g\n",
    }
    first, second = (f for f in check("TRK101", tree) if f.path == "app.py")
    assert (first.column, first.fix.safety) == (21, "safe")
    assert second.column == 24
    assert second.fix is None or second.fix.safety == "unsafe"


def test_what_would_close_an_import_cycle_has_an_unsafe_fix_that_says_so(check):
    tree = {
        "home.py": "import app\n\n\ndef f(): ...\n",
        "old.py": """
            '''Deprecated.'''
            def __getattr__(name):
                if name == "f":
                    from home import f
                    return f
                raise AttributeError(name)
        """,
        "app.py": "import old\n\n\ndef run():\n    return old.f()\n",
    }
    (finding,) = check("TRK101", tree)
    assert finding.fix.safety == "unsafe"
    assert "import cycle" in finding.fix.message


def test_what_can_not_move_has_no_fix_and_the_message_says_why(found):
    (finding,) = found("import lib.old as o\n\no.f = None\n")
    assert finding.fix is None
    assert finding.message.endswith("left alone: line 3: it assigns to the module")


def test_what_must_move_together_stays_together_across_files(check):
    tree = {
        **LIBRARY,
        "app.py": "import lib.old as o\n\n\ndef run():\n    return o.f(), o.missing\n",
        "test_app.py": 'from unittest.mock import patch\n\n@patch("lib.old.f")\ndef test_f(f): ...\n',
    }
    found = check("TRK101", tree)
    assert [finding.path for finding in found] == ["app.py", "test_app.py"]
    assert all(finding.fix is None for finding in found)
    assert "it must move together with app.py:5" in found[1].message


# What is not found


@pytest.mark.parametrize(
    "source",
    [
        "from lib.home import f\n",
        "import lib\n",
        "from lib import home\nhome.f()\n",
        "from other.old import f\n",
        "old = 'a word'\n",
        "MESSAGE = 'lib.old is gone'\n",
        "NAME = 'lib.old'\n",
        "import logging\nlog = logging.getLogger('lib.old')\n",
        "import logging\nlog = logging.getLogger('lib.one')\n",
        "# lib.old\n",
        "def f():\n    '''lib.old was here.'''\n",
        "",
    ],
)
def test_what_does_not_go_through_a_shim_is_no_finding(found, source):
    assert found(source) == []


def test_a_facade_is_no_shim(check):
    tree = {
        "lib/__init__.py": "from .home import f\n",
        "lib/home.py": "def f(): ...\n",
        "app.py": "from lib import f\n",
    }
    assert check("TRK101", tree) == []


def test_a_module_to_keep_is_no_shim(check):
    tree = {
        **LIBRARY,
        "pyproject.toml": '[tool.trackfix]\nkeep = ["lib.old"]\n',
        "app.py": "from lib.old import f\n",
    }
    assert check("TRK101", tree) == []


def test_a_shim_that_names_itself_is_no_finding(check):
    tree = {**LIBRARY, "lib/old.py": LIBRARY["lib/old.py"] + '\n        WARNING = "lib.old.f"\n'}
    assert check("TRK101", tree) == []


def test_a_file_that_is_no_python_is_no_finding(check):
    assert check("TRK101", {**LIBRARY, "app.py": "from lib.old import (\n"}) == []


# Lint and apply agree


@pytest.fixture(scope="module")
def legacy(tmp_path_factory):
    root = tmp_path_factory.mktemp("copy") / "legacy_training"
    shutil.copytree(FIXTURES / "legacy_training", root)
    return root


@pytest.fixture(scope="module")
def shim_imports(findings, rule_of):
    return lambda project: findings(rule_of("TRK101"), project)


@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])
def test_what_apply_changes_has_a_finding_with_a_fix_and_nothing_else_has(
    legacy, shim_imports, unsafe
):
    project = open_project(legacy)
    allowed = ("safe", "unsafe") if unsafe else ("safe",)
    fixable = [
        finding
        for finding in shim_imports(project)
        if finding.fix is not None and finding.fix.safety in allowed
    ]
    plan = make_plan(project, list(load_codemods(("rewrite-imports",))), unsafe=unsafe)
    assert {finding.path for finding in fixable} == {file.path for file in plan.files}
    for file in plan.files:
        assert file.after is not None
        changed = set(file.before.splitlines()) - set(file.after.splitlines())
        lines = file.before.splitlines()
        for finding in fixable:
            if finding.path == file.path:
                assert lines[finding.line - 1] in changed


@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])
def test_after_apply_no_finding_with_such_a_fix_is_left(legacy, shim_imports, unsafe):
    project = open_project(legacy)
    plan = make_plan(project, list(load_codemods(("rewrite-imports",))), unsafe=unsafe)
    after = project.overlaid({file.path: file.after for file in plan.files})
    left = {f.fix.safety for f in shim_imports(after) if f.fix is not None}
    assert left <= (set() if unsafe else {"unsafe"})
    assert plan.files


def test_what_lint_leaves_alone_apply_skips_for_the_same_reason(legacy, shim_imports):
    project = open_project(legacy)
    plan = make_plan(project, list(load_codemods(("rewrite-imports",))), unsafe=True)
    reasons = {(s.path, s.reason.partition(": ")[2]) for s in plan.skipped}
    stuck = [f for f in shim_imports(project) if f.fix is None]
    assert stuck
    for finding in stuck:
        assert (finding.path, finding.message.partition("left alone: ")[2]) in reasons


def test_a_star_import_names_what_is_taken_and_all_its_homes(found):
    files = {"lib/old.py": '"""Deprecated."""\nfrom json import dumps\nfrom lib.home import f\n'}
    [finding] = found("from lib.old import *\n\nprint(f(), dumps(1))\n", **files)
    assert finding.message.startswith(
        "'dumps' and 'f' come through the shim lib.old; they are defined in json and lib.home ("
    )


def test_the_evidence_names_the_libraries_that_a_shim_hands_on_from(found):
    files = {"lib/old.py": "from yaml import dump\nfrom lib.home import f\n"}
    [finding] = found("from lib.old import dump\n\ndump(1)\n", **files)
    assert finding.message.endswith("(all 2 names come from lib.home, yaml)")


# What is meant to be as it is


def test_a_package_that_shows_its_shim_takes_nothing_through_it(found):
    assert found("from lib import home\nfrom . import old, one\n", "lib/__init__.py") == []


def test_a_package_that_uses_the_shim_which_it_shows_is_told_so(found):
    (finding,) = found("from . import old\nf = old.f\n", "lib/__init__.py")
    assert finding.fix is None
    assert "left alone: lib shows it to its users" in finding.message


@pytest.mark.parametrize(
    "statement", ["import lib.old", "from lib.old import f", "from lib import old"]
)
def test_a_test_of_the_shim_itself_is_no_finding(found, statement):
    source = (
        f"import pytest\n\ndef test():\n    with pytest.warns(UserWarning):\n        {statement}\n"
    )
    assert found(source, "test_app.py") == []


COMPARED = {
    "two imports": "from lib.home import f as new\nfrom lib.old import f as old\n\n"
    "def test(): assert old is new\n",
    "imports in the test": "def test():\n    from lib.home import f\n"
    "    from lib.old import f as old\n    assert f is old\n",
    "an attribute of the home": "from lib import home\nfrom lib.old import f\n\n"
    "def test(): assert f is home.f\n",
    "an attribute of the package": "import lib.home\nfrom lib.old import f\n\n"
    "def test(): assert lib.home.f is f\n",
    "another shim": "from lib.one import f as one\nfrom lib.old import f\n\n"
    "def test(): assert f is one\n",
}


@pytest.mark.parametrize("source", COMPARED.values(), ids=COMPARED)
def test_an_import_that_a_test_compares_with_the_home_is_no_finding(found, source):
    assert found(source, "test_app.py") == []


def test_what_is_imported_beside_a_name_that_a_test_compares_is_a_finding(found):
    source = (
        "from lib.old import f, g\nfrom lib import home\n\ndef test(): assert g() or f is home.f\n"
    )
    (finding,) = found(source, "test_app.py")
    assert finding.message.startswith("'g' comes through the shim lib.old")
    assert finding.fix.safety == "safe"


NOT_COMPARED = {
    "in no test": ("app.py", COMPARED["two imports"]),
    "with another name of the home": (
        "test_app.py",
        "from lib.home import g\nfrom lib.old import f\n\ndef test(): assert f is not g\n",
    ),
    "with what another module has": (
        "test_app.py",
        "import app\nfrom lib.old import f\n\ndef test(): assert app.f is f\n",
    ),
    "what it returns": (
        "test_app.py",
        "from lib.home import f as new\nfrom lib.old import f\n\ndef test(): assert f() is new()\n",
    ),
}


@pytest.mark.parametrize("path, source", NOT_COMPARED.values(), ids=NOT_COMPARED)
def test_an_import_whose_name_is_not_compared_with_the_home_is_mended(found, path, source):
    (finding,) = found(source, path)
    assert finding.fix.safety == "safe"


def test_code_that_silences_the_warning_of_a_shim_is_told_of_it(found):
    source = "def run():\n    with no_warnings():\n        from lib.old import f\n    return f()\n"
    (finding,) = found(source)
    assert "left alone: the code around it deals with what this import does" in finding.message


@pytest.mark.parametrize("word", ["old", "one"])
def test_a_word_that_is_the_last_part_of_a_shim_is_no_finding(found, word):
    source = (
        "import importlib\nimport sys\n\n\ndef run(name):\n    importlib.import_module(name)\n"
        f"    return sys.modules.get('{word}')\n"
    )
    assert found(source) == []


def test_the_name_of_a_shim_in_sys_modules_is_a_finding(found):
    source = "import importlib\nimport sys\n\n\ndef run(name):\n    importlib.import_module(name)\n"
    (finding,) = found(f"{source}    return sys.modules.get('lib.old')\n")
    assert finding.line == 7


# Where a name is defined


def test_a_home_is_shown_where_it_defines_the_name_not_where_it_imports_it(found):
    files = {
        "lib/home.py": "def f(): ...\n",
        "lib/other.py": "from lib.home import f\n\n\ndef h(): ...\n",
        "lib/old.py": '"""Deprecated."""\nfrom lib.home import f\nfrom lib.other import h\n',
    }
    (finding,) = found("from lib.old import f, h\n", **files)
    homes = [(r.path, r.line, r.message) for r in finding.related if r.role == "home"]
    assert homes == [
        ("lib/home.py", 1, "lib.home defines f"),
        ("lib/other.py", 4, "lib.other defines h"),
    ]


def test_a_home_is_shown_by_its_own_name_for_what_the_shim_calls_otherwise(found):
    files = {"lib/one.py": '"""Deprecated."""\nfrom lib.home import g as k\n'}
    (finding,) = found("from lib.one import k\n", **files)
    assert finding.related[-1].message == "lib.home defines g"


def test_a_name_that_the_shim_lacks_is_said_to_be_defined_nowhere(found):
    both = "from lib import one\n\none.f()\nhasattr(one, 'f') or one.nope\n"
    (finding,) = found(both)
    assert finding.message.startswith(
        "'f' comes through the shim lib.one; it is defined in lib.home"
    )
    (alone,) = found("from lib.one import nope\n")
    assert alone.message.startswith("'nope' comes through the shim lib.one (line 1")


def test_what_a_module_has_of_its_own_is_not_said_to_come_through_it(found):
    (finding,) = found("from lib import one\n\nprint(one.__all__)\n")
    assert finding.message.startswith("lib.one is a shim (")
    assert finding.message.endswith("left alone: __all__: it is lib.one's own")


def test_no_fix_is_offered_for_an_import_by_which_a_package_loads_what_others_take_from_it(check):
    tree = {
        "lib/home.py": "def f(): ...\n",
        "pkg/__init__.py": "from pkg.old import f\n\nX = f()\n",
        "pkg/old.py": "'''Deprecated.'''\nfrom lib.home import f\n",
        "use.py": "import pkg\n\n\ndef run(name): return getattr(pkg.old, name)\n",
    }
    found = [finding for finding in check("TRK101", tree) if finding.path == "pkg/__init__.py"]
    assert [finding.fix for finding in found] == [None]


def test_nor_for_that_of_another_module_by_which_its_importer_has_it(check):
    tree = {
        "lib/home.py": "def f(): ...\n",
        "pkg/__init__.py": "",
        "pkg/old.py": "'''Deprecated.'''\nfrom lib.home import f\n",
        "app.py": "from pkg.old import f\n\nX = f()\n",
        "use.py": "import app\nimport pkg\n\n\ndef run(name): return getattr(pkg.old, name)\n",
    }
    found = [finding for finding in check("TRK101", tree) if finding.path == "app.py"]
    assert [finding.fix for finding in found] == [None]


@pytest.mark.parametrize(
    "names, more",
    [("a", ""), ("a, b", " (and 1 more reason)"), ("a, b, c", " (and 2 more reasons)")],
)
def test_further_reasons_are_counted(found, names, more):
    guards = "".join(
        f"if X:\n    from lib.home import f as {name}\nelse:\n    from lib.other import h as {name}\n"
        for name in "abc"
    )
    shim = {"lib/cond.py": f"'Deprecated.'\n{guards}"}
    (finding,) = found(f"from lib.cond import {names}\n", **shim)
    assert finding.message.endswith(f"lib/cond.py:5 binds a under a condition{more}")


STAND_IN = """
    import sys
    from unittest import mock

    @mock.patch.dict({table}, {{"{module}": mock.Mock()}})
    def test_app():
        import app
"""


@pytest.mark.parametrize("table", ["sys.modules", '"sys.modules"'])
def test_an_import_stays_where_a_test_of_another_file_replaces_the_module(found, tmp_path, table):
    test = STAND_IN.format(table=table, module="lib.old")
    (finding,) = found("from lib.old import f\n\nf()\n", **{"test_app.py": test})
    assert finding.fix is None
    assert "it must move together with test_app.py:4, which can't: " in finding.message
    plan = make_plan(
        open_project(tmp_path), list(load_codemods(("rewrite-imports",))), unsafe=False
    )
    assert not plan.files


@pytest.mark.parametrize("module", ["lib.one", "lib.home", "json"])
def test_an_import_moves_where_what_a_test_replaces_moves_too_or_is_another(found, module):
    source = "from lib.one import f\n\nf()\n"
    test = STAND_IN.format(table="sys.modules", module=module)
    (finding,) = found(source, **{"test_app.py": test})
    assert finding.fix is not None
    assert finding.fix.safety == "safe"


THROUGH_APP = """
    import app

    def test_app(monkeypatch):
        monkeypatch.setattr(app.one, "{}", 3)
"""


def test_an_import_is_not_safe_to_move_where_a_test_patches_what_it_names_and_the_home_uses_it(
    found,
):
    files = {
        "lib/home.py": "def f(): ...\ndef g(): return f()\n",
        "test_app.py": THROUGH_APP.format("f") + "        app.one.g()\n",
    }
    (finding,) = found("from lib import one\n\nX = one.f()\n", **files)
    assert finding.fix is not None
    assert finding.fix.safety == "unsafe"
    assert "patched in lib.home, f would also change for " in finding.fix.message


def test_an_import_moves_where_a_test_patches_what_it_names_and_nobody_else_uses_it(found):
    files = {"test_app.py": THROUGH_APP.format("g")}
    (finding,) = found("from lib import one\n\nX = one.f()\n", **files)
    assert finding.fix is not None
    assert finding.fix.safety == "safe"
