"""The client factory that the settings of a project name."""

import pytest

from trackfix.project.clients.constructions import Clients
from trackfix.project.clients.factory_finder import find_client_factory
from trackfix.project.modules.resolution import Resolver
from trackfix.project.settings.config import ConfigError, load_config

SETTING = '[tool.trackfix]\nclient-factory = "{}"\n'


def test_the_setting_overrules_what_is_found(find_factory):
    found = find_factory(
        {
            "pyproject.toml": SETTING.format("pkg.b:create"),
            "pkg/a.py": "from mlflow import MlflowClient\ndef make(): return MlflowClient()\n",
            "pkg/b.py": "def create(tracking_uri, name=None): return pool.get(tracking_uri)\n",
            "app.py": "from pkg.a import make\nmake()\n",
        }
    )
    assert (found.home, found.origin, found.path, found.line) == ("pkg.b:create", "configured", "pkg/b.py", 1)  # fmt: skip
    assert found.signature.receives == {"tracking_uri": "tracking_uri"}
    assert not found.passes_on


def test_a_setting_that_names_a_reexport_leads_to_the_definition(find_factory):
    found = find_factory(
        {
            "pyproject.toml": SETTING.format("pkg:make"),
            "pkg/__init__.py": "from pkg.a import make\n",
            "pkg/a.py": "from mlflow import MlflowClient\ndef make(): return MlflowClient()\n",
        }
    )
    assert (found.home, found.path) == ("pkg:make", "pkg/a.py")
    assert found.definition.module == "pkg.a"
    assert found.is_safe


@pytest.mark.parametrize(
    "home, has_signature, evidence",
    [
        ("elsewhere.clients:make", False, "named by the setting client-factory"),
        ("trackfix.tracking:create_mlflow_client", True, "named by the setting client-factory"),
    ],
)  # fmt: skip
def test_a_factory_outside_the_project_is_taken_on_trust(
    find_factory, home, has_signature, evidence
):
    found = find_factory({"pyproject.toml": SETTING.format(home), "app.py": "import elsewhere\n"})
    assert (found.home, found.origin, found.path) == (home, "configured", "")
    assert (found.signature is not None) is has_signature
    assert found.evidence == evidence
    assert not found.is_complete


NOPE = SETTING.format("nope_ml.clients:make")


@pytest.mark.parametrize(
    "files",
    [
        {"app.py": "def f():\n    from nope_ml.clients import make\n"},
        {"app.py": "import nope_ml\n"},
        {"requirements.txt": "nope-ml>=1\n"},
        {"pyproject.toml": f"[project]\nname = 'a'\ndependencies = ['Nope_ML']\n{NOPE}"},
    ],
)
def test_a_factory_of_a_package_that_the_project_names_is_taken_on_trust(find_factory, files):
    assert find_factory({"pyproject.toml": NOPE, **files}).home == "nope_ml.clients:make"


def test_a_factory_of_an_installed_package_is_taken_on_trust(find_factory):
    assert (
        find_factory({"pyproject.toml": SETTING.format("click.core:make")}).home
        == "click.core:make"
    )


@pytest.mark.parametrize(
    "files",
    [{}, {"app.py": "import nope_ml_other\nnope_ml = 1\n"}, {"requirements.txt": "nope\n"}],
)
def test_a_factory_of_a_package_that_nothing_speaks_of_is_an_error(find_factory, files):
    with pytest.raises(ConfigError, match="client-factory: nothing is known of a package nope_ml"):
        find_factory({"pyproject.toml": NOPE, **files})


def test_the_error_suggests_the_functions_of_the_project(find_factory):
    files = {"pkg/a.py": "from mlflow import MlflowClient\ndef make(): return MlflowClient()\n"}
    with pytest.raises(ConfigError, match=r"; did you mean 'pkg\.a:make'\?$"):
        find_factory({"pyproject.toml": NOPE, **files})


MODULE = """
    from functools import partial
    import mlflow
    from mlflow import MlflowClient as Alias
    CALLS = []
    NAME: str = "x"
    late = None
    if mlflow:
        late = partial(Alias)
    made = partial(Alias)
    short = lambda uri=None: Alias(uri)
    class Own(Alias): pass
"""


