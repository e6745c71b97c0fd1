"""TRK203: arguments that the project's factory does not accept."""

import textwrap

import pytest

from trackfix.lint.rule import LintProject
from trackfix.project.project import open_project
from trackfix_rules.factory_signature import RULE

BARE = "import mlflow\ndef make(): return mlflow.MlflowClient()\n"
WIDE = "import mlflow\ndef make(tracking_uri=None, *, registry_uri=None): return mlflow.MlflowClient()\n"
START = "import mlflow\nfrom mlflow import MlflowClient\nfrom pkg import make\n"


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


LACKING = [
    ("MlflowClient('u')", "tracking_uri"),
    ("MlflowClient(tracking_uri='u')", "tracking_uri"),
    ("MlflowClient(registry_uri='u')", "registry_uri"),
    ("partial(MlflowClient, 'u')", None),
    ("import functools\nfunctools.partial(MlflowClient, 'u')", "tracking_uri"),
    ("getattr(mlflow, 'MlflowClient')('u')", "tracking_uri"),
    ("MlflowClient()", None),
    ("MlflowClient(*uris)", None),
    ("MlflowClient(**options)", None),
    ("MlflowClient(uri='u')", None),
    ("MlflowClient(workspace_store_uri='u')", "workspace_store_uri"),
    ("field(default_factory=MlflowClient)", None),
    ("class MlflowClient: ...\nMlflowClient('u')", None),
]


@pytest.mark.parametrize("source, lacking", LACKING)
def test_a_construction_with_more_than_the_factory_takes_is_found(lint, source, lacking):
    found = lint({"pkg.py": BARE, "a.py": START + source + "\n"})
    wanted = f"make does not accept {lacking}; add {lacking}: str | None = None to make in pkg.py:2"
    assert [f.message.partition(", and ")[2] for f in found] == ([wanted] if lacking else [])


def test_all_that_is_lacking_is_added_at_once(lint):
    (found,) = lint({"pkg.py": BARE, "a.py": START + "MlflowClient('a', registry_uri='b')\n"})
    assert found.message == (
        "MlflowClient is constructed directly (MlflowClient is imported from mlflow in line 2), and "
        "make does not accept tracking_uri and registry_uri; add tracking_uri: str | None = None, "
        "registry_uri: str | None = None to make in pkg.py:2"
    )
    assert (found.fix.codemod, found.fix.safety) == ("use-client-factory", "unsafe")
    assert [(r.path, r.line, r.role) for r in found.related] == [("pkg.py", 2, "factory")]


def test_an_undefined_class_shows_what_the_factory_lacks_as_well(lint):
    """The crash that began it all: neither the class nor the factory could do it."""
    source = """
        def create_child_run_core(tracking_uri, run_id):
            client = MlflowClient(tracking_uri=tracking_uri)
            return MlflowClient()
    """
    (found,) = lint({"pkg.py": BARE, "a.py": source})
    assert (found.line, found.column) == (3, 14)
    assert found.message == (
        "MlflowClient is not defined here: nothing in scope binds it, and make does not accept "
        "tracking_uri; add tracking_uri: str | None = None to make in pkg.py:2"
    )


CALLS = [
    ("make()", None),
    ("make('u', registry_uri='r')", None),
    ("make(**options)", None),
    ("make(*uris)", None),
    ("def f(make): make(1, 2, 3)", None),
    ("other.make(1, 2, 3)", None),
    (
        "make('u', 'r', uri='a')",
        "make is given 2 positional arguments, and takes 1 positional argument and does not accept uri",
    ),
    ("make('u', 'r')", "make is given 2 positional arguments, and takes 1 positional argument"),
    ("make(uri='u')", "make does not accept uri"),
    ("import pkg as p\np.make(uri='u')", "make does not accept uri"),
]


@pytest.mark.parametrize("source, message", CALLS)
def test_a_call_of_the_factory_that_fails_is_found(lint, source, message):
    found = lint({"pkg.py": WIDE, "a.py": START + source + "\n"})
    said = [f.message.removesuffix("; left alone: nothing tells what was meant") for f in found]
    assert said == ([message] if message else [])
    assert all(f.fix is None for f in found)


def test_a_call_with_what_the_class_would_take_can_be_mended(lint):
    (found,) = lint({"pkg.py": BARE, "a.py": START + "make(tracking_uri='u')\n"})
    assert found.message == (
        "make does not accept tracking_uri; add tracking_uri: str | None = None to make in pkg.py:2"
    )
    assert found.fix.safety == "unsafe"


def test_nothing_is_added_to_a_factory_that_heeds_its_first_call_only(lint):
    own = "from mlflow import MlflowClient\n@singleton\ndef make(): return MlflowClient()\n"
    (found,) = lint({"pkg.py": own, "a.py": START + "make(tracking_uri='u')\nMlflowClient('u')\n"})
    assert found.fix is None
    assert (
        found.message
        == "make does not accept tracking_uri; left alone: nothing tells what was meant"
    )


def test_a_parameter_of_another_name_is_told_and_not_added(lint):
    own = "import mlflow\ndef make(uri=None): return mlflow.MlflowClient(uri)\n"
    (found,) = lint({"pkg.py": own, "a.py": START + "make(tracking_uri='u')\n"})
    assert found.message == "make does not accept tracking_uri, which it calls uri"
    assert (found.fix.safety, found.fix.message) == ("unsafe", "give tracking_uri as uri")


@pytest.mark.parametrize(
    "call", ["make('u', tracking_uri='u')", "make(uri='u', tracking_uri='u')", "make(url='u')"]
)
def test_a_call_that_may_mean_anything_has_no_fix_and_says_so(lint, call):
    own = "import mlflow\ndef make(uri=None): return mlflow.MlflowClient(uri)\n"
    (found,) = lint({"pkg.py": own, "a.py": START + f"{call}\n"})
    assert found.fix is None
    assert found.message.endswith("; left alone: nothing tells what was meant")


@pytest.mark.parametrize(
    "factory",
    [
        "",
        "import mlflow\ndef make(*args, **kwargs): return mlflow.MlflowClient()\n",
        "import mlflow\ndef make(uri=None, registry=None): return mlflow.MlflowClient(uri, registry)\n",
    ],
)
def test_a_factory_that_may_take_it_is_no_finding(lint, factory):
    files = {"pkg.py": factory, "a.py": "import mlflow\nmlflow.MlflowClient('a', 'b')\n"}
    assert lint({path: source for path, source in files.items() if source}) == []


def test_what_the_factory_itself_constructs_is_no_finding(lint):
    factory = "import mlflow\ndef make(): return mlflow.MlflowClient('http://x')\n"
    assert lint({"pkg.py": factory}) == []
