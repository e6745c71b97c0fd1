"""Which function gives out a project's clients, and what its signature can take."""

import ast

import pytest

from trackfix.project.client_factory import find_client_factory, find_factory_calls
from trackfix.project.clients import Clients
from trackfix.project.config import ConfigError, load_config
from trackfix.project.resolution import Resolver

SETTING = '[tool.trackfix]\nclient-factory = "{}"\n'


@pytest.fixture
def find(tree):
    """The factory of a tree."""

    def run(files):
        project = tree({"pkg/__init__.py": "", **files})
        return find_client_factory(project, Resolver(project))

    return run


@pytest.fixture
def own(find):
    """The factory of a project with this module."""

    def run(source):
        return find({"pkg/clients.py": f"import mlflow\nfrom mlflow import MlflowClient\n{source}"})

    return run


def parse_call(source):
    call = ast.parse(source, mode="eval").body
    assert isinstance(call, ast.Call)
    return call


FACTORIES = [
    "def make(): return MlflowClient()",
    "def make():\n    client = MlflowClient()\n    return client",
    "def make():\n    client: MlflowClient = mlflow.MlflowClient()\n    client.x = 1\n    return client",
    "def make(uri=None):\n    if uri:\n        return MlflowClient(uri)\n    return MlflowClient()",
    "def make(uri=None): return MlflowClient(uri) if uri else MlflowClient()",
    "def make():\n    from mlflow.tracking import MlflowClient as C\n    return C()",
    "import functools\n@functools.lru_cache(maxsize=None)\ndef make(uri=None): return MlflowClient(uri)",
    "from functools import cache\n@cache\ndef make(): return MlflowClient()",
    "_client = None\ndef make():\n    global _client\n    if _client is None:\n        _client = MlflowClient()\n    return _client",
    "def make():\n    try:\n        return MlflowClient()\n    except ValueError as error:\n        raise RuntimeError from error",
    "def make(uri=None):\n    with lock:\n        return MlflowClient(uri)",
    "if mlflow:\n    def make(): return MlflowClient()",
    "@overload\ndef make(): ...\n@overload\ndef make(uri): ...\ndef make(uri=None): return MlflowClient(uri)",
]  # fmt: skip


@pytest.mark.parametrize("source", FACTORIES)
def test_a_function_that_returns_a_new_client_is_the_factory(own, source):
    found = own(source)
    assert (found.home, found.origin, found.path) == (
        "pkg.clients:make",
        "project",
        "pkg/clients.py",
    )


SCRIPT = "from mlflow import MlflowClient\ndef make(): return MlflowClient()\n"
WORK = ["print(make())", "def main(): make()\nmain()", "mlflow.start_run()", "for x in y: make()"]


@pytest.mark.parametrize("work", WORK)
def test_a_function_of_a_script_that_would_run_is_not_the_factory(find, work):
    found = find({"run.py": f"import mlflow\n{SCRIPT}{work}\n"})
    assert (found.origin, found.evidence) == (
        "library",
        "run.py would run if its function were imported",
    )


GUARDED = [
    "if __name__ == '__main__':\n    print(make())",
    "import logging\nlogging.basicConfig()",
    "mlflow.set_tracking_uri('u')",
    "client = make()",
]


@pytest.mark.parametrize("guarded", GUARDED)
def test_a_function_of_a_script_that_can_be_imported_may_be_the_factory(find, guarded):
    assert find({"run.py": f"import mlflow\n{SCRIPT}{guarded}\n"}).home == "run:make"


def test_a_function_of_a_script_that_is_imported_may_be_the_factory(find):
    files = {"run.py": f"{SCRIPT}print(make())\n", "other.py": "from run import make\nmake()\n"}
    assert find(files).home == "run:make"


def test_a_script_yields_to_a_module_though_its_function_is_used_more(find):
    files = {"run.py": f"{SCRIPT}print(make(), make())\n", "pkg/clients.py": SCRIPT}
    assert find(files).home == "pkg.clients:make"


