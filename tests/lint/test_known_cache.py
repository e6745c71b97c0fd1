"""What is remembered of a project for runs on a few files, and when that no longer holds."""

import json
import os

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from trackfix.lint import runner
from trackfix.lint.cache_folder import FOLDER
from trackfix.lint.selection import RuleOptions
from trackfix.lint.session import Session
from trackfix.project.settings.config import ConfigError

FACTORY = """from mlflow import MlflowClient


def create_client(tracking_uri=None):
    return MlflowClient(tracking_uri)
"""
MANY = """from lib.clients import create_client
from mlflow import MlflowClient


def work():
    x = 1


def client():
    # here
    client = MlflowClient()


def one():
    return 1
"""
MORE = {
    "lib/clients.py": FACTORY,
    "lib/plain.py": "import os\n\n\ndef plain():\n    return os.sep\n",
    "use.py": "from lib.clients import create_client\n\nclient = create_client(uri=1)\n",
    "many.py": MANY,
    "direct.py": "import mlflow\n\nclient = mlflow.MlflowClient()\n",
}


@pytest.fixture
def searches(monkeypatch):
    """One entry for each time that a project was searched as a whole."""
    seen = []
    real = runner.find_out

    def count(*arguments):
        seen.append(1)
        return real(*arguments)

    monkeypatch.setattr(runner, "find_out", count)
    return seen


@pytest.fixture
def tree(project, write):
    write(project, MORE)
    return project


def codes(outcome):
    return [finding.code for finding in outcome.findings]


def entry(project):
    (found,) = (project / FOLDER).glob("project-*.json")
    return found


def test_a_second_run_on_a_file_does_not_search_the_project(tree, session, searches):
    first = session("use.py", cached=True).check()
    assert codes(first) == ["TRK203"]
    assert session("use.py", cached=True).check() == first
    assert codes(session("direct.py", cached=True).check()) == ["TRK201"]
    assert codes(session("app.py", cached=True).check()) == ["TRK101"]
    assert codes(session("lib/old.py", cached=True).check()) == ["TRK102"]
    assert len(searches) == 1


def test_a_run_on_all_files_and_one_on_some_share_what_is_known(tree, session, searches):
    session(cached=True).check()
    session("use.py", cached=True).check()
    assert len(searches) == 1


@pytest.mark.parametrize("path, text", [
    ("lib/plain.py", "import os\n\n\ndef other():\n    return os.sep\n"),
    ("lib/plain.py", "import sys\n\n\ndef plain():\n    return sys\n"),
    ("use.py", "from lib.clients import create_client\n\nclient = create_client(uri=2)\n"),
    ("README.md", "See lib.new for more.\n"),
    ("use.py", "# why\nfrom lib.clients import create_client\n\nclient = create_client(uri=1)\n"),
    ("direct.py", "import mlflow\n\nclient = mlflow.MlflowClient()  # why\n"),
    ("direct.py", "import mlflow\n\n\ndef f():\n    client = mlflow.MlflowClient()\n"),
    ("many.py", MANY.replace("x = 1", "y = 2\n    x = 1")),
    ("many.py", "# why\n" + MANY.replace("    # here", "")),
])  # fmt: skip
def test_an_edit_that_nothing_depends_on_keeps_what_is_known(
    tree, session, searches, write, path, text
):
    session(cached=True).check()
    write(tree, {path: text}, when=1_700_000_100)
    found = session("use.py", "app.py", cached=True).check()
    assert len(searches) == 1
    assert found == session("use.py", "app.py").check()


@pytest.mark.parametrize("path, text", [
    ("lib/clients.py", FACTORY.replace("tracking_uri=None", "tracking_uri=None, uri=None")),
    ("lib/clients.py", FACTORY.replace("create_client", "make_client")),
    ("lib/old.py", "from lib.home import f, g\n"),
    ("lib/old.py", "def f(): pass\n"),
    ("lib/home.py", "def g():\n    return 2\n"),
    ("lib/plain.py", "from mlflow import MlflowClient as Client\n"),
    ("lib/plain.py", "import sys\nsys.modules['lib.new'] = sys\n"),
    ("lib/plain.py", "import lib.home\nlib.home.f = 1\n"),
    ("lib/plain.py", "from lib.home import f\n"),
    ("app.py", "from lib.old import f\n\nprint(f(), 2)\n"),
    ("pyproject.toml", "[project]\nname = 'q'\n"),
    ("lib/new.py", "from lib.home import f\n"),
    ("direct.py", "import mlflow\n\n\ndef f():\n    return mlflow.MlflowClient()\n"),
    ("direct.py", "import mlflow\n\nClient = mlflow.MlflowClient\n"),
    ("many.py", MANY.replace("x = 1", "return MlflowClient()")),
    ("many.py", MANY.replace("client = Mlf", "return Mlf")),
    ("many.py", MANY.replace("return 1", "return create_client()")),
])  # fmt: skip
def test_an_edit_that_may_matter_makes_it_search_again(tree, session, searches, write, path, text):
    session(cached=True).check()
    write(tree, {path: text}, when=1_700_000_100)
    found = session("use.py", "app.py", "lib/old.py", cached=True).check()
    assert len(searches) == 2
    assert found == session("use.py", "app.py", "lib/old.py").check()


