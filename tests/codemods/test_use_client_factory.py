"""Every form in which the class is constructed becomes a call of the factory, or stays."""

import pytest

IMPORT = "from lib.clients import create_client\n"

FORMS = {
    "a class imported from mlflow.tracking": (
        "from mlflow.tracking import MlflowClient\n\ndef probe(): return MlflowClient()\n",
        f"{IMPORT}\ndef probe(): return create_client()\n",
    ),
    "by position and by keyword": (
        "from mlflow import MlflowClient\n\ndef probe(): return MlflowClient('a', registry_uri='b')\n",
        f"{IMPORT}\ndef probe(): return create_client('a', registry_uri='b')\n",
    ),
    "an attribute of mlflow": (
        "import mlflow\n\ndef probe(): return mlflow.MlflowClient('a')\n",
        f"{IMPORT}\ndef probe(): return create_client('a')\n",
    ),
    "an attribute of a module that is used otherwise": (
        "import mlflow\n\ndef probe(): return mlflow.MlflowClient(), mlflow.log_metric()\n",
        f"import mlflow\n\n{IMPORT}\ndef probe(): return create_client(), mlflow.log_metric()\n",
    ),
    "an attribute of a submodule": (
        "import mlflow.tracking\n\ndef probe(): return mlflow.tracking.MlflowClient()\n",
        f"{IMPORT}\ndef probe(): return create_client()\n",
    ),
    "an aliased module": (
        "from mlflow.tracking import client as c\n\ndef probe(): return c.MlflowClient()\n",
        f"{IMPORT}\ndef probe(): return create_client()\n",
    ),
    "an alias": (
        "from mlflow import MlflowClient as C\n\ndef probe(): return C('a')\n",
        f"{IMPORT}\ndef probe(): return create_client('a')\n",
    ),
    "getattr": (
        "import mlflow\n\ndef probe(): return getattr(mlflow, 'MlflowClient')('a')\n",
        f"{IMPORT}\ndef probe(): return create_client('a')\n",
    ),
    "an assigned name": (
        "from mlflow import MlflowClient\nC = MlflowClient  # swapped by jobs\n\ndef probe(): return C('a')\n",
        f"{IMPORT}C = create_client  # swapped by jobs\n\ndef probe(): return C('a')\n",
    ),
    "an assigned name that is declared to be called": (
        "from typing import Callable\n\nfrom mlflow import MlflowClient\nC: Callable[..., object] = MlflowClient\n\ndef probe(): return C('a')\n",
        f"from typing import Callable\n\n{IMPORT}C: Callable[..., object] = create_client\n\ndef probe(): return C('a')\n",
    ),
    "a name assigned in the function": (
        "import mlflow\n\ndef probe():\n    cls = mlflow.MlflowClient\n    return cls()\n",
        f"{IMPORT}\ndef probe():\n    cls = create_client\n    return cls()\n",
    ),
    "an assigned name that is used as a class too": (
        "from mlflow import MlflowClient\nbase_client = MlflowClient\n\ndef probe(x=None): return isinstance(x, base_client) or base_client()\n",
        f"from mlflow import MlflowClient\n\n{IMPORT}base_client = MlflowClient\n\ndef probe(x=None): return isinstance(x, base_client) or create_client()\n",
    ),
    "partial": (
        "import functools\nfrom mlflow import MlflowClient\n\ndef probe(): return functools.partial(MlflowClient, 'a')()\n",
        f"import functools\n{IMPORT}\ndef probe(): return functools.partial(create_client, 'a')()\n",
    ),
    "default_factory": (
        "from dataclasses import dataclass, field\nfrom mlflow import MlflowClient\n\n@dataclass\nclass A:\n    client: object = field(default_factory=MlflowClient)\n\ndef probe(): return A().client\n",
        f"from dataclasses import dataclass, field\n{IMPORT}\n@dataclass\nclass A:\n    client: object = field(default_factory=create_client)\n\ndef probe(): return A().client\n",
    ),
    "handed on": (
        "from mlflow import MlflowClient\n\ndef probe(): return list(map(MlflowClient, ['a', 'b']))\n",
        f"{IMPORT}\ndef probe(): return list(map(create_client, ['a', 'b']))\n",
    ),
    "handed on to a function of the project": (
        "from mlflow import MlflowClient\n\ndef build(kind): return kind('a')\n\ndef probe(): return build(MlflowClient)\n",
        f"{IMPORT}\ndef build(kind): return kind('a')\n\ndef probe(): return build(create_client)\n",
    ),
    "one of several": (
        "from mlflow import MlflowClient\n\ndef probe(make=None): return (make or MlflowClient)('a'), {1: MlflowClient}[1]()\n",
        f"{IMPORT}\ndef probe(make=None): return (make or create_client)('a'), {{1: create_client}}[1]()\n",
    ),
    "in comprehensions and lambdas": (
        "from mlflow import MlflowClient\n\ndef probe(): return [MlflowClient(u) for u in 'ab'], (lambda: MlflowClient())()\n",
        f"{IMPORT}\ndef probe(): return [create_client(u) for u in 'ab'], (lambda: create_client())()\n",
    ),
    "a default and a decorator's argument": (
        "from mlflow import MlflowClient\n\ndef probe(client=MlflowClient('a')): return client\n",
        f"{IMPORT}\ndef probe(client=create_client('a')): return client\n",
    ),
    "within an argument of another": (
        "from mlflow import MlflowClient\n\ndef probe(): return MlflowClient(MlflowClient('a').uris[0])\n",
        f"{IMPORT}\ndef probe(): return create_client(create_client('a').uris[0])\n",
    ),
    "starred arguments": (
        "from mlflow import MlflowClient\n\ndef probe(*a, **k): return MlflowClient(*a, **k)\n",
        f"{IMPORT}\ndef probe(*a, **k): return create_client(*a, **k)\n",
    ),
    "a star import": (
        "from mlflow.tracking import *\n\ndef probe(): return MlflowClient(get_tracking_uri())\n",
        f"from mlflow.tracking import *\n\n{IMPORT}\ndef probe(): return create_client(get_tracking_uri())\n",
    ),
    "an annotation keeps the import": (
        "from mlflow import MlflowClient\n\ndef probe() -> MlflowClient: return MlflowClient()\n",
        f"from mlflow import MlflowClient\n\n{IMPORT}\ndef probe() -> MlflowClient: return create_client()\n",
    ),
    "a quoted annotation keeps the import": (
        "from mlflow import MlflowClient\n\ndef probe() -> 'MlflowClient': return MlflowClient()\n",
        f"from mlflow import MlflowClient\n\n{IMPORT}\ndef probe() -> 'MlflowClient': return create_client()\n",
    ),
    "an attribute called as the module": (
        "from mlflow import client\n\nclass A:\n    client = client.MlflowClient()\n\ndef probe(): return A.client\n",
        f"{IMPORT}\nclass A:\n    client = create_client()\n\ndef probe(): return A.client\n",
    ),
    "a class body": (
        "from mlflow import MlflowClient\n\nclass A:\n    client = MlflowClient()\n\ndef probe(): return A.client\n",
        f"{IMPORT}\nclass A:\n    client = create_client()\n\ndef probe(): return A.client\n",
    ),
}