@pytest.mark.parametrize(
    "home, message",
    [
        ("pkg:make", "there is no 'make' in pkg"),
        ("pkg.clients:make", "there is no 'make' in pkg.clients"),
        ("pkg.nowhere:make", "there is no module pkg.nowhere"),
        ("pkg.clients:CALLS", "pkg.clients:CALLS is no function"),
        ("pkg.clients:NAME", "pkg.clients:NAME is no function"),
        ("pkg:clients", "pkg:clients is no function"),
        ("pkg.clients:Alias", "pkg.clients:Alias is MlflowClient itself"),
        ("mlflow:MlflowClient", "mlflow:MlflowClient is MlflowClient itself"),
    ],
)
def test_a_factory_that_is_certain_not_to_be_one_is_an_error(find_factory, home, message):
    files = {"pkg/clients.py": MODULE, "pyproject.toml": SETTING.format(home)}
    with pytest.raises(ConfigError, match=f"client-factory: {message}$"):
        find_factory(files)


@pytest.mark.parametrize("name", ["late", "made", "short", "Own"])
def test_what_may_be_called_is_taken_on_trust(find_factory, name):
    home = f"pkg.clients:{name}"
    assert (
        find_factory({"pkg/clients.py": MODULE, "pyproject.toml": SETTING.format(home)}).home
        == home
    )


IMPORTS = (
    "import contextlib\nfrom contextlib import contextmanager\nfrom mlflow import MlflowClient\n"
)
INSTEAD = {
    "@contextmanager\ndef make(uri=None):\n    yield MlflowClient(uri)\n": "a context manager",
    "@contextlib.asynccontextmanager\nasync def make():\n    yield MlflowClient()\n": "a context manager",
    "def make(uri=None):\n    yield MlflowClient(uri)\n": "a generator",
    "async def make(uri=None):\n    return MlflowClient(uri)\n": "a coroutine",
    "class make:\n    def __init__(self):\n        self.client = MlflowClient()\n": "an object of that class",
}  # fmt: skip


@pytest.mark.parametrize("source, instead", INSTEAD.items())
def test_what_certainly_gives_no_client_takes_no_arguments_and_says_why(
    find_factory, source, instead
):
    files = {"pkg/a.py": IMPORTS + source, "pkg/__init__.py": "from pkg.a import make\n"}
    found = find_factory({**files, "pyproject.toml": SETTING.format("pkg:make")})
    assert found.fit([], []).obstacle == f"a call of pkg:make gives {instead}, no MlflowClient"
    assert found.definition.module == "pkg.a"
    assert not found.is_safe


@pytest.mark.parametrize(
    "source",
    [
        "@run_in_loop\nasync def make(uri=None):\n    return MlflowClient(uri)\n",
        "def make(uri=None):\n    def all():\n        yield uri\n    return MlflowClient(uri)\n",
        "class make(MlflowClient):\n    pass\n",
        "async def make(): ...\ndef make(uri=None):\n    return MlflowClient(uri)\n",
    ],
)
def test_what_may_give_a_client_is_not_said_to_give_something_else(find_factory, source):
    found = find_factory({"a.py": IMPORTS + source, "pyproject.toml": SETTING.format("a:make")})
    assert not found.instead


@pytest.mark.parametrize("source", [*INSTEAD, "make = lambda uri=None: MlflowClient(uri)\n"])
def test_what_the_factory_constructs_is_its_own_affair_whatever_it_is(tree, source):
    project = tree({"a.py": IMPORTS + source, "pyproject.toml": SETTING.format("a:make")})
    resolver = Resolver(project)
    factory = resolver.analysis(find_client_factory)
    [found] = resolver.analysis(Clients).constructions("a.py")
    assert factory.holds(found)


@pytest.mark.parametrize("value", ['""', '"pkg.module"', '"pkg:"', '":make"', '"pkg:a.b"', '"a b:c"', "1", "[]"])  # fmt: skip
def test_a_setting_that_names_no_function_is_an_error(tmp_path, value):
    (tmp_path / "pyproject.toml").write_text(f"[tool.trackfix]\nclient-factory = {value}\n")
    with pytest.raises(ConfigError, match="client-factory must name a function"):
        load_config(tmp_path)
