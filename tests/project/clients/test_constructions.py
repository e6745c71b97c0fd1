"""Where mlflow's client class is constructed, and what only looks like it."""

import json
import textwrap

import pytest

from trackfix.project.clients.constructions import Clients
from trackfix.project.modules.resolution import Resolver


@pytest.fixture
def find(tree):
    """The constructions in one file of a tree."""

    def run(source, files=None, path="app.py"):
        project = tree({**(files or {}), path: source})
        return Clients(project, Resolver(project)).constructions(path)

    return run


@pytest.fixture
def texts(find):
    """Form and text of each construction."""

    def run(source, files=None, path="app.py"):
        found = find(source, files, path)
        return [(f.form.kind, f.document.text[slice(*f.span)]) for f in found]

    return run


SPELLINGS = [
    ("import mlflow\nmlflow.MlflowClient()", "mlflow.MlflowClient()"),
    ("import mlflow\nmlflow.tracking.MlflowClient()", "mlflow.tracking.MlflowClient()"),
    ("import mlflow\nmlflow.client.MlflowClient()", "mlflow.client.MlflowClient()"),
    (
        "import mlflow.tracking.client\nmlflow.tracking.client.MlflowClient()",
        "mlflow.tracking.client.MlflowClient()",
    ),
    ("import mlflow as ml\nml.tracking.MlflowClient('u')", "ml.tracking.MlflowClient('u')"),
    ("import mlflow.tracking as t\nt.MlflowClient()", "t.MlflowClient()"),
    ("import mlflow.tracking as t\nt.client.MlflowClient()", "t.client.MlflowClient()"),
    ("from mlflow import tracking\ntracking.MlflowClient()", "tracking.MlflowClient()"),
    ("from mlflow import client as c\nc.MlflowClient()", "c.MlflowClient()"),
    ("from mlflow.tracking import client\nclient.MlflowClient()", "client.MlflowClient()"),
    ("from mlflow import MlflowClient\nMlflowClient()", "MlflowClient()"),
    ("from mlflow.tracking import MlflowClient\nMlflowClient()", "MlflowClient()"),
    ("from mlflow.tracking.client import MlflowClient\nMlflowClient()", "MlflowClient()"),
    ("from mlflow.client import MlflowClient as C\nC()", "C()"),
    ("from mlflow import *\nMlflowClient()", "MlflowClient()"),
    ("from mlflow.tracking import *\nMlflowClient()", "MlflowClient()"),
    ("from mlflow import *\nfrom typing import *\nMlflowClient()", "MlflowClient()"),
    ("def f():\n    from mlflow import MlflowClient\n    return MlflowClient()", "MlflowClient()"),
    ("def f():\n    import mlflow\n    mlflow.MlflowClient().x", "mlflow.MlflowClient()"),
    ("from mlflow import MlflowClient\nC = MlflowClient\nC()", "C()"),
    ("from mlflow import MlflowClient\nC: type = MlflowClient\nC()", "C()"),
    ("from mlflow import MlflowClient\nA, B = int, MlflowClient\nB()", "B()"),
    ("from mlflow import MlflowClient\nif (C := MlflowClient):\n  C()", "C()"),
    ("import mlflow\ndef f():\n  if (C := getattr(mlflow, 'MlflowClient', None)):\n    C()", "C()"),
    ("import mlflow\nm = mlflow.tracking\nm.MlflowClient()", "m.MlflowClient()"),
    ("import mlflow\nC = mlflow.MlflowClient or None\nC()", "C()"),
    ("import mlflow\nC = getattr(mlflow, 'MlflowClient', None)\nC()", "C()"),
    (
        "import importlib\nm = importlib.import_module('mlflow')\nm.MlflowClient()",
        "m.MlflowClient()",
    ),
    ("import pytest\nm = pytest.importorskip('mlflow')\nm.MlflowClient()", "m.MlflowClient()"),
    ("import mlflow\nprint(f'{mlflow.MlflowClient().x}')", "mlflow.MlflowClient()"),
    ("from mlflow import MlflowClient\n[MlflowClient(u) for u in 'ab']", "MlflowClient(u)"),
    ("from mlflow import MlflowClient\nm = Mock(spec=MlflowClient())", "MlflowClient()"),
]


