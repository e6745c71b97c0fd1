"""TRK201: constructions outside the factory, and what would mend them."""

import textwrap

import pytest

from trackfix.lint.rule import LintProject
from trackfix.project.project import open_project
from trackfix_rules.direct_client import RULE

FACTORY = "from mlflow import MlflowClient\ndef make(tracking_uri=None): return MlflowClient(tracking_uri)\n"


@pytest.fixture
def lint(tmp_path):
    """The findings of the rule in a tree, by path and line."""

    def run(files):
        for path, source in files.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(textwrap.dedent(source))
        project = LintProject(open_project(tmp_path))
        found = [f for path in RULE.candidates(project) for f in RULE.check(path, project)]
        return sorted(found, key=lambda finding: finding.place)

    return run


def test_a_finding_names_the_factory_and_the_way_of_the_name(lint):
    (found,) = lint({"pkg.py": FACTORY, "a.py": "import mlflow as m\n\nc = m.MlflowClient()\n"})
    assert found.message == (
        "MlflowClient is constructed directly, not by pkg:make (mlflow is imported in line 1)"
    )
    assert (found.line, found.column, found.end_line, found.end_column) == (3, 5, 3, 21)
    (factory,) = found.related
    assert (factory.path, factory.line, factory.end_line, factory.role) == (
        "pkg.py",
        2,
        2,
        "factory",
    )


def test_of_all_factories_only_the_chosen_one_may_construct(lint):
    found = lint(
        {
            "a.py": FACTORY,
            "b.py": FACTORY.replace("make", "other"),
            "c.py": "from a import make\nmake()\n",
        }
    )
    assert [(f.path, f.line) for f in found] == [("b.py", 2)]


def test_a_subclass_beside_the_factory_is_no_finding(lint):
    source = "class Own(MlflowClient):\n    def __init__(self): super().__init__()\nOwn()\n"
    assert lint({"pkg.py": FACTORY + source}) == []


CACHED = FACTORY.replace("def", "from functools import cache\n@cache\ndef")
BARE = "from mlflow import MlflowClient\ndef make(): return MlflowClient()\n"
START = "from mlflow import MlflowClient\n"
FIXES = [
    (FACTORY, "MlflowClient('u')", "safe"),
    (FACTORY, "MlflowClient()", "safe"),
    (FACTORY, "field(default_factory=MlflowClient)", "safe"),
    (CACHED, "MlflowClient('u')", "unsafe"),
    ("", "MlflowClient('u')", "unsafe"),
    ("", "MlflowClient(**options)", "unsafe"),
    (BARE, "MlflowClient()", "safe"),
    (BARE, "MlflowClient('u')", None),
    (BARE, "MlflowClient(*uris)", None),
    (FACTORY.replace("=None", ""), "MlflowClient()", None),
    (FACTORY.replace("=None", ""), "MlflowClient('u')", "safe"),
    (FACTORY, "MlflowClient(registry_uri='u')", None),
    (FACTORY, "class A:\n    make = MlflowClient\n    def f(self): self.make()", None),
]


@pytest.mark.parametrize("factory, source, safety", FIXES)
def test_a_fix_is_as_safe_as_the_factory_is_like_the_class(lint, factory, source, safety):
    files = {"pkg.py": factory, "a.py": START + source + "\n"}
    (found,) = lint({path: text for path, text in files.items() if text})
    assert (found.fix.safety if found.fix else None) == safety
    assert found.fix is None or found.fix.codemod == "use-client-factory"


@pytest.mark.parametrize(
    "factory, doubt",
    [
        (FACTORY, ""),
        (CACHED, "pkg:make keeps its client, which what calls it would share"),
        ("", "the project has no factory of its own, trackfix.tracking:create_mlflow_client would be called"),
    ],
    ids=["none", "a kept client", "no factory"],
)  # fmt: skip
def test_a_fix_says_what_is_in_doubt_about_the_factory(lint, factory, doubt):
    files = {"pkg.py": factory, "a.py": START + "MlflowClient('u')\n"}
    (found,) = lint({path: text for path, text in files.items() if text})
    assert found.fix.message.partition(", which is not proven safe: ")[2] == doubt


def test_the_setting_makes_the_library_the_projects_own_choice(lint):
    setting = '[tool.trackfix]\nclient-factory = "trackfix.tracking:create_mlflow_client"\n'
    (found,) = lint({"pyproject.toml": setting, "a.py": START + "MlflowClient()\n"})
    assert found.fix.safety == "safe"
    assert found.related == ()


def test_a_file_that_is_not_there_has_no_findings(tmp_path):
    project = LintProject(open_project(tmp_path))
    assert list(RULE.check("nowhere.py", project)) == []
