"""The proof that edited files are as sound as they were: what passes and what is refused."""

import pytest

from trackfix.project.project import open_project
from trackfix.rewrite import verify as verification
from trackfix.rewrite.verify import verify

FILES = {
    "pkg/__init__.py": "",
    "pkg/home.py": "import json\n\ndef a(): return json\ndef b(): pass\n",
    "pkg/old.py": "from pkg.home import a, b\n",
    "pkg/user.py": "from pkg.old import a\n\nx = a\n",
    "app.py": "import pkg.user\nfrom pkg.old import a\n\nx = a, pkg\n",
    "star.py": "from pkg.old import *\n\nx = a\n",
    "getter.py": "import pkg.home\n\nx = getattr(pkg.home, 'a')()\n",
}


@pytest.fixture
def reasons(tmp_path):
    def run(**contents):
        for path, source in FILES.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(source, encoding="utf-8")
        before = open_project(tmp_path)
        changed = {
            path: None if text is None else text.encode()
            for path, text in contents.pop("files", contents).items()
        }
        return [f"{f.path}: {f.reason}" for f in verify(before, before.overlaid(changed), changed)]

    return run


PASSES = {
    "nothing": {},
    "an import of the home": {"app.py": "import pkg.user\nfrom pkg.home import a\n\nx = a, pkg\n"},
    "a relative import": {"pkg/user.py": "from .home import a\n\nx = a\n"},
    "an unused import that another file takes": {
        "pkg/user.py": "from pkg.old import a\nfrom pkg.home import a as own\n\nx = own\n",
        "app.py": "import pkg.user\nfrom pkg.user import a\n\nx = a, pkg\n",
    },
    "an unused import that is there on purpose": {
        "pkg/user.py": "from pkg.home import a, b  # noqa: F401\n\nx = a\n"
    },
    "a name of a module instead of getattr": {"getter.py": "import pkg.home\n\nx = pkg.home.a()\n"},
    "an import of a sibling that the package hands out as well": {
        "pkg/__init__.py": "from pkg.user import x\nfrom pkg.home import a\n",
        "pkg/user.py": "from pkg.home import a\n\nx = a\n",
    },
    "an import under another name": {
        "app.py": "import pkg.user\nfrom pkg.home import b as a\n\nx = a, pkg\n"
    },
    "a star made explicit": {"star.py": "from pkg.home import a\n\nx = a\n"},
    "an outside module": {"app.py": "import pkg.user\nfrom json import dumps as a\n\nx = a, pkg\n"},
    "a try around imports that went": {
        "app.py": "import pkg.user\nfrom pkg.home import a\n\nx = a, pkg\n"
    },
    "comments and layout": {
        "app.py": "# more\nimport pkg.user\n\nfrom pkg.old import (\n    a,\n)\nx = (a, pkg)\n"
    },
    "a removed file that nobody imports": {"star.py": None},
    "a removed shim and its users moved": {
        "pkg/old.py": None,
        "pkg/user.py": "from pkg.home import a\n\nx = a\n",
        "star.py": "from pkg.home import *\n\nx = a\n",
        "app.py": "import pkg.user\nfrom pkg.home import a\n\nx = a, pkg\n",
    },
}


@pytest.mark.parametrize("files", PASSES.values(), ids=PASSES)
def test_sound_contents_pass(reasons, files):
    assert reasons(files=files) == []


REFUSED = {
    "no Python": ({"app.py": "import (\n"}, "syntax error"),
    "a module that is not there": (
        {"pkg/user.py": "from pkg.gone import a\n\nx = a\n"},
        "pkg.gone has no a",
    ),
    "a name that is not there": (
        {"pkg/user.py": "from pkg.home import z as a\n\nx = a\n"},
        "pkg.home has no z",
    ),
    "an import by itself that is not there": (
        {"app.py": "import pkg.user, pkg.gone\nfrom pkg.old import a\n\nx = a, pkg\n"},
        "pkg.gone has no such module",
    ),
    "a climb out of the package": (
        {"pkg/user.py": "from ...home import a\n\nx = a\n"},
        "climbs out of the package",
    ),
    "a name without its import": ({"pkg/user.py": "\nx = a\n"}, "a became undefined"),
    "a name of a star without it": (
        {"star.py": "from pkg.home import b\n\nx = a\n"},
        "a became undefined",
    ),
    "an import too many": (
        {"pkg/user.py": "from pkg.home import a, b\n\nx = a\n"},
        "the import of b became unused",
    ),
    "an import that only shares its name with a parameter": (
        {"pkg/user.py": "from pkg.home import a, b\n\nx = a\ny = lambda b: b\n"},
        "the import of b became unused",
    ),
    "another statement": (
        {"pkg/user.py": "from pkg.home import a\n\nx = a\ny = a\n"},
        "is no import was changed",
    ),
    "a lost statement": (
        {"pkg/user.py": "from pkg.home import a\n\na\n"},
        "is no import was changed",
    ),
    "a new call": (
        {"pkg/user.py": "from pkg.home import a\n\nx = a()\n"},
        "is no import was changed",
    ),
    "a closed cycle": (
        {"pkg/home.py": "import app as json\n\ndef a(): return json\ndef b(): pass\n"},
        "closes an import cycle",
    ),
    "a removed file that is imported": ({"pkg/old.py": None}, "still imports it"),
    "a removed package member": ({"pkg/user.py": None}, "app.py:1 still imports it"),
}


@pytest.mark.parametrize("files, reason", REFUSED.values(), ids=REFUSED)
def test_unsound_contents_are_refused(reasons, files, reason):
    found = reasons(files=files)
    assert found, "it passed"
    assert all(reason in item for item in found if item.startswith(next(iter(files)))), found


@pytest.mark.parametrize(
    "is_new, expected", [(True, ["app.py: nested too deeply to compile"]), (False, [])]
)
def test_what_only_the_compiler_finds_too_deep_is_refused_if_it_was_not(
    reasons, monkeypatch, is_new, expected
):
    def compiled(source, *_, **__):
        if "# new" in source or not is_new:
            raise RecursionError

    monkeypatch.setattr(verification, "compile", compiled, raising=False)
    assert reasons(files={"app.py": FILES["app.py"] + "# new\n"}) == expected


def test_one_reason_for_each_file_is_enough(reasons):
    found = reasons(
        files={"pkg/user.py": "from pkg.gone import z\n\nx = a\ny = 1\n", "app.py": "import (\n"}
    )
    assert [item.partition(":")[0] for item in found] == ["pkg/user.py", "app.py"]


def test_a_file_that_is_imported_relatively_is_still_imported(reasons):
    found = reasons(files={"pkg/home.py": None, "pkg/user.py": "from .home import a\n\nx = a\n"})
    assert any("still imports it" in item for item in found if item.startswith("pkg/home.py"))


ANNOUNCED = [
    ({"For": -1, "Call": -1}, []),
    ({}, ["a.py: a statement that is no import was changed"]),
    ({"For": -1}, ["a.py: a statement that is no import was changed"]),
    ({"For": -1, "Call": -2}, ["a.py: a statement that is no import was changed"]),
]


@pytest.mark.parametrize("announced, expected", ANNOUNCED)
def test_statements_may_only_come_and_go_as_they_are_announced(tmp_path, announced, expected):
    (tmp_path / "a.py").write_text("for k, v in d.items():\n    log(k, v)\n", encoding="utf-8")
    before = open_project(tmp_path)
    contents = {"a.py": b"log(d)\n"}
    found = verify(before, before.overlaid(contents), contents, {"a.py": announced})
    assert [f"{failure.path}: {failure.reason}" for failure in found] == expected
