"""The references to shims, a file at a time: what one file has, and what depends on the others."""

import pytest

from trackfix.project.modules.resolution import Resolver
from trackfix.project.project import open_project
from trackfix.project.references import finder as reference_finder
from trackfix.project.shims import reading
from trackfix.project.shims.shims import Shims

FILES = {
    "pkg/__init__.py": "",
    "pkg/home.py": "def f(): ...\ndef g(): ...\ndef h(): ...\n",
    "pkg/old.py": '"""Deprecated."""\nfrom pkg.home import f\n',
    "plain.py": "from pkg.old import f\n",
    "other.py": "import pkg.old as o\no.f()\n",
    "late.py": "def go():\n    from pkg.old import f\n    return f()\n",
    "pkg/fourth.py": '"""Deprecated."""\nfrom pkg.away import k\n',
    "stuck.py": 'def go(load, name):\n    return load("pkg.fourth." + name)\n',
    "test_fourth.py": 'from unittest import mock\n\nmock.patch("pkg.fourth.k")\n',
    "test_late.py": 'from unittest import mock\n\nmock.patch("pkg.old.f")\n',
    "no_python.py": "from pkg.old import f\nclass\n",
    "stranger.py": "old = 1\n",
    "pkg/second.py": '"""Deprecated."""\nfrom pkg.home import g, h\n',
    "go.py": "def go():\n    from pkg.second import g\n    return g()\n",
    "test_go.py": (
        "from unittest import mock\nimport go\nfrom pkg.second import h\n\n\ndef test_go():\n"
        '    with mock.patch("pkg.home.g"):\n        go.go()\n'
    ),
    "pkg/fifth.py": '"""Deprecated."""\nfrom pkg.home import h\n',
    "loads.py": "from pkg.fifth import h\n",
    "user.py": "import loads\nimport pkg\n\nall_of_it = vars(pkg.fifth)\n",
    "pkg/away.py": "def k(): ...\n",
    "pkg/third.py": '"""Deprecated."""\nfrom pkg.away import k\nfrom pkg.home import h\n',
    "takes.py": "from pkg.third import h\n",
    "test_loads.py": (
        "from unittest import mock\n\n\n@mock.patch('pkg.third.h')\ndef test_loads(fake):\n"
        "    import takes\n"
    ),
    "test_takes.py": (
        "import sys\nfrom unittest import mock\n\n\ndef test_takes():\n"
        '    with mock.patch.dict(sys.modules, {"pkg.third": mock.Mock()}):\n        import takes\n'
    ),
}


@pytest.fixture
def shims(tmp_path):
    """Gives the shims of the project afresh, of which nothing has been read."""
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)

    def made():
        project = open_project(tmp_path)
        return Shims(project, Resolver(project))

    return made


@pytest.fixture
def read(monkeypatch):
    """The paths of the files that were read for their references."""
    paths = []

    def noted(document, moves):
        paths.append(document.path)
        return reference_finder.find_references(document, moves)

    monkeypatch.setattr(reading, "find_references", noted)
    return paths


def test_the_references_of_a_file_are_told_without_reading_another(shims, read):
    (found,) = shims().references_in("plain.py")
    assert (found.module, found.names, found.safety) == ("pkg.old", ("f",), "safe")
    # Whether a test replaces the module matters, too.
    assert read == ["plain.py", "test_takes.py"]


def test_a_file_that_can_have_no_reference_is_not_read(shims, read):
    assert shims().references_in("stranger.py") == ()
    assert read == []


def test_a_late_look_up_waits_for_the_patches_in_other_files(shims, read):
    (found,) = shims().references_in("late.py")
    assert found.safety == "safe"
    assert {"late.py", "test_late.py"} <= set(read)


def test_a_late_look_up_that_stays_in_any_case_waits_for_nobody(shims, read):
    assert shims().references_in("stuck.py") == ()
    assert "test_fourth.py" not in read


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("test_go.py", "it loads the module before test_go.py:7 replaces g in pkg.home"),
        ("takes.py", "test_takes.py:6"),
    ],
)
def test_an_import_waits_for_the_tests_that_need_what_it_loads(shims, path, told):
    (found,) = shims().references_in(path)
    assert told in found.obstacle


PACKAGE = {
    "pkg/late/__init__.py": '"""Deprecated."""\nfrom pkg.home import g, h\n',
    "pkg/late/part.py": '"""Deprecated."""\nfrom pkg.away import k\n',
    "go.py": "def go():\n    from pkg.late import g\n    return g()\n",
    "early.py": "from pkg.late.part import k\n",
}


@pytest.mark.parametrize(("name", "safety"), [("g", "unsafe"), ("f", "safe")])
def test_an_import_waits_for_the_tests_that_need_the_package_that_it_loads(
    shims, tmp_path, name, safety
):
    test = FILES["test_go.py"].replace("from pkg.second import h", "import early")
    for path, text in {**PACKAGE, "test_go.py": test.replace("home.g", f"home.{name}")}.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    (found,) = shims().references_in("early.py")
    assert found.safety == safety


def test_an_import_waits_for_those_who_take_what_it_loads_from_its_package(shims):
    (found,) = shims().references_in("loads.py")
    assert (found.safety, found.obstacle) == (
        "",
        "it loads pkg.fifth, which user.py:4 takes from its package",
    )


def test_an_import_waits_for_who_takes_the_module_from_its_package(shims, tmp_path):
    (tmp_path / "app").mkdir()
    (tmp_path / "app/__init__.py").write_text("from . import start\n")
    (tmp_path / "app/start.py").write_text("from pkg.old import f\n")
    (tmp_path / "app/use.py").write_text("import pkg\n\ndef use(): return vars(pkg.old)\n")
    (found,) = shims().references_in("app/start.py")
    assert found.obstacle == "it loads pkg.old, which app/use.py:3 takes from its package"


@pytest.mark.parametrize(
    ("user", "safety"),
    [("import box", ""), ("import box.part", "safe"), ("import box.main", "safe")],
)
def test_an_import_waits_where_the_package_of_the_module_may_not_be_loaded_else(
    shims, tmp_path, user, safety
):
    (tmp_path / "box/part").mkdir(parents=True)
    files = {
        "box/__init__.py": "",
        "box/part/__init__.py": "from . import old\n",
        "box/part/old.py": '"""Deprecated."""\nfrom pkg.home import f\n',
        "box/main.py": "import box.part\n",
        "start.py": "from box.part.old import f\n",
        "use.py": f"{user}\n\ndef use(): return vars(box.part.old)\n",
    }
    for path, text in files.items():
        (tmp_path / path).write_text(text)
    (found,) = shims().references_in("start.py")
    assert found.safety == safety


@pytest.mark.parametrize("path", sorted(FILES))
def test_a_file_is_told_the_same_first_as_after_all_others(path, shims, read):
    first, last = shims(), shims()
    for other in FILES:
        if other != path:
            last.references_in(other)
    assert first.references_in(path) == last.references_in(path)


def test_a_file_that_is_asked_for_again_is_not_read_again(shims, read):
    found = shims()
    assert found.references_in("plain.py") == found.references_in("plain.py")
    assert read.count("plain.py") == 1


def test_users_are_those_in_all_files_but_the_shim(shims):
    found = shims()
    found.references_in("other.py")
    reasons = found.users(found.at("pkg/old.py")[0])
    users = ["late.py", "other.py", "plain.py", "test_late.py"]
    assert list(dict.fromkeys(reason.path for reason in reasons)) == users


def test_a_file_that_is_no_python_has_no_references(shims):
    assert shims().references_in("no_python.py") == ()
