"""Which calls are MLflow's, however they are spelled, and which only look like it."""

import ast

import pytest

from trackfix.project.mlflow_uses.calls import MlflowCalls
from trackfix.project.modules.resolution import Resolver


@pytest.fixture
def calls(tree):
    """Kind, certainty and name of each call in ``app.py``."""

    def run(source, files=None):
        project = tree({**(files or {}), "app.py": source})
        found = Resolver(project).analysis(MlflowCalls).file("app.py")
        listed = () if found is None else found.calls
        return [(call.kind, call.is_certain, call.api) for call in listed]

    return run


@pytest.mark.parametrize(
    ("source", "api"),
    [
        ("import mlflow\nmlflow.start_run()", "start_run"),
        ("import mlflow as mf\nmf.search_runs()", "search_runs"),
        ("from mlflow import start_run as begin\nbegin()", "start_run"),
        ("import mlflow.tracking.fluent\nmlflow.tracking.fluent.log_metric('a', 1)", "log_metric"),
        ("from mlflow.tracking import fluent\nfluent.log_metric('a', 1)", "log_metric"),
        ("from mlflow import *\nstart_run()", "start_run"),
        ("import mlflow.sklearn\nmlflow.sklearn.log_model(m, 'm')", "sklearn.log_model"),
        ("from mlflow.sklearn import log_model\nlog_model(m, 'm')", "sklearn.log_model"),
        (
            "try:\n    import mlflow\nexcept ImportError:\n    mlflow = None\nmlflow.end_run()",
            "end_run",
        ),
        ("def f():\n    import mlflow\n    return mlflow.active_run()", "active_run"),
    ],
)
def test_a_function_of_the_module_is_known_by_whatever_name_it_goes(calls, source, api):
    assert calls(source) == [("fluent", True, api)]


SUBCLASS = "from mlflow import MlflowClient\nclass A(MlflowClient):\n"
CLIENTS = [
    "from mlflow import MlflowClient\ndef f():\n    c = MlflowClient()\n    c.get_run('r')",
    "from mlflow import MlflowClient\ndef f(c: MlflowClient):\n    c.get_run('r')",
    "import mlflow\ndef f(c: 'mlflow.MlflowClient | None' = None):\n    c.get_run('r')",
    "from typing import Optional\nimport mlflow\n"
    "def f(c: Optional[mlflow.MlflowClient] = None):\n    c.get_run('r')",
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from mlflow import MlflowClient\n"
    "def f(c: MlflowClient):\n    c.get_run('r')",
    "from mlflow import MlflowClient\ndef f(c=None):\n    c = c or MlflowClient()\n    c.get_run('r')",
    "from mlflow import MlflowClient\ndef f(*, c=None):\n    if c is None:\n"
    "        c = MlflowClient()\n    c.get_run('r')",
    "import mlflow\ndef f():\n    mlflow.MlflowClient().get_run('r')",
    "from mlflow import MlflowClient\nclass A:\n    def __init__(self):\n"
    "        self.c = MlflowClient()\n    def f(self):\n        self.c.get_run('r')",
    "from mlflow import MlflowClient\nclass A:\n    c: MlflowClient\n    def f(self):\n"
    "        self.c.get_run('r')",
    "from mlflow import MlflowClient\nclass A:\n    @property\n    def c(self):\n"
    "        return MlflowClient()\n    def f(self):\n        self.c.get_run('r')",
    "from mlflow import MlflowClient\ndef make():\n    return MlflowClient()\n"
    "def f():\n    make().get_run('r')",
    "from mlflow import MlflowClient\ndef f():\n    if (c := MlflowClient()):\n        c.get_run('r')",
    "from mlflow import MlflowClient\ndef f(client=None):\n    c = client or MlflowClient()\n"
    "    c.get_run('r')",
    "from mlflow import MlflowClient\ndef f(client=None):\n"
    "    c = client if client is not None else MlflowClient()\n    c.get_run('r')",
    "from functools import partial\nfrom mlflow import MlflowClient\n"
    "make = partial(MlflowClient, 'a')\ndef f():\n    make().get_run('r')",
    "from typing import Annotated\nfrom fastapi import Depends\nfrom mlflow import MlflowClient\n"
    "Client = Annotated[MlflowClient, Depends(MlflowClient)]\n"
    "def f(c: Client):\n    c.get_run('r')",
    "import mlflow\nclass A(mlflow.MlflowClient):\n    def f(self):\n        self.get_run('r')",
    "from mlflow import MlflowClient\nclass A(MlflowClient, B):\n    async def f(self, /):\n"
    "        return lambda: self.get_run('r')",
    "from trackfix.tracking import create_mlflow_client\ndef f(mlflow_uri):\n"
    "    c = create_mlflow_client(mlflow_uri)\n    c.get_run('r')",
]