@pytest.mark.parametrize("source, text", SPELLINGS)
def test_a_call_of_the_class_is_found_in_every_spelling(texts, source, text):
    assert texts(source) == [("call", text)]


FORMS = [
    ("import functools\nf = functools.partial(MlflowClient, 'u')", "partial", "functools.partial(MlflowClient, 'u')"),
    ("from functools import partial as p\nf = p(MlflowClient)", "partial", "p(MlflowClient)"),
    ("x = field(default_factory=MlflowClient)", "default_factory", "MlflowClient"),
    ("x = attrs.field(factory=MlflowClient)", "handed-on", "MlflowClient"),
    ("Session(client_factory=MlflowClient)", "handed-on", "MlflowClient"),
    ("x = defaultdict(MlflowClient)", "handed-on", "MlflowClient"),
    ("list(map(MlflowClient, uris))", "handed-on", "MlflowClient"),
    ("pool.submit(MlflowClient, uri)", "handed-on", "MlflowClient"),
    ("loop.run_in_executor(None, MlflowClient)", "handed-on", "MlflowClient"),
    ("def f(c=Depends(MlflowClient)): ...", "handed-on", "MlflowClient"),
    ("def f(*, make=MlflowClient): return make()", "handed-on", "MlflowClient"),
    ("def f(make: type[MlflowClient] = MlflowClient): return make()", "class-parameter", "MlflowClient"),
    ("def f(make: 'Callable[[], MlflowClient]' = MlflowClient): return make()", "handed-on", "MlflowClient"),
    ("def f(make: type[MlflowClient] | Callable[..., Any] = MlflowClient): return make()", "handed-on", "MlflowClient"),
    ("def f(make: 'Type[MlflowClient]'): return make()\nf(MlflowClient)", "class-parameter", "MlflowClient"),
    ("build(factory=MlflowClient)", "handed-on", "MlflowClient"),
    ("def build(kind): return kind('u')\nbuild(MlflowClient)", "handed-on", "MlflowClient"),
    ("def build(a, *, kind=None): return kind and kind('u')\nbuild(1, kind=MlflowClient)", "kept", "MlflowClient"),
    ("def deco(f): return lambda *a: f(*a)\nMake = deco(MlflowClient)", "handed-on", "MlflowClient"),
    ("def retry(times):\n    def deco(f):\n        def inner(*a): return f(*a)\n        return inner\n    return deco\nretry(2)(MlflowClient)", "handed-on", "MlflowClient"),
    ("class A:\n    def __init__(self, kind):\n        self.kind = kind\n    def f(self): return self.kind()\nA(MlflowClient)", "kept", "MlflowClient"),
    ("class A:\n    def __init__(self, kind=MlflowClient):\n        self.kind = kind\n    def f(self): return self.kind()", "kept", "MlflowClient"),
    ("class A:\n    make = staticmethod(MlflowClient)\n    def f(self): return self.make()", "kept", "MlflowClient"),
    ("{'mlflow': MlflowClient}['mlflow']()", "handed-on", "MlflowClient"),
    ("def f(make=None): return (make or MlflowClient)('u')", "handed-on", "MlflowClient"),
    ("def f(x): return (MlflowClient if x else int)()", "handed-on", "MlflowClient"),
    ("MAKERS = {'a': MlflowClient, 'b': int}\ndef f(k): return MAKERS[k]()", "kept", "MlflowClient"),
    ("def f(k):\n    makers = {'a': MlflowClient}\n    return makers.get(k)('u')", "kept", "MlflowClient"),
    ("def f(x):\n    make = MlflowClient if x else int\n    return make()", "kept", "MlflowClient"),
    ("def f(make=None):\n    kind = make or MlflowClient\n    return kind('u')", "kept", "MlflowClient"),
    ("class A:\n    def __init__(self, make=None): self.make = make or MlflowClient\n    def f(self): return self.make()", "handed-on", "MlflowClient"),
    ("class A:\n    make = MlflowClient if x else None\n    def f(self): return self.make()", "class-attribute", "MlflowClient"),
    ("functools.lru_cache(maxsize=None)(MlflowClient)", "handed-on", "MlflowClient"),
    ("class A:\n    make = MlflowClient\n    def f(self): return self.make()", "class-attribute", "MlflowClient"),
    ("class A:\n    def __init__(self): self.make = MlflowClient\n    def f(self): return self.make()", "handed-on", "MlflowClient"),
]  # fmt: skip


