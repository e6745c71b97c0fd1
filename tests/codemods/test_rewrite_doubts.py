"""An unsafe run says of each reference what it moves it in spite of."""

import pytest

from trackfix.project.project import open_project
from trackfix.rewrite.codemod import load_codemods
from trackfix.rewrite.plan import make_plan

OLD = {"lib/__init__.py": "", "lib/old.py": '"""Deprecated."""\nfrom lib.home import f, LIMIT\n'}
HOME = "LIMIT = 5\n\n\ndef f(): return LIMIT\n"
REBINDS = HOME + "\n\ndef set_limit(value):\n    global LIMIT\n    LIMIT = value\n"
WARNS = (
    '"""Deprecated."""\nimport warnings\n\n\ndef __getattr__(name):\n'
    '    if name == "f":\n        warnings.warn("use home", DeprecationWarning, stacklevel=2)\n'
    "        from lib.home import f\n\n        return f\n    raise AttributeError(name)\n"
)
LATE = "def use():\n    from lib.old import f\n\n    return f()\n"


@pytest.fixture
def notes_of(tmp_path):
    """The notes of an unsafe run on one file, which it changes."""

    def run(path, tree, *, unsafe=True):
        for name, source in {**OLD, "lib/home.py": HOME, **tree}.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(source, encoding="utf-8")
        codemods = tuple(load_codemods(("rewrite-imports",)))
        plan = make_plan(open_project(tmp_path), codemods, unsafe=unsafe)
        (file,) = [file for file in plan.files if file.path == path]
        return list(file.notes)

    return run


@pytest.fixture
def notes(notes_of):
    """The notes of an unsafe run on ``app.py``, which it changes."""

    def run(tree, *, unsafe=True):
        return notes_of("app.py", tree, unsafe=unsafe)

    return run


@pytest.mark.parametrize(
    "app",
    [
        "from lib.old import LIMIT\n\nprint(LIMIT)\n",
        "import lib.old as old\n\nprint(old.LIMIT)\n",
        "from unittest import mock\n\nmock.patch('lib.old.LIMIT')\n",
    ],
)
def test_a_name_that_a_function_of_its_home_binds_again(notes, app):
    told = [note for _, note in notes({"lib/home.py": REBINDS, "app.py": app})]
    assert all(note.startswith("not proven safe: ") for note in told)
    assert told[0].endswith(": a function in lib/home.py binds LIMIT again")
    # Of a patch also that it would reach who looks the name up there.
    assert len(told) == 1 + app.count("mock.patch")


def test_a_late_look_up_whose_warning_a_test_expects(notes):
    test = (
        "import pytest\nimport app\n\n\ndef test_use():\n"
        "    with pytest.warns(DeprecationWarning):\n        app.use()\n"
    )
    tree = {"lib/old.py": WARNS, "app.py": LATE, "test_app.py": test}
    assert notes(tree) == [
        (
            2,
            "not proven safe: lib.old.f: test_app.py:6 expects a warning, which may be that of "
            "the shim",
        )
    ]


@pytest.mark.parametrize("line", ["from lib.old import f", "import lib.single"])
def test_an_import_that_a_test_only_tries_out(notes_of, line):
    tree = {
        "lib/single.py": '"""Deprecated."""\nfrom lib.home import f\n',
        "test_app.py": f"def test_import():\n    {line}\n",
    }
    ((_, note),) = notes_of("test_app.py", tree)
    assert note.endswith(": a test does this import to see that it works: it doesn't use the name")


def test_a_look_up_that_a_test_of_the_home_would_reach(notes):
    test = (
        "from unittest import mock\nimport app\n\n\n"
        "@mock.patch('lib.home.f')\ndef test_use(double):\n    assert app.use() == 5\n"
    )
    ((line, note),) = notes({"app.py": LATE, "test_app.py": test})
    assert (line, "replaces f in lib.home" in note) == (2, True)


@pytest.mark.parametrize(
    "app", ["from lib.old import f\n\nf()\n", "import lib.old as old\n\nold.f()\n", LATE]
)
@pytest.mark.parametrize("unsafe", [True, False])
def test_what_is_proven_has_no_note(notes, app, unsafe):
    assert notes({"app.py": app}, unsafe=unsafe) == []


CHOSEN = {
    "by version": "import sys\nif sys.version_info >= (3, 9):\n    from lib.home import f\n"
    "else:\n    from lib.slow import f\n",
    "by a setting": "import os\nfrom lib.slow import f\nif os.environ.get('FAST'):\n"
    "    from lib.home import f\n",
}


@pytest.mark.parametrize("old", CHOSEN.values(), ids=CHOSEN)
def test_nobody_guesses_which_of_two_homes_a_condition_chooses(tmp_path, old):
    files = {
        **OLD,
        "lib/home.py": HOME,
        "lib/slow.py": HOME,
        "lib/old.py": f'"""Deprecated."""\n{old}',
        "app.py": "from lib.old import f\n\nf()\n",
    }
    for name, source in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(source, encoding="utf-8")
    plan = make_plan(
        open_project(tmp_path), tuple(load_codemods(("rewrite-imports",))), unsafe=True
    )
    assert plan.files == ()
    (left,) = [skipped for skipped in plan.skipped if skipped.path == "app.py"]
    assert left.reason.endswith("binds f under a condition")


def test_a_name_that_is_only_imported_under_a_condition_has_one_home(notes):
    old = '"""Deprecated."""\nimport os\nif os.environ.get("FAST"):\n    from lib.home import f\n'
    ((_, note),) = notes({"lib/old.py": old, "app.py": "from lib.old import f\n\nf()\n"})
    assert note.endswith("lib/old.py:4 imports it under a condition")