def test_a_name_that_an_inner_function_no_longer_binds_makes_it_search_again(
    tree, session, searches, write
):
    making = "import mlflow as m\n\n\ndef make():\n    return m.MlflowClient()\n\n\ndef g():\n"
    bound = "    m = 1\n\n    def h():\n        nonlocal m\n        m = 2\n\n    return h\n"
    user = "from lib.making import make\n\nclient = make()\nother = make()\n"
    write(tree, {"lib/making.py": making + bound, "user.py": user, "user2.py": user})
    (before,) = session("direct.py", cached=True).check().findings
    assert "lib.clients:create_client" in before.message
    write(tree, {"lib/making.py": making + "    return 1\n"}, when=1_700_000_100)
    (after,) = session("direct.py", cached=True).check().findings
    assert "lib.making:make" in after.message
    assert len(searches) == 2


@pytest.mark.parametrize("name, text", [
    ("setup.py", "from setuptools import setup\n\nsetup(package_dir={'': 'X'})\n"),
    ("setup.cfg", "[options]\npackage_dir =\n    = X\n"),
    ("pyproject.toml", "[tool.setuptools.packages.find]\nwhere = ['X']\n"),
])  # fmt: skip
def test_other_source_roots_make_it_search_again(project, session, write, name, text):
    old = {"one": '"""Deprecated."""\n\nfrom pkg.home import f\n', "two": "def f(): pass\n"}
    for root, code in old.items():
        write(project, {f"{root}/pkg/__init__.py": "", f"{root}/pkg/home.py": "def f(): pass\n"})
        write(project, {f"{root}/pkg/old.py": code})
    write(project, {"app.py": "from pkg.old import f\n\nf()\n", ".gitignore": "setup.cfg\n"})
    write(project, {name: text.replace("X", "one")})
    for chosen in ((), ("app.py",)):
        assert "TRK101" in codes(session(*chosen, cached=True).check())
    write(project, {name: text.replace("X", "two")}, when=1_700_000_100)
    for chosen in (("app.py",), ()):
        assert "TRK101" not in codes(session(*chosen, cached=True).check())


def test_an_extension_module_that_is_built_or_gone_makes_it_search_again(project, session, write):
    old = '"""Deprecated."""\n\nfrom lib.fast import f\n'
    write(project, {"lib/old.py": old, ".gitignore": "*.so\n"})

    def found():
        return [codes(session(*given, cached=True).check()) for given in ((), ("app.py",))]

    missing = found()
    write(project, {"lib/fast.so": ""})
    assert found() != missing
    assert found() == [codes(session().check()), ["TRK101"]]
    (project / "lib/fast.so").unlink()
    assert found() == missing


def test_a_factory_of_others_is_in_doubt_once_nothing_requires_it(project, session, write):
    setting = '[tool.trackfix]\nclient-factory = "company_ml:create"\n'
    client = "import mlflow\n\nclient = mlflow.MlflowClient()\n"
    write(project, {"pyproject.toml": setting, "requirements.txt": "company-ml\n", "a.py": client})
    for _ in range(2):
        (found,) = session("a.py", cached=True).check().findings
        assert "company_ml:create" in found.message
    write(project, {"requirements.txt": ""}, when=1_700_000_100)
    with pytest.raises(ConfigError, match="nothing is known of a package company_ml"):
        session("a.py", cached=True).check()


OWN_OR_ACTIVE = """import mlflow


class Data:
    def run_id(self):
        if self._run_id is not None:
            return self._run_id
        run = mlflow.active_run()
        if run:
            return run.info.run_id
        raise ValueError("no run")
"""
REQUIRED = """from mlflow import MlflowClient


def experiment_id(name: str) -> str:
    client = MlflowClient()
    experiment = client.get_experiment_by_name(name)
    if experiment is None:
        raise ValueError(f"there is no experiment {name}")
    return experiment.experiment_id
"""