@pytest.mark.parametrize("source, form, text", FORMS)
def test_handing_the_class_to_what_calls_it_is_found(texts, source, form, text):
    assert texts(f"from mlflow import MlflowClient\n{source}") == [(form, text)]


def test_getattr_with_the_name_is_found(texts):
    source = "import mlflow\nuri = ''\ngetattr(mlflow.tracking, 'MlflowClient')(uri)"
    assert texts(source) == [("getattr", "getattr(mlflow.tracking, 'MlflowClient')(uri)")]


AT_RUN_TIME = [
    ("import importlib\nimportlib.import_module('mlflow.tracking').MlflowClient('u')", "importlib.import_module('mlflow.tracking').MlflowClient('u')"),
    ("__import__('mlflow').tracking.MlflowClient()", "__import__('mlflow').tracking.MlflowClient()"),
    ("from flytekit import lazy_module\nmlflow = lazy_module('mlflow')\nmlflow.MlflowClient()", "mlflow.MlflowClient()"),
    ("from flytekit import lazy_module\nlazy_module('mlflow').MlflowClient()", "lazy_module('mlflow').MlflowClient()"),
]  # fmt: skip


@pytest.mark.parametrize("source, text", AT_RUN_TIME)
def test_a_class_of_a_module_that_is_imported_by_a_call_is_found(texts, source, text):
    assert texts(source) == [("call", text)]


def test_a_package_that_is_named_after_mlflow_may_load_it_late(texts):
    source = (
        "from flytekit import lazy_module\nmlflow = lazy_module('mlflow')\nmlflow.MlflowClient()"
    )
    files = {"plugins/mlflow/__init__.py": "from .tracking import mlflow\n"}
    found = texts(source, files, path="plugins/mlflow/tracking.py")
    assert found == [("call", "mlflow.MlflowClient()")]


def test_getattr_of_a_module_that_is_imported_by_a_call_is_found(texts):
    source = "getattr(__import__('mlflow'), 'MlflowClient')()"
    assert texts(source) == [("getattr", source)]


def test_what_a_function_of_another_module_calls_is_found(texts):
    source = "from mlflow import MlflowClient\nimport lib\nlib.build(1, MlflowClient)\nlib.show(MlflowClient)"
    lib = "def build(a, kind): return kind(a)\ndef show(kind): return kind.__name__\n"
    assert texts(source, {"lib.py": lib}) == [("handed-on", "MlflowClient")]