@pytest.mark.parametrize("before, after", FORMS.values(), ids=FORMS)
def test_a_construction_becomes_a_call_of_the_factory(mended, before, after):
    assert mended(before) == after


NO_CONSTRUCTIONS = {
    "annotations": "from mlflow import MlflowClient\n\ndef f(c: MlflowClient) -> 'MlflowClient': return c\n",
    "isinstance": "from mlflow import MlflowClient\n\ndef f(c): return isinstance(c, MlflowClient)\n",
    "a subclass": "from mlflow import MlflowClient\n\nclass C(MlflowClient): pass\n\ndef probe(): return C()\n",
    "a spec": "from unittest.mock import Mock\nfrom mlflow import MlflowClient\n\ndef f(): return Mock(spec=MlflowClient)\n",
    "another class of the name": "class MlflowClient: pass\n\ndef probe(): return MlflowClient()\n",
    "a class of the name from elsewhere": "from lib.lite import MlflowClient\n\ndef probe(): return MlflowClient()\n",
    "a re-export": "from mlflow import MlflowClient\n\n__all__ = ['MlflowClient']\n",
    "the factory in use": f"{IMPORT}\ndef probe(): return create_client('a')\n",
    "text": '"""Makes a MlflowClient()."""\n# MlflowClient()\nNAME = "MlflowClient"\n',
}