NO_FACTORIES = [
    "def make(): MlflowClient()",
    "def make(client): return client",
    "def make():\n    def inner(): return MlflowClient()\n    return inner()",
    "def make():\n    return lambda: MlflowClient()",
    "class A:\n    def make(self): return MlflowClient()",
    "def make():\n    yield MlflowClient()",
    "async def make(): return MlflowClient()",
    "def make(): return MlflowClient",
    "def make(): return MlflowClient().get_run('')",
    "def make():\n    if x: return MlflowClient()",
    "def make():\n    try: return MlflowClient()\n    except Exception: return None",
    "def make():\n    client = None\n    client = MlflowClient()\n    return client",
    "def make(client=None):\n    client = client or MlflowClient()\n    return client",
    "def make():\n    with suppress(Exception):\n        return MlflowClient()",
    "from contextlib import contextmanager\n@contextmanager\ndef make(): return MlflowClient()",
    "@pytest.fixture\ndef make(): return MlflowClient()",
    "def make(run): return MlflowClient(run.uri)",
    "_c = MlflowClient()\ndef make(): return _c",
    "def make(): return MlflowClient()\ndef make(): return 1",
    "def _make(): return MlflowClient()\n_make()",
    "def make(): return make()",
    "def outer():\n    def make(): return MlflowClient()",
]  # fmt: skip


@pytest.mark.parametrize("source", NO_FACTORIES)
def test_without_a_function_of_its_own_a_project_has_the_librarys(own, source):
    found = own(source)
    assert (found.home, found.origin) == ("trackfix.tracking:create_mlflow_client", "library")
    assert [p.name for p in found.parameters] == ["tracking_uri", "registry_uri"]
    assert not found.is_safe


@pytest.mark.parametrize(
    "path", ["tests/helpers.py", "test_x.py", "conftest.py", "app/__main__.py"]
)
def test_tests_and_scripts_are_no_home_for_a_factory(find, path):
    source = "from mlflow import MlflowClient\ndef make(): return MlflowClient()\n"
    assert find({path: source}).origin == "library"


def test_a_private_function_is_the_factory_when_other_files_use_it(find):
    files = {
        "pkg/clients.py": "from mlflow import MlflowClient\ndef _make(): return MlflowClient()\n"
    }
    assert find(files).origin == "library"
    files["app.py"] = "from pkg.clients import _make\n_make()\n"
    assert find(files).home == "pkg.clients:_make"


def test_of_several_the_one_most_used_is_taken_and_says_so(find):
    source = "from mlflow import MlflowClient\ndef {}(): return MlflowClient()\n"
    found = find(
        {
            "pkg/a.py": source.format("make"),
            "pkg/b.py": source.format("create"),
            "app.py": "from pkg.b import create as c\nimport pkg.a\nc()\nc()\npkg.a.make()\n",
            "other.py": "def make(): ...\nmake()\nmake()\nmake()\nmake()\nmake()\n",
        }
    )
    assert found.home == "pkg.b:create"
    assert found.evidence == (
        "of 2 functions that return a new MlflowClient the one most used: 3 references, "
        "against pkg.a:make (1)"
    )


@pytest.mark.parametrize(
    "work, home",
    [("client.create_experiment(uri)", "pkg.b:make"), ("client.retries = 3", "pkg.a:ensure"), ("log.info(client)", "pkg.a:ensure")],
)  # fmt: skip
def test_one_that_works_with_the_client_itself_comes_last(find, work, home):
    body = f"client = MlflowClient(uri)\n    {work}\n    return client"
    source = "from mlflow import MlflowClient\ndef {}(uri): {}\n"
    found = find(
        {
            "pkg/a.py": source.format("ensure", f"\n    {body}"),
            "pkg/b.py": source.format("make", "return MlflowClient(uri)"),
            "app.py": "from pkg.a import ensure\nensure('a')\nensure('b')\n",
        }
    )
    assert found.home == home