@pytest.mark.parametrize("source", CLIENTS)
def test_a_method_of_what_is_proved_to_be_a_client_is_certain(calls, source):
    assert ("client", True, "get_run") in calls(source)


def test_the_factory_of_the_project_gives_out_clients(calls):
    factory = (
        "from mlflow import MlflowClient\n"
        "def connect(uri=None):\n    return MlflowClient(tracking_uri=uri)\n"
    )
    source = "from pkg import connect  # mlflow\nclient = connect()\nclient.get_run('r')\n"
    assert calls(source, {"pkg.py": factory}) == [("client", True, "get_run")]


def test_the_module_kept_as_an_attribute_is_still_the_module(calls):
    source = """
        import mlflow
        class Callback:
            def __init__(self):
                self._ml = mlflow
            def log(self):
                self._ml.log_metric("a", 1)
        """
    assert calls(source) == [("fluent", True, "log_metric")]


@pytest.mark.parametrize(
    "source",
    [
        "import mlflow\ndef f(client):\n    client.search_runs(['0'])",
        "from mlflow import MlflowClient as C\ndef f(client):\n    (client or C()).search_runs(['0'])",
        "from mlflow import MlflowClient as C\ndef f(client: object = None):\n"
        "    (client or C()).search_runs(['0'])",
        "from functools import partial\nimport mlflow\nmake_client = partial(print)\n"
        "make_client().search_runs(['0'])",
        "import mlflow\nclass A:\n    def f(self):\n        self.mlflow_client.search_runs(['0'])",
        "import mlflow\nfrom other import get_mlflow_client\nget_mlflow_client().search_runs(['0'])",
    ],
)
def test_where_only_the_names_speak_for_a_client_it_is_not_certain(calls, source):
    assert ("client", False, "search_runs") in calls(source)


@pytest.mark.parametrize(
    "source",
    [
        "import mlflow\ndef f(client):\n    client.list_buckets()",  # no method of MLflow's
        "import mlflow\ndef f(store):\n    store.search_runs(['0'])",
        "import wandb as mlflow\nmlflow.log({})",
        "import requests\ndef f(client):\n    client.get_run('r')",  # nothing of MLflow in the file
        "class MlflowClient:\n    pass\ndef f(x: MlflowClient):\n    x.get_run('r')",
        "def mlflow():\n    pass\nmlflow()",
        f"{SUBCLASS}    def get_run(self, name): pass\n    def f(self): self.get_run('r')",
        f"{SUBCLASS}    @staticmethod\n    def f(self): self.get_run('r')",
        f"{SUBCLASS}    @classmethod\n    def f(cls): cls.get_run('r')",
        f"{SUBCLASS}    def f(self, other): other.get_run('r')",
        SUBCLASS.replace("(", "(Mixin, ") + "    def f(self): self.get_run('r')",
    ],
)
def test_what_is_no_call_of_mlflow_is_not_taken_for_one(calls, source):
    assert calls(source) == []


def test_arguments_are_found_by_keyword_or_place(tree):
    project = tree({"app.py": "import mlflow\nmlflow.log_metric('a', value=1)\n"})
    found = Resolver(project).analysis(MlflowCalls).file("app.py")
    assert found is not None
    (call,) = found.calls
    given = [call.argument("key", 0), call.argument("value", 1), call.argument("step", 2)]
    assert [part and ast.literal_eval(part) for part in given] == ["a", 1, None]


FACTORY = {
    "lab/__init__.py": "",
    "lab/client.py": "import mlflow\n\ndef make():\n    return mlflow.MlflowClient()\n",
}


def test_who_takes_clients_from_the_factory_need_not_name_mlflow(tree):
    project = tree(FACTORY | {"a.py": "from lab.client import make\n\nrun = make().get_run('1')\n"})
    calls = Resolver(project).analysis(MlflowCalls)
    assert set(calls.files()) == {"lab/client.py", "a.py"}
    found = calls.file("a.py")
    assert found is not None
    assert [(call.api, call.is_certain) for call in found.calls] == [("get_run", True)]


def test_a_function_that_is_named_like_the_factory_makes_no_client(tree):
    project = tree(
        FACTORY
        | {
            "other.py": "def make():\n    return object()\n",
            "a.py": "from other import make\n\nrun = make().get_run('1')\n",
        }
    )
    found = Resolver(project).analysis(MlflowCalls).file("a.py")
    assert found is not None
    assert found.calls == ()
