"""Which function gives out a project's clients."""

import pytest

FACTORIES = [
    "def make(): return MlflowClient()",
    "def make():\n    client = MlflowClient()\n    return client",
    "def make():\n    client: MlflowClient = mlflow.MlflowClient()\n    client.x = 1\n    return client",
    "def make(uri=None):\n    if uri:\n        return MlflowClient(uri)\n    return MlflowClient()",
    "def make(uri=None): return MlflowClient(uri) if uri else MlflowClient()",
    "def make():\n    from mlflow.tracking import MlflowClient as C\n    return C()",
    "import functools\n@functools.lru_cache(maxsize=None)\ndef make(uri=None): return MlflowClient(uri)",
    "from functools import cache\n@cache\ndef make(): return MlflowClient()",
    "@retry(times=3)\ndef make(): return MlflowClient()",
    "_client = None\ndef make():\n    global _client\n    if _client is None:\n        _client = MlflowClient()\n    return _client",
    "def make():\n    try:\n        return MlflowClient()\n    except ValueError as error:\n        raise RuntimeError from error",
    "def make(uri=None):\n    with lock:\n        return MlflowClient(uri)",
    "if mlflow:\n    def make(): return MlflowClient()",
    "@overload\ndef make(): ...\n@overload\ndef make(uri): ...\ndef make(uri=None): return MlflowClient(uri)",
]  # fmt: skip


@pytest.mark.parametrize("source", FACTORIES)
def test_a_function_that_returns_a_new_client_is_the_factory(own_factory, source):
    found = own_factory(source)
    assert (found.home, found.origin, found.path) == (
        "pkg.clients:make",
        "project",
        "pkg/clients.py",
    )


SCRIPT = "from mlflow import MlflowClient\ndef make(): return MlflowClient()\n"
WORK = ["print(make())", "def main(): make()\nmain()", "mlflow.start_run()", "for x in y: make()"]


@pytest.mark.parametrize("work", WORK)
def test_a_function_of_a_script_that_would_run_is_not_the_factory(find_factory, work):
    found = find_factory({"run.py": f"import mlflow\n{SCRIPT}{work}\n"})
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
def test_a_function_of_a_script_that_can_be_imported_may_be_the_factory(find_factory, guarded):
    assert find_factory({"run.py": f"import mlflow\n{SCRIPT}{guarded}\n"}).home == "run:make"


def test_a_function_of_a_script_that_is_imported_may_be_the_factory(find_factory):
    files = {"run.py": f"{SCRIPT}print(make())\n", "other.py": "from run import make\nmake()\n"}
    assert find_factory(files).home == "run:make"


def test_a_script_yields_to_a_module_though_its_function_is_used_more(find_factory):
    files = {"run.py": f"{SCRIPT}print(make(), make())\n", "pkg/clients.py": SCRIPT}
    assert find_factory(files).home == "pkg.clients:make"


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
def test_without_a_function_of_its_own_a_project_has_the_librarys(own_factory, source):
    found = own_factory(source)
    assert (found.home, found.origin) == ("trackfix.tracking:create_mlflow_client", "library")
    assert [p.name for p in found.parameters] == ["tracking_uri", "registry_uri"]
    assert not found.is_safe


@pytest.mark.parametrize(
    "path", ["tests/helpers.py", "test_x.py", "conftest.py", "app/__main__.py"]
)
def test_tests_and_scripts_are_no_home_for_a_factory(find_factory, path):
    source = "from mlflow import MlflowClient\ndef make(): return MlflowClient()\n"
    assert find_factory({path: source}).origin == "library"


def test_a_private_function_is_the_factory_when_other_files_use_it(find_factory):
    files = {
        "pkg/clients.py": "from mlflow import MlflowClient\ndef _make(): return MlflowClient()\n"
    }
    assert find_factory(files).origin == "library"
    files["app.py"] = "from pkg.clients import _make\n_make()\n"
    assert find_factory(files).home == "pkg.clients:_make"