@pytest.mark.parametrize(
    "takes, gives",
    [("*args, **kwargs", "*args, **kwargs"), ("tracking_uri=None, registry_uri=None", "tracking_uri, registry_uri"), ("uri=None", "uri")],
)  # fmt: skip
def test_of_those_used_alike_the_one_that_takes_what_the_class_takes(find, takes, gives):
    source = "from mlflow import MlflowClient\ndef {}({}): return MlflowClient({})\n"
    files = {
        "app.py": source.format("get", "", ""),
        "pkg/clients.py": source.format("create_client", takes, gives),
    }
    assert find(files).home == "pkg.clients:create_client"
    used = {"use.py": "from app import get\nget()\n"}
    assert find({**files, **used}).home == "app:get"


def test_one_that_goes_through_another_is_a_factory_and_both_may_construct(find):
    found = find(
        {
            "pkg/a.py": "from mlflow import MlflowClient\ndef make(uri=None): return MlflowClient(uri)\n",
            "pkg/b.py": "from pkg.a import make\ndef client(tracking_uri=None): return make(uri=tracking_uri)\n",
            "app.py": "from pkg.b import client\nclient()\nclient()\n",
        }
    )
    assert found.home == "pkg.b:client"
    assert found.passes_on
    assert found.signature.receives == {"tracking_uri": "tracking_uri"}
    assert [path for path, _, _ in found.inner] == ["pkg/b.py", "pkg/a.py"]


PASSING = [
    ("def make(): return MlflowClient()", True),
    ("def make(tracking_uri=None): return MlflowClient(tracking_uri)", True),
    ("def make(tracking_uri=None, registry_uri=None):\n    '''Doc.'''\n    from mlflow import MlflowClient\n    return MlflowClient(tracking_uri=tracking_uri, registry_uri=registry_uri)", True),
    ("def make(uri=None):\n    client = MlflowClient(uri)\n    return client", True),
    ("def make(*args, **kwargs): return MlflowClient(*args, **kwargs)", True),
    ("def make(uri): return MlflowClient(uri)", True),
    ("def make(tracking_uri='http://x'): return MlflowClient(tracking_uri)", False),
    ("def make(tracking_uri=None): return MlflowClient(tracking_uri or URI)", False),
    ("def make(tracking_uri=None): return MlflowClient()", False),
    ("def make(): return MlflowClient('http://x')", False),
    ("def make(uri=None):\n    log(uri)\n    return MlflowClient(uri)", False),
    ("from functools import cache\n@cache\ndef make(): return MlflowClient()", False),
    ("_c = None\ndef make():\n    global _c\n    _c = MlflowClient()\n    return _c", False),
    ("def make(*args): return MlflowClient(args)", False),
    ("def make(uri=None): return MlflowClient(uri) if uri else MlflowClient()", False),
]  # fmt: skip


@pytest.mark.parametrize("source, passes_on", PASSING)
def test_a_factory_that_only_passes_its_arguments_on_equals_the_class(own, source, passes_on):
    found = own(source)
    assert found.origin == "project"
    assert found.passes_on is passes_on


def test_the_parameters_are_told_in_their_order(own):
    found = own(
        "def make(a=None, /, tracking_uri=None, *rest, registry_uri=None, **more):\n"
        "    return MlflowClient(tracking_uri)"
    )
    assert [(p.name, p.kind, p.has_default) for p in found.parameters] == [
        ("a", "positional-only", True),
        ("tracking_uri", "positional-or-keyword", True),
        ("rest", "var-positional", True),
        ("registry_uri", "keyword-only", True),
        ("more", "var-keyword", True),
    ]
    assert found.accepts_positional and found.accepts_keywords
    assert (found.line, found.end_line) == (3, 4)