@pytest.mark.parametrize("source", NO_CONSTRUCTIONS.values(), ids=NO_CONSTRUCTIONS)
def test_what_constructs_nothing_stays(unmended, source):
    lite = "class MlflowClient:\n    pass\n"
    assert unmended({"app.py": source, "lib/lite.py": lite}, unsafe=True) == []


def test_the_factory_itself_stays(unmended):
    assert unmended({"app.py": "x = 1\n"}, unsafe=True) == []


def test_what_the_factory_goes_through_stays(use_factory):
    factory = """
        from mlflow import MlflowClient

        def create_client(tracking_uri=None, registry_uri=None):
            log(tracking_uri)
            return make(tracking_uri, registry_uri)

        def make(tracking_uri=None, registry_uri=None):
            return MlflowClient(tracking_uri, registry_uri)

        def log(uri):
            MlflowClient(uri).get_run("1")
    """

    applied = use_factory(
        {
            "lib/clients.py": factory,
            "app.py": "from mlflow import MlflowClient\n\ndef probe(): return MlflowClient('a')\n",
        },
        unsafe=True,
    )
    assert list(applied.changed) == ["app.py"]


UNSAFE = {
    "a lazy module": (
        "from lib.lazy import lazy_module\nmlflow = lazy_module('mlflow')\n\ndef probe(): return mlflow.MlflowClient()\n",
        "app.py:4: mlflow.MlflowClient: unsafe: the class comes by no import statement, but when the code runs",
        "create_client()",
    ),
    "a module that is imported by a call": (
        "import importlib\nm = importlib.import_module('mlflow')\n\ndef probe(): return m.MlflowClient()\n",
        "app.py:4: m.MlflowClient: unsafe: the class comes by no import statement, but when the code runs",
        "create_client()",
    ),
    "a default that is kept": (
        "from mlflow import MlflowClient\n\nclass A:\n    def __init__(self, make=MlflowClient): self.make = make\n    def f(self): return self.make()\n\ndef probe(): return A().f()\n",
        "app.py:4: MlflowClient: unsafe: what keeps the class may be asked for it",
        "make=create_client",
    ),
    "a static method": (
        "from mlflow import MlflowClient\n\nclass A:\n    make = staticmethod(MlflowClient)\n    def f(self): return self.make('a')\n\ndef probe(): return A().f()\n",
        "app.py:4: MlflowClient: unsafe: what keeps the class may be asked for it",
        "staticmethod(create_client)",
    ),
}


@pytest.mark.parametrize("source, reason, after", UNSAFE.values(), ids=UNSAFE)
def test_what_may_show_the_class_itself_changes_when_that_is_asked_for(
    use_factory, unmended, source, reason, after
):
    lazy = "import importlib\n\ndef lazy_module(name): return importlib.import_module(name)\n"
    tree = {"app.py": source, "lib/lazy.py": lazy}
    assert unmended(tree) == [reason]
    assert after in use_factory(tree, unsafe=True)["app.py"]


REFUSED = {
    "a name that is declared to be a class": (
        "from mlflow import MlflowClient\nC: type[MlflowClient] = MlflowClient\n\ndef f(): return C()\n",
        "app.py:4: C: C is declared to be a class",
    ),
    "a module that no name is given": (
        "import importlib\n\ndef f(): return importlib.import_module('mlflow').MlflowClient()\n",
        "app.py:3: importlib.import_module('mlflow').MlflowClient: it is not known how the class comes here",
    ),
    "a class attribute would become a method": (
        "from mlflow import MlflowClient\n\nclass A:\n    make = MlflowClient\n    def f(self): return self.make()\n",
        "app.py:4: MlflowClient: a function in its place would become a method of the class",
    ),
    "a parameter that is declared to be a class": (
        "from mlflow import MlflowClient\n\ndef f(make: type[MlflowClient] = MlflowClient): return make()\n",
        "app.py:3: MlflowClient: the parameter that takes it is declared to be a class",
    ),
    "the name of the factory is taken": (
        "from mlflow import MlflowClient\n\ndef create_client(): return 1\n\ndef f(): return MlflowClient()\n",
        "app.py:5: MlflowClient: create_client means something else here",
    ),
    "the name of the factory is a parameter": (
        "from mlflow import MlflowClient\n\ndef f(create_client): return MlflowClient()\n",
        "app.py:3: MlflowClient: create_client means something else here",
    ),
    "a wrapper of the same name would call itself": (
        "from mlflow import MlflowClient\n\ndef create_client(uri): return MlflowClient(uri) or None\n",
        "app.py:3: MlflowClient: create_client means something else here",
    ),
    "the name is rebound by a function": (
        "from mlflow import MlflowClient\n\ndef load():\n    global MlflowClient\n    from mlflow.tracking import MlflowClient\n\ndef f(): return MlflowClient()\n",
        "app.py:7: MlflowClient: MlflowClient is bound in more than one way",
    ),
    "a class that may be missing": (
        "import mlflow\n\ndef f():\n    C = getattr(mlflow, 'MlflowClient', None)\n    return C()\n",
        "app.py:5: C: getattr has a default for where the class is missing",
    ),
    "a class that may be missing where it is called": (
        "import mlflow\n\ndef f(): return getattr(mlflow, 'MlflowClient', dict)()\n",
        "app.py:3: getattr(mlflow, 'MlflowClient', dict): getattr has a default for where the class is missing",
    ),
    "an argument that the class does not take": (
        "from mlflow import MlflowClient\n\ndef f(): return MlflowClient(uri='a')\n",
        "app.py:3: MlflowClient: it is not known that the class takes uri",
    ),
}