def test_of_several_the_one_most_used_is_taken_and_says_so(find_factory):
    source = "from mlflow import MlflowClient\ndef {}(): return MlflowClient()\n"
    found = find_factory(
        {
            "pkg/a.py": source.format("make"),
            "pkg/b.py": source.format("create"),
            "app.py": "from pkg.b import create as c\nimport pkg.a\nc()\nc()\npkg.a.make()\n",
            "other.py": "def make(): ...\nmake()\nmake()\nmake()\nmake()\nmake()\n",
        }
    )
    assert found.home == "pkg.b:create"
    assert found.evidence == (
        "of 2 functions that return a new MlflowClient the one most used: 3 references "
        "outside of tests, against pkg.a:make (1)"
    )


def test_what_tests_use_does_not_make_a_function_the_one_most_used(find_factory):
    files = {
        "pkg/a.py": "from mlflow import MlflowClient\ndef get(): return MlflowClient()\n",
        "pkg/b.py": (
            "from mlflow import MlflowClient\n"
            "def make(tracking_uri=None): return MlflowClient(tracking_uri)\n"
        ),
        "test_a.py": "from pkg.a import get\nget()\nget()\n",
    }
    assert find_factory(files).home == "pkg.b:make"
    used = {"app.py": "from pkg.a import get\nget()\n"}
    assert find_factory({**files, **used}).home == "pkg.a:get"


@pytest.mark.parametrize(
    "work, home",
    [("client.create_experiment(uri)", "pkg.b:make"), ("client.retries = 3", "pkg.a:ensure"), ("log.info(client)", "pkg.a:ensure")],
)  # fmt: skip
def test_one_that_works_with_the_client_itself_comes_last(find_factory, work, home):
    body = f"client = MlflowClient(uri)\n    {work}\n    return client"
    source = "from mlflow import MlflowClient\ndef {}(uri): {}\n"
    found = find_factory(
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
def test_of_those_used_alike_the_one_that_takes_what_the_class_takes(find_factory, takes, gives):
    source = "from mlflow import MlflowClient\ndef {}({}): return MlflowClient({})\n"
    files = {
        "app.py": source.format("get", "", ""),
        "pkg/clients.py": source.format("create_client", takes, gives),
    }
    assert find_factory(files).home == "pkg.clients:create_client"
    used = {"use.py": "from app import get\nget()\n"}
    assert find_factory({**files, **used}).home == "app:get"


@pytest.mark.parametrize("takes", ["", "uri"])
def test_of_those_used_alike_the_one_that_can_be_called_with_and_without_an_address(
    find_factory, takes
):
    source = "from mlflow import MlflowClient\ndef {}({}): return MlflowClient({})\n"
    files = {
        "app.py": source.format("connect", takes, takes),
        "pkg/clients.py": source.format("create_client", "uri=None", "uri or 'a'"),
    }
    assert find_factory(files).home == "pkg.clients:create_client"


@pytest.mark.parametrize(
    "body, home",
    [("@cache\ndef get(): return MlflowClient()", "pkg.clients:get"), ("def get(*args): return MlflowClient(*args)", "pkg.clients:get"), ("def get(): return MlflowClient('a')", "app:fresh")],
)  # fmt: skip
def test_one_for_its_own_store_comes_last(find_factory, body, home):
    head = "from functools import cache\nfrom mlflow import MlflowClient\n"
    files = {
        "app.py": f"{head}from pkg.clients import get\nget()\ndef fresh(): return MlflowClient()\n",
        "pkg/clients.py": f"{head}{body}\n",
    }
    assert find_factory(files).home == home


def test_one_that_goes_through_another_is_a_factory_and_both_may_construct(find_factory):
    found = find_factory(
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


def test_a_file_that_is_no_python_is_passed_over(find_factory):
    files = {
        "pkg/a.py": "from mlflow import MlflowClient\ndef make(): return MlflowClient()\n",
        "pkg/b.py": "def make(: return MlflowClient()\n",
    }
    assert find_factory(files).home == "pkg.a:make"