MENTIONS = [
    "def f(c: MlflowClient) -> MlflowClient: ...",
    "def f(c: 'MlflowClient') -> 'MlflowClient | None': ...",
    "x: MlflowClient",
    "x: type[MlflowClient] = C",
    "isinstance(x, MlflowClient)",
    "isinstance(x, (int, MlflowClient))",
    "issubclass(X, MlflowClient)",
    "Mock(spec=MlflowClient)",
    "create_autospec(MlflowClient, instance=True)",
    "patch('a.b', autospec=MlflowClient)",
    "MagicMock(spec_set=MlflowClient)",
    "MagicMock(client_factory=MlflowClient)",
    "dict(client_factory=MlflowClient)",
    "cast(MlflowClient, x)",
    "Type[MlflowClient]",
    "class Own(MlflowClient): ...\nOwn()",
    "class A:\n    def __init__(self, kind=None): self.kind = kind or MlflowClient\n    def f(self): return self.kind.__name__",
    "class A:\n    def __init__(self, n): self.made = n or {1: MlflowClient}\n    def f(self): return self.made()",
    "MlflowClient.get_run",
    "MlflowClient.get_run(x, '')",
    "MlflowClient.__init__(x)",
    "CLASSES = [MlflowClient]",
    "C = MlflowClient",
    "def f(kind=MlflowClient): isinstance(1, kind)",
    "class A:\n    kind = MlflowClient\n    def f(self): return isinstance(1, self.kind)",
    "except_types = (MlflowClient,)",
    "build(MlflowClient)",
    "registry.register_type(MlflowClient)",
    "TYPES = {MlflowClient: 1}",
    "{MlflowClient: 1}[x]()",
    "KINDS = {'a': MlflowClient}",
    "KINDS = {'a': MlflowClient}\ndef f(x): return isinstance(x, KINDS['a'])",
    "KINDS = {'a': MlflowClient}\ndef f(x): return KINDS.get(x), KINDS.pop(x)()",
    "KINDS = {MlflowClient: int}\nKINDS[x]()",
    "def f(x):\n    kind = MlflowClient if x else int\n    return isinstance(x, kind), kind.get_run()",
    "(1 if MlflowClient else int)()",
    "x = y or MlflowClient",
    "x is MlflowClient",
    "def register(kind):\n    KINDS.append(kind)\n    return kind\nregister(MlflowClient)",
    "def check(kind): return isinstance(1, kind)\ncheck(MlflowClient)",
    "def check(x, kind): return x()\ncheck(f, MlflowClient)",
    "def build(*kinds): return kinds()\nbuild(MlflowClient)",
    "def build(kind):\n    kind = int\n    return kind()\nbuild(MlflowClient)",
    "@wraps\ndef build(kind): return kind()\nbuild(MlflowClient)",
    "if x:\n    def build(kind): return kind()\nelse:\n    def build(kind): return 1\nbuild(MlflowClient)",
    "def build(a, kind): return kind()\nbuild(*x, MlflowClient)",
    "class A:\n    def __init__(self, kind): self.kind = kind\nA(MlflowClient)",
    "class A:\n    def __init__(self, kind=MlflowClient): self.kind = kind",
    "class A:\n    make = staticmethod(MlflowClient)",
    "def f(client_factory=MlflowClient): return isinstance(1, client_factory)",
    "def retry(times): return times\nretry(2)(MlflowClient)",
    "'MlflowClient()'",
    "def f():\n    '''>>> MlflowClient()'''",
    "patch.object(MlflowClient, 'get_run')",
    "try: ...\nexcept MlflowClient: ...",
    "partial = print\npartial(MlflowClient)",
]


@pytest.mark.parametrize("source", MENTIONS)
def test_a_mention_of_the_class_is_no_construction(texts, source):
    assert texts(f"from mlflow import MlflowClient\n{source}") == []