FITS: dict[str, list[tuple]] = {
    "def make(tracking_uri=None, registry_uri=None): return MlflowClient(tracking_uri, registry_uri)": [
        ("", [], (), True),
        ("'a'", ["tracking_uri"], (), True),
        ("'a', registry_uri='b'", ["tracking_uri", "registry_uri"], (), True),
        ("*uris, **options", [], (), True),
    ],
    "def make(): return MlflowClient()": [
        ("", [], (), False),
        ("'a'", None, ("tracking_uri",), False),
        ("registry_uri='b', tracking_uri='a'", None, ("registry_uri", "tracking_uri"), False),
        ("*uris", None, (), False),
        ("**options", None, (), False),
        ("'a', 'b', 'c', 'd'", None, (), False),
        ("uri='a'", None, (), False),
        ("'a', 'b', 'c'", None, ("tracking_uri", "registry_uri", "workspace_store_uri"), False),
        ("workspace_store_uri='c'", None, ("workspace_store_uri",), False),
    ],
    "def make(uri=None): return MlflowClient(tracking_uri=uri)": [
        ("'a'", ["uri"], (), False),
        ("tracking_uri='a'", ["uri"], (), False),
        ("registry_uri='a'", None, ("registry_uri",), False),
    ],
    "def make(*, tracking_uri): return MlflowClient(tracking_uri=tracking_uri)": [
        ("'a'", ["tracking_uri"], (), False),
        ("", None, (), False),
    ],
    "def make(*args, **kwargs): return MlflowClient(*args, **kwargs)": [
        ("'a', registry_uri='b'", [], (), True),
        ("*uris, **options", [], (), True),
        ("later='z'", [], (), True),
    ],
    "def make(*args, tracking_uri=None, **kwargs): return MlflowClient(*args, tracking_uri=tracking_uri, **kwargs)": [
        ("'a'", ["tracking_uri"], (), False),
        ("later='z'", ["later"], (), False),
    ],
    "def make(*args, **kwargs): return MlflowClient(*args, registry_uri='b', **kwargs)": [
        ("registry_uri='c'", None, (), False),
    ],
    "def make(tracking_uri=None, *args, **kwargs): return MlflowClient(tracking_uri, *args, **kwargs)": [
        ("'a', 'b'", [], (), True),
    ],
    "def inner(uri=None): return MlflowClient(uri)\ndef make(**kwargs): return inner(**kwargs)\nmake()\nmake()": [
        ("'a'", ["uri"], (), False),
        ("registry_uri='a'", None, (), False),
    ],
    "def make(tracking_uri=None, store=None): return MlflowClient(tracking_uri, workspace_store_uri=store)": [
        ("'a', workspace_store_uri='c'", ["tracking_uri", "store"], (), False),
    ],
    "def make(uri=None, fresh=None): return MlflowClient(uri, of_tomorrow=fresh)": [
        ("'a', of_tomorrow='c'", ["uri", "fresh"], (), False),
    ],
    "def make(tracking_uri=None, registry_uri=None, retries=3): return MlflowClient(tracking_uri, registry_uri)": [
        ("'a'", ["tracking_uri"], (), False),
        ("*uris", None, (), False),
    ],
    "def make(**options): return MlflowClient(**options)": [
        ("later='z'", ["later"], (), False),
        ("'a', registry_uri='b'", ["tracking_uri", "registry_uri"], (), False),
    ],
    "def make(**options): return MlflowClient()": [("'a'", None, (), False)],
    "def make(uri=None): return MlflowClient(uri or default())": [("'a'", ["uri"], (), False)],
    "def make(uri=None): return MlflowClient(registry_uri=uri, tracking_uri=uri)": [
        ("", [], (), False),
        ("'a'", ["uri"], (), False),
        ("'a', 'b'", None, (), False),
        ("tracking_uri='a', registry_uri='a'", None, (), False),
        ("registry_uri='b'", None, (), False),
    ],
    "def make(uri=None, registry=None): return MlflowClient(uri, registry or uri)": [
        ("'a'", ["uri"], (), False),
        ("'a', 'b'", None, ("registry_uri",), False),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    "source, arguments, parameters, refused, verbatim",
    [(source, *case) for source in FITS for case in FITS[source]],
)
def test_arguments_are_mapped_by_the_two_signatures(
    own, source, arguments, parameters, refused, verbatim
):
    call = parse_call(f"f({arguments})")
    fit = own(source).fit(call.args, call.keywords)
    assert fit.refused == refused
    assert fit.verbatim is verbatim
    if parameters is None:
        assert fit.obstacle
    else:
        assert not fit.obstacle
        assert [parameter.name for parameter, _ in fit.arguments] == parameters


CALLS = [
    ("make()", ()),
    ("make('a', registry_uri='b')", ()),
    ("make(uri='a')", ("uri",)),
    ("make('a', *rest)", ()),
    ("make(**options)", ()),
]


@pytest.mark.parametrize("call, unaccepted", CALLS)
def test_what_a_call_passes_too_much_is_told(own, call, unaccepted):
    found = own("def make(tracking_uri=None, *, registry_uri=None): return MlflowClient()")
    node = parse_call(call)
    assert found.signature.unaccepted(node.keywords) == unaccepted


def test_calls_of_the_factory_are_found_under_every_name(tree):
    project = tree(
        {
            "pkg/__init__.py": "from .clients import make as create\n",
            "pkg/clients.py": "from mlflow import MlflowClient\ndef make(): return MlflowClient()\n",
            "app.py": "import pkg.clients as c\nfrom pkg.clients import make as m\n"
            "m(1)\nc.make(2)\ndef f(m): m(3)\nmap(m, x)\nmake(4)\n",
        }
    )
    resolver = Resolver(project)
    clients, factory = Clients(project, resolver), find_client_factory(project, resolver)
    calls = find_factory_calls(clients, factory, "app.py")
    assert [call.document.text[slice(*call.span)] for call in calls] == ["m(1)", "c.make(2)"]


# Settings


def test_the_setting_overrules_what_is_found(find):
    found = find(
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


def test_a_setting_that_names_a_reexport_leads_to_the_definition(find):
    found = find(
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
def test_a_factory_outside_the_project_is_taken_on_trust(find, home, has_signature, evidence):
    found = find({"pyproject.toml": SETTING.format(home), "app.py": "import elsewhere\n"})
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
def test_a_factory_of_a_package_that_the_project_names_is_taken_on_trust(find, files):
    assert find({"pyproject.toml": NOPE, **files}).home == "nope_ml.clients:make"


def test_a_factory_of_an_installed_package_is_taken_on_trust(find):
    assert find({"pyproject.toml": SETTING.format("click.core:make")}).home == "click.core:make"


@pytest.mark.parametrize(
    "files",
    [{}, {"app.py": "import nope_ml_other\nnope_ml = 1\n"}, {"requirements.txt": "nope\n"}],
)
def test_a_factory_of_a_package_that_nothing_speaks_of_is_an_error(find, files):
    with pytest.raises(ConfigError, match="client-factory: nothing is known of a package nope_ml"):
        find({"pyproject.toml": NOPE, **files})


def test_the_error_suggests_the_functions_of_the_project(find):
    files = {"pkg/a.py": "from mlflow import MlflowClient\ndef make(): return MlflowClient()\n"}
    with pytest.raises(ConfigError, match=r"; did you mean 'pkg\.a:make'\?$"):
        find({"pyproject.toml": NOPE, **files})


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
def test_a_factory_that_is_certain_not_to_be_one_is_an_error(find, home, message):
    files = {"pkg/clients.py": MODULE, "pyproject.toml": SETTING.format(home)}
    with pytest.raises(ConfigError, match=f"client-factory: {message}$"):
        find(files)


@pytest.mark.parametrize("name", ["late", "made", "short", "Own"])
def test_what_may_be_called_is_taken_on_trust(find, name):
    home = f"pkg.clients:{name}"
    assert find({"pkg/clients.py": MODULE, "pyproject.toml": SETTING.format(home)}).home == home


@pytest.mark.parametrize("value", ['""', '"pkg.module"', '"pkg:"', '":make"', '"pkg:a.b"', '"a b:c"', "1", "[]"])  # fmt: skip
def test_a_setting_that_names_no_function_is_an_error(tmp_path, value):
    (tmp_path / "pyproject.toml").write_text(f"[tool.trackfix]\nclient-factory = {value}\n")
    with pytest.raises(ConfigError, match="client-factory must name a function"):
        load_config(tmp_path)


def test_a_file_that_is_no_python_is_passed_over(find):
    files = {
        "pkg/a.py": "from mlflow import MlflowClient\ndef make(): return MlflowClient()\n",
        "pkg/b.py": "def make(: return MlflowClient()\n",
    }
    assert find(files).home == "pkg.a:make"