@pytest.mark.parametrize("code, text", [("TRK301", OWN_OR_ACTIVE), ("TRK303", REQUIRED)])
def test_run_logic_is_found_by_whatever_word_tells_of_it(project, session, write, code, text):
    write(project, {"lib/one.py": text, "lib/two.py": text})
    paths = ("lib/one.py", "lib/two.py")
    for _ in range(2):
        assert code in codes(session(*paths, cached=True, select=[code]).check())


def test_a_file_that_is_gone_makes_it_search_again(tree, session, searches):
    session(cached=True).check()
    (tree / "lib/plain.py").unlink()
    session("use.py", cached=True).check()
    assert len(searches) == 2


def test_an_editors_text_counts_in_place_of_the_file(tree, session, searches):
    session(cached=True).check()
    text = b"import mlflow\n\nx = 1\n"
    plain = session("lib/plain.py", contents={"lib/plain.py": text}, cached=True)
    assert plain.check().findings == ()
    assert len(searches) == 1
    renamed = FACTORY.replace("tracking_uri=None", "uri=None").replace("(tracking_uri)", "(uri)")
    texts = {"lib/clients.py": renamed.encode()}
    factory = session("lib/clients.py", contents=texts, cached=True)
    assert factory.check().findings == ()
    assert len(searches) == 2
    assert codes(session("use.py", cached=True).check()) == ["TRK203"]
    assert len(searches) == 2


def test_a_file_that_was_only_just_written_is_compared_by_what_it_says(tree, session, searches):
    os.utime(tree / "lib/plain.py")
    session(cached=True).check()
    session("use.py", cached=True).check()
    assert len(searches) == 1
    os.utime(tree / "lib/clients.py")
    session("use.py", cached=True).check()
    session("use.py", cached=True).check()
    assert len(searches) == 3


@pytest.mark.parametrize("damage", [
    lambda known: [], lambda known: {}, lambda known: known | {"files": 1},
    lambda known: known | {"known": {"roots": 1}}, lambda known: known | {"asked": {}},
    lambda known: known | {"known": known["known"] | {"factory": {"module": "lib"}}},
    lambda known: known | {"known": known["known"] | {"shims": [{"path": 1}]}},
    lambda known: known | {"known": known["known"] | {"more": 1}},
])  # fmt: skip
def test_damage_is_mended_silently(tree, session, searches, damage, capfd):
    expected = session("use.py", cached=True).check()
    whole = entry(tree).read_text()
    entry(tree).write_text(json.dumps(damage(json.loads(whole))))
    assert session("use.py", cached=True).check() == expected
    assert entry(tree).read_text() == whole
    assert len(searches) == 2
    assert capfd.readouterr() == ("", "")


LINES = [
    "import os",
    "import mlflow",
    "from mlflow import MlflowClient",
    "from mlflow import MlflowClient as C",
    "from lib.old import f",
    "from lib.home import f",
    "from .home import *",
    "from lib import home, old",
    "from lib.clients import create_client",
    "def f(): return 1",
    "def create_client(): return MlflowClient()",
    "def make(): return create_client()",
    "client = MlflowClient()",
    "client = create_client(uri=1)",
    "old = home",
    "home.f = 1",
    "import sys; sys.modules[__name__] = home",
    "import clients",
    '"""Deprecated, moved to lib.home."""',
    "# a comment",
    "def g():\n    x = 1\n    return x",
    "def g():\n    return MlflowClient()",
    "def g():\n    return create_client()",
]
PATHS = ["lib/home.py", "lib/old.py", "lib/clients.py", "lib/plain.py", "app.py", "use.py"]
edits = st.lists(
    st.tuples(st.sampled_from(PATHS), st.lists(st.sampled_from(LINES), max_size=4)), max_size=3
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(first=edits, second=edits, asked=st.sampled_from(PATHS))
@example([("app.py", []), ("lib/home.py", ["from lib.old import f"])], [], "lib/home.py")
def test_after_any_edits_a_run_finds_what_it_finds_without_a_cache(
    tmp_path_factory, project_files, write, first, second, asked
):
    root = tmp_path_factory.mktemp("tree")
    write(root, project_files | MORE, 1_600_000_000)
    for number, step in enumerate((first, second)):
        write(root, {path: "\n".join((*lines, "")) for path, lines in step}, 1_700_000_000 + number)
        given = [root / asked] if number else []
        remembered, fresh = (
            Session(root, RuleOptions(), given, cached=cached).check() for cached in (True, False)
        )
        assert remembered == fresh