OTHERS = [
    "class MlflowClient: ...\nMlflowClient()",
    "from other import MlflowClient\nMlflowClient()",
    "from .mlflow import MlflowClient\nMlflowClient()",
    "import mlflow_lite as mlflow\nmlflow.MlflowClient()",
    "from mlflow.entities import MlflowClient\nMlflowClient()",
    "from mlflow import *\nfrom other import *\nMlflowClient()",
    "from mlflow import MlflowClient\ndef f(MlflowClient): MlflowClient()",
    "from mlflow import MlflowClient\ndef f():\n    MlflowClient = g()\n    MlflowClient()",
    "from mlflow import MlflowClient\nfor MlflowClient in x: MlflowClient()",
    "from mlflow import MlflowClient\n[MlflowClient() for MlflowClient in x]",
    "from mlflow import MlflowClient\nclass MlflowClient(MlflowClient): ...\nMlflowClient()",
    "from mlflow import MlflowClient\nMlflowClient = Mock()\nMlflowClient()",
    "if x:\n    from mlflow import MlflowClient\nelse:\n    from other import MlflowClient\nMlflowClient()",
    "try:\n    from mlflow import MlflowClient\nexcept ImportError:\n    class MlflowClient: ...\nMlflowClient()",
    "try:\n    from mlflow import MlflowClient\nexcept ImportError:\n    MlflowClient = object\nMlflowClient()",
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from mlflow import MlflowClient\nMlflowClient()",
    "def f():\n    from mlflow import MlflowClient\ndef g(): MlflowClient()",
    "def f(mlflow): mlflow.MlflowClient()",
    "self.MlflowClient()",
    "mlflow().MlflowClient()",
    "MlflowClient()",
    "from mlflow import MlflowClient\nmlflow = x\nmlflow.MlflowClient()",
    "from mlflow import MlflowClient\ndef outer():\n    C = MlflowClient\n    def inner():\n        nonlocal C\n        C = g()\n    C()",
    "import mlflow\nmlflow.MlflowClient = Fake\nmlflow.MlflowClient()",
    "import sys\nsys.modules['mlflow'] = Fake()\nfrom mlflow import MlflowClient\nMlflowClient()",
    "importlib.import_module(name).MlflowClient()",
    "import_module('.mlflow', package='pkg').MlflowClient()",
    "lazy_module('other').MlflowClient()",
    "load('mlflow').MlflowClient()",
    "get('mlflow').tracking.MlflowClient()",
    "from mlflow import MlflowClient\nexec(code)\nMlflowClient()",
    "from unittest import mock\nwith mock.patch('x'): MlflowClient()",
    "from fakes import mlflow\nmlflow.MlflowClient()",
    "from importlib import import_module\nm = import_module(name)\nm.MlflowClient()",
]  # fmt: skip


@pytest.mark.parametrize("source", OTHERS)
def test_a_class_that_is_not_proved_to_be_mlflows_is_not_found(texts, source):
    assert texts(source) == []


FALLBACKS = [
    "try:\n    from mlflow import MlflowClient\nexcept ImportError:\n    MlflowClient = None\nMlflowClient()",
    "try:\n    from mlflow import MlflowClient\nexcept ImportError:\n    raise\nMlflowClient()",
    "try:\n    from mlflow import MlflowClient\nexcept ImportError:\n    pass\nMlflowClient()",
    "try:\n    from mlflow import MlflowClient\nexcept ImportError:\n    from mlflow.tracking import MlflowClient\nMlflowClient()",
    "MlflowClient = None\ndef f():\n    global MlflowClient\n    from mlflow import MlflowClient\n    MlflowClient()",
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from other import MlflowClient\nelse:\n    from mlflow import MlflowClient\nMlflowClient()",
    "MlflowClient: type\nfrom mlflow import MlflowClient\nMlflowClient()",
]  # fmt: skip


@pytest.mark.parametrize("source", FALLBACKS)
def test_a_binding_that_gives_nothing_to_call_is_no_other_class(texts, source):
    assert [kind for kind, _ in texts(source)] == ["call"]


@pytest.mark.parametrize("source", FALLBACKS[:4])
def test_fallbacks_of_a_module_that_hands_the_class_on_are_understood(texts, source):
    files = {"pkg/__init__.py": "", "pkg/clients.py": source.removesuffix("MlflowClient()")}
    assert texts("from pkg.clients import MlflowClient as M\nM()", files) == [("call", "M()")]


REEXPORTS = [
    ({"pkg/clients.py": "from mlflow import MlflowClient as Client\n"}, "from pkg.clients import Client\nClient()"),
    ({"pkg/clients.py": "from mlflow import MlflowClient\n"}, "import pkg.clients\npkg.clients.MlflowClient()"),
    ({"pkg/clients.py": "import mlflow\nClient = mlflow.MlflowClient\n"}, "from pkg import clients\nclients.Client()"),
    ({"pkg/clients.py": "from mlflow.tracking import *\n"}, "from pkg.clients import MlflowClient\nMlflowClient()"),
    ({"pkg/clients.py": "from mlflow import MlflowClient as A\n", "pkg/more.py": "from .clients import A as B\n"}, "from pkg.more import B as C\nC()"),
    ({"pkg/clients.py": "from mlflow import MlflowClient as A\n"}, "from pkg.clients import *\nA()"),
    ({"pkg/clients.py": "from mlflow import tracking\n"}, "from pkg.clients import tracking\ntracking.MlflowClient()"),
]  # fmt: skip