@pytest.mark.parametrize("source, reason", REFUSED.values(), ids=REFUSED)
def test_what_the_factory_cannot_stand_for_is_named(unmended, source, reason):
    assert unmended(source, unsafe=True) == [reason]


TWO = "from mlflow import MlflowClient\n\ndef f(): return MlflowClient()\n\ndef g(): return MlflowClient(x=1)\n"


def test_a_construction_that_must_stay_keeps_no_other(use_factory):
    applied = use_factory({"app.py": TWO})
    assert applied.changed == {
        "app.py": f"from mlflow import MlflowClient\n\n{IMPORT}\ndef f(): return create_client()\n\ndef g(): return MlflowClient(x=1)\n"
    }
    assert applied.skipped == [
        "app.py:5: MlflowClient: it is not known that the class takes x",
    ]


def test_a_class_that_may_be_missing_keeps_no_other_construction(mended):
    source = "import mlflow\n\ndef f(): return mlflow.MlflowClient()\n\ndef g():\n    C = getattr(mlflow, 'MlflowClient', None)\n    return C()\n"
    after = source.replace("mlflow.MlflowClient()", "create_client()")
    assert mended(source) == after.replace("mlflow\n\n", f"mlflow\n\n{IMPORT}\n", 1)


def test_a_construction_that_must_stay_keeps_those_that_a_test_patches_with_it(unmended):
    test = "from unittest.mock import patch\nimport app\n\n@patch('app.MlflowClient')\ndef test_a(m): assert app.f() is m() is app.g()\n"
    assert unmended({"app.py": TWO, "test_app.py": test}, tests=True) == [
        "app.py:3: MlflowClient: test_app.py:4 patches MlflowClient, and app.py:5 can't change",
        "app.py:5: MlflowClient: it is not known that the class takes x",
    ]


def test_a_construction_of_another_name_is_not_patched_with_it(use_factory):
    source = TWO.replace("MlflowClient(x=1)", "mlflow.MlflowClient(x=1)")
    test = "from unittest.mock import patch\nimport app\n\n@patch('app.MlflowClient')\ndef test_a(m): assert app.f() is m()\n"
    applied = use_factory({"app.py": f"import mlflow\n{source}", "test_app.py": test}, tests=True)
    assert "def f(): return create_client()" in applied["app.py"]
    assert "mlflow.MlflowClient(x=1)" in applied["app.py"]
    assert "app.create_client" in applied["test_app.py"]


def test_all_calls_of_one_assigned_name_stay_together(unmended):
    source = "from mlflow import MlflowClient\nC = MlflowClient\n\ndef f(): return C()\n\ndef g(): return C(x=1)\n"
    assert unmended(source) == [
        "app.py:4: C: it changes together with app.py:6, which can't: it is not known that the class takes x",
        "app.py:6: C: it is not known that the class takes x",
    ]


def test_another_file_that_goes_on_to_construct_from_a_module_keeps_its_name(use_factory):
    tree = {
        "app.py": TWO.partition("\n\ndef g")[0] + "\n",
        "user.py": "import app\n\ndef g(): return app.MlflowClient(x=1)\n",
    }
    assert use_factory(tree).changed == {}