@pytest.mark.parametrize("files, source", REEXPORTS)
def test_a_class_that_the_project_hands_on_is_found(find, files, source):
    (found,) = find(source, {"pkg/__init__.py": "", **files})
    assert "handed on by pkg/" in found.evidence or "star" in found.evidence or found.name == "pkg"


@pytest.mark.parametrize(
    "clients",
    [
        "class MlflowClient: ...\n",
        "from other import MlflowClient\n",
        "from mlflow import MlflowClient\nclass MlflowClient(MlflowClient): ...\n",
        "try:\n    from mlflow import MlflowClient\nexcept ImportError:\n    from .fake import MlflowClient\n",
        "from mlflow import MlflowClient\nMlflowClient = wrap(MlflowClient)\n",
    ],
)
def test_another_class_that_the_project_hands_on_is_not(texts, clients):
    files = {
        "pkg/__init__.py": "",
        "pkg/clients.py": clients,
        "pkg/fake.py": "class MlflowClient: ...\n",
    }
    assert texts("from pkg.clients import MlflowClient\nMlflowClient()", files) == []


def test_a_name_that_another_file_sets_is_not_proved(texts):
    files = {
        "pkg/__init__.py": "",
        "pkg/clients.py": "from mlflow import MlflowClient\n",
        "pkg/setup.py": "import pkg.clients\npkg.clients.MlflowClient = make()\n",
    }
    assert texts("from pkg.clients import MlflowClient\nMlflowClient()", files) == []


def test_in_mlflows_own_source_the_class_is_its_definition(texts):
    files = {
        "mlflow/__init__.py": "if FULL:\n    from mlflow import tracking\n    from mlflow.client import MlflowClient\n",
        "mlflow/client.py": "from mlflow.tracking.client import MlflowClient\n",
        "mlflow/tracking/__init__.py": "from mlflow.tracking.client import MlflowClient\n",
        "mlflow/tracking/client.py": "class MlflowClient: ...\ndef f(): return MlflowClient()\n",
    }
    source = "import mlflow\nfrom mlflow import MlflowClient, tracking\nMlflowClient()\nmlflow.MlflowClient()\ntracking.MlflowClient()"
    assert len(texts(source, files)) == 3
    assert texts(files.pop("mlflow/tracking/client.py"), files, "mlflow/tracking/client.py")


def test_a_double_in_one_test_hides_only_what_this_test_constructs(texts):
    source = """
        import mlflow
        import other
        from mlflow import MlflowClient
        @patch("mlflow.MlflowClient")
        def test_a(fake):
            mlflow.MlflowClient(1)
            MlflowClient(2)
        def test_b():
            mlflow.MlflowClient(3)
        def test_c(monkeypatch):
            monkeypatch.setitem(sys.modules, "mlflow", None)
            MlflowClient(4)
        def test_d(monkeypatch):
            monkeypatch.setattr(mlflow.tracking, "MlflowClient", Fake)
            mlflow.tracking.MlflowClient(5)
        def test_e(monkeypatch):
            monkeypatch.setattr(other, "MlflowClient", Fake)
            with patch("pkg.mod.MlflowClient"):
                mlflow.MlflowClient(6)
    """
    assert [text for _, text in texts(source)] == [
        "MlflowClient(2)",
        "mlflow.MlflowClient(3)",
        "mlflow.MlflowClient(6)",
    ]


def test_a_double_of_a_fixture_hides_the_whole_file(texts):
    source = """
        import mlflow
        from mlflow import MlflowClient
        @pytest.fixture
        def fake(monkeypatch):
            monkeypatch.setattr("mlflow.MlflowClient", Fake)
        def test_a(fake):
            mlflow.MlflowClient(1)
            MlflowClient(2)
    """
    assert [text for _, text in texts(source)] == ["MlflowClient(2)"]


@pytest.mark.parametrize("double", ["MagicMock()", "types.ModuleType('mlflow')", "fakes"])
def test_a_double_in_sys_modules_hides_nothing_outside_of_its_file(texts, double):
    source = "from mlflow import MlflowClient\nMlflowClient()\n"
    conftest = f"import sys, types, fakes\nstub = {double}\nsys.modules['mlflow'] = stub\n{source}"
    files = {"fakes.py": "class MlflowClient: pass\n", "conftest.py": conftest}
    assert len(texts(source, files)) == 1
    assert texts(conftest, files, "conftest.py") == []


def test_notebook_cells_share_their_names(tree):
    cells = [["%matplotlib inline\n", "from mlflow import MlflowClient"], ["x = MlflowClient('u')"]]
    notebook = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {},
        "cells": [
            {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None}
            for source in cells
        ],
    }  # fmt: skip
    project = tree({"n.ipynb": json.dumps(notebook, indent=1)})
    (found,) = Clients(project, Resolver(project)).constructions("n.ipynb")
    line, column = found.start
    text = (project.root / "n.ipynb").read_text().splitlines()[line - 1]
    assert "MlflowClient('u')" in text
    assert column == 5


def test_databricks_cells_are_plain_python(texts):
    source = """
        # Databricks notebook source
        from mlflow import MlflowClient
        # COMMAND ----------
        # MAGIC %md MlflowClient()
        # COMMAND ----------
        client = MlflowClient()
    """
    assert texts(source) == [("call", "MlflowClient()")]


def test_a_construction_tells_all_that_a_rewrite_needs(find):
    source = textwrap.dedent("""
        from pkg.clients import Client
        class A:
            def f(self):
                return Client(uri, registry_uri=None)
    """).lstrip()
    files = {"pkg/__init__.py": "", "pkg/clients.py": "from mlflow import MlflowClient as Client\n"}
    (found,) = find(source, files)
    text = found.document.text
    assert text[slice(*found.document.span(found.callee))] == "Client"
    assert text[slice(*found.span)] == "Client(uri, registry_uri=None)"
    assert (found.start, found.end) == ((4, 16), (4, 46))
    assert found.function == "A.f"
    assert found.name == "Client" and found.bound_in is found.scopes.module
    assert [node.lineno for node in found.imports] == [1]
    assert list(found.bindings) == list(found.imports)
    assert len(found.arguments) == 1 and [k.arg for k in found.keywords] == ["registry_uri"]
    assert found.evidence == (
        "Client is imported from pkg.clients in line 1, handed on by pkg/clients.py"
    )


def test_the_way_over_assignments_is_told(find):
    (found,) = find("import mlflow.tracking as t\nC = t.MlflowClient\n\ndef f(): C()\n")
    assert found.evidence == "C is t.MlflowClient (line 2), mlflow.tracking is imported in line 1"
    assert [node.lineno for node in found.imports] == [1]


def test_only_files_with_a_name_of_the_class_can_matter(tree):
    project = tree(
        {
            "pkg/__init__.py": "",
            "pkg/clients.py": "from mlflow import MlflowClient as Client\n",
            "pkg/more.py": "from pkg.clients import Client as Kl\n",
            "pkg/other.py": "from elsewhere import MlflowClient as Nope\n",
            "a.py": "from pkg.more import Kl\nKl()\n",
            "b.py": "from pkg.other import Nope\nNope()\n",
            "c.py": "import mlflow\n",
        }
    )
    clients = Clients(project, Resolver(project))
    assert clients.words == {"MlflowClient", "Client", "Kl"}
    assert set(clients.files()) == {"pkg/clients.py", "pkg/more.py", "pkg/other.py", "a.py"}
    assert len(clients.constructions("a.py")) == 1
    assert clients.constructions("nowhere.py") == []


def test_a_file_that_is_no_python_has_no_constructions(texts):
    assert texts("from mlflow import MlflowClient\nMlflowClient(") == []
