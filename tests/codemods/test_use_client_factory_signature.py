"""Arguments are mapped by the two signatures; the factory is widened when that is asked for."""

import pytest

from trackfix.project.project import open_project
from trackfix.rewrite.codemod import load_codemods
from trackfix.rewrite.plan import make_plan

IMPORT = "from lib.clients import create_client\n"


def factory(head, call="MlflowClient()"):
    return (
        f"from mlflow import MlflowClient\n\n\n{head}\n"
        f'    """A client."""\n    return {call}\n\n\ndef probe(): return create_client()\n'
    )


def app(call):
    return f"from mlflow import MlflowClient\n\ndef probe(): return {call}\n"


def apped(call):
    return f"{IMPORT}\ndef probe(): return {call}\n"


MAPPED = {
    "a keyword gets another name": (
        factory("def create_client(uri=None):", "MlflowClient(uri)"),
        "MlflowClient(tracking_uri='a')",
        "create_client(uri='a')",
    ),
    "a place that fits stays": (
        factory("def create_client(uri=None):", "MlflowClient(uri)"),
        "MlflowClient('a')",
        "create_client('a')",
    ),
    "a place becomes a keyword": (
        factory("def create_client(*, uri=None):", "MlflowClient(uri)"),
        "MlflowClient('a')",
        "create_client(uri='a')",
    ),
    "places that are the other way round": (
        factory(
            "def create_client(registry_uri=None, tracking_uri=None):",
            "MlflowClient(tracking_uri=tracking_uri, registry_uri=registry_uri)",
        ),
        "MlflowClient(\n    'a_client',  # here\n    'b_client',\n)",
        "create_client(\n    tracking_uri='a_client',  # here\n    registry_uri='b_client',\n)",
    ),
    "all that is passed on": (
        factory("def create_client(*args, **kwargs):", "MlflowClient(*args, **kwargs)"),
        "(MlflowClient('a'), MlflowClient(registry_uri='b'), list(map(MlflowClient, 'ab')))",
        "(create_client('a'), create_client(registry_uri='b'), list(map(create_client, 'ab')))",
    ),
    "only what is passed on": (
        factory("def create_client(**kw):", "MlflowClient(**kw)"),
        "MlflowClient('a')",
        "create_client(tracking_uri='a')",
    ),
}


@pytest.mark.parametrize("lib, before, after", MAPPED.values(), ids=MAPPED)
def test_arguments_are_mapped_by_the_signatures(use_factory, lib, before, after):
    applied = use_factory({"lib/clients.py": lib, "app.py": app(before)})
    assert applied.changed == {"app.py": apped(after)}


UNMAPPED = {
    "a factory without the parameter": (
        factory("def create_client():"),
        "MlflowClient('a')",
        "the factory does not accept tracking_uri",
    ),
    "what the class may not take either": (
        factory("def create_client(uri=None):", "MlflowClient(uri)"),
        "MlflowClient(colour='a')",
        "it is not known that the class takes colour",
    ),
    "what a factory gives already": (
        factory("def create_client(*a, **k):", "MlflowClient(*a, registry_uri='b', **k)"),
        "MlflowClient(registry_uri='c')",
        "it is not known what becomes of registry_uri",
    ),
    "a factory that needs more": (
        factory("def create_client(team):"),
        "MlflowClient()",
        "the factory also needs team",
    ),
    "by keyword what has only a place": (
        factory("def create_client(uri=None, /):", "MlflowClient(uri)"),
        "MlflowClient(tracking_uri='a')",
        "its arguments would have to change places",
    ),
    "a value in brackets that needs a name": (
        factory("def create_client(*, uri=None):", "MlflowClient(uri)"),
        "MlflowClient(('a'))",
        "its arguments would have to change places",
    ),
    "a factory that does more": (
        factory("def create_client(uri=None):\n    len(uri or '')", "MlflowClient(uri)"),
        "MlflowClient()",
        "unsafe: nothing proves that lib.clients:create_client does no more than to pass on its arguments",
    ),
    "a factory with another default": (
        factory("def create_client(uri='b'):", "MlflowClient(uri)"),
        "MlflowClient()",
        "unsafe: nothing proves that lib.clients:create_client does no more than to pass on its arguments",
    ),
    "a partial that may get more later": (
        factory("def create_client(uri=None):", "MlflowClient(uri)"),
        "partial(MlflowClient, 'a')()",
        "unsafe: it is not known which arguments create_client would get later",
    ),
    "handed on with arguments": (
        factory("def create_client():"),
        "list(map(MlflowClient, 'ab'))",
        "it is not known with which arguments create_client would be called",
    ),
}


@pytest.mark.parametrize("lib, call, reason", UNMAPPED.values(), ids=UNMAPPED)
def test_what_does_not_fit_is_left_alone(unmended, lib, call, reason):
    source = app(call).replace("\n\ndef", "\nfrom functools import partial\n\ndef")
    skipped = unmended({"lib/clients.py": lib, "app.py": source})
    assert [line.partition(": ")[2] for line in skipped] == [f"MlflowClient: {reason}"]


HELD = {
    "a partial": (
        "import functools\nfrom mlflow import MlflowClient\n\nclass App:\n    make = functools.partial(MlflowClient)\n",
        "app.App.make.func",
    ),
    "a field": (
        "import dataclasses\nfrom mlflow import MlflowClient\n\n@dataclasses.dataclass\nclass App:\n    client: object = dataclasses.field(default_factory=MlflowClient)\n",
        "dataclasses.fields(app.App)[0].default_factory",
    ),
}


@pytest.mark.parametrize("source, asked", HELD.values(), ids=HELD)
def test_what_holds_the_class_keeps_it_if_a_test_asks_for_it(unmended, use_factory, source, asked):
    test = (
        f"import app, dataclasses, mlflow\n\ndef test_it(): assert {asked} is mlflow.MlflowClient\n"
    )
    (reason,) = unmended({"app.py": source, "test_app.py": test})
    assert "unsafe: test_app.py may ask for the class by ." in reason
    assert use_factory({"app.py": source, "test_app.py": test}, unsafe=True).changed


@pytest.mark.parametrize("source, asked", HELD.values(), ids=HELD)
def test_what_holds_the_class_takes_the_factory_if_nobody_asks_for_that(use_factory, source, asked):
    last = asked.rpartition(".")[2]
    test = f"import app\n\ndef test_it(args): assert app and args.{last}s, 'a {last}'\n"
    assert "app.py" in use_factory({"app.py": source, "test_app.py": test}).changed


WIDENED = {
    "without parameters": (
        factory("def create_client():"),
        factory("def create_client(tracking_uri=None):", "MlflowClient(tracking_uri=tracking_uri)"),
    ),
    "with annotations": (
        "from __future__ import annotations\n" + factory("def create_client() -> MlflowClient:"),
        "from __future__ import annotations\n"
        + factory(
            "def create_client(tracking_uri: str | None = None) -> MlflowClient:",
            "MlflowClient(tracking_uri=tracking_uri)",
        ),
    ),
    "as the file annotates": (
        "from typing import Optional\n"
        + factory(
            "def create_client(registry_uri: Optional[str] = None) -> MlflowClient:",
            "MlflowClient(registry_uri=registry_uri)",
        ),
        "from typing import Optional\n"
        + factory(
            "def create_client(registry_uri: Optional[str] = None, tracking_uri: Optional[str] = None) -> MlflowClient:",
            "MlflowClient(registry_uri=registry_uri, tracking_uri=tracking_uri)",
        ),
    ),
    "a line for each": (
        factory(
            "def create_client(\n    retries=3,\n):",
            "MlflowClient(\n        registry_uri=None,\n    )",
        ),
        factory(
            "def create_client(\n    retries=3,\n    tracking_uri=None,\n):",
            "MlflowClient(\n        registry_uri=None,\n        tracking_uri=tracking_uri,\n    )",
        ),
    ),
    "by keyword only": (
        factory("def create_client(*, retries=3):"),
        factory(
            "def create_client(*, retries=3, tracking_uri=None):",
            "MlflowClient(tracking_uri=tracking_uri)",
        ),
    ),
    "on a line of its own where it is long": (
        factory("def create_client() -> 'a.very.long.annotation.of.what.the.function.returns':"),
        factory(
            "def create_client(\n    tracking_uri: \"str | None\" = None\n) -> 'a.very.long.annotation.of.what.the.function.returns':",
            "MlflowClient(tracking_uri=tracking_uri)",
        ),
    ),
}


# What a factory decides on itself, before and after.
DECIDED = {
    "where it constructs": ("", "MlflowClient({}os.environ['URI'])"),
    "by keyword": ("", "MlflowClient(tracking_uri={}mlflow.get_tracking_uri())"),
    "for a name": ("\n    uri = {}os.environ.get('URI')", "MlflowClient(tracking_uri=uri)"),
    "for a name that it checks": (
        "\n    uri: str = {}os.environ.get('URI')\n    if not uri: raise ValueError('no URI')",
        "MlflowClient(uri)",
    ),
    "for the parameter's name": (
        "\n    tracking_uri = (\n        {}os.environ.get('URI')\n    )",
        "MlflowClient(tracking_uri)",
    ),
}


@pytest.mark.parametrize("body, call", DECIDED.values(), ids=DECIDED)
def test_what_is_asked_for_comes_before_what_the_factory_decides(use_factory, body, call):
    lib = factory("def create_client():" + body.format(""), call.format(""))
    tree = {"lib/clients.py": "import os, mlflow\n" + lib, "app.py": app("MlflowClient('a')")}
    applied = use_factory(tree, unsafe=True, words={"environ"})
    assert applied["lib/clients.py"] == "import os, mlflow\n" + factory(
        "def create_client(tracking_uri=None):" + body.format("tracking_uri or "),
        call.format("tracking_uri or "),
    )
    assert applied["app.py"] == apped("create_client('a')")


def test_a_choice_that_the_factory_makes_is_kept_together(use_factory):
    lib = factory("def create_client():", "MlflowClient('a' if len('a') else None)")
    tree = {"lib/clients.py": lib, "app.py": app("MlflowClient('a')")}
    applied = use_factory(tree, unsafe=True)
    assert "MlflowClient(tracking_uri or ('a' if len('a') else None))" in applied["lib/clients.py"]


@pytest.mark.parametrize("before, after", WIDENED.values(), ids=WIDENED)
def test_the_factory_gets_what_it_lacks(use_factory, before, after):
    applied = use_factory(
        {"lib/clients.py": before, "app.py": app("MlflowClient(tracking_uri='a')")}, unsafe=True
    )
    assert applied["lib/clients.py"] == after
    assert applied["app.py"] == apped("create_client(tracking_uri='a')")


def test_parameters_come_in_the_order_of_the_class(use_factory):
    applied = use_factory(
        {
            "lib/clients.py": factory("def create_client():"),
            "app.py": app("(MlflowClient(registry_uri='b'), MlflowClient('a', 'b'))"),
        },
        unsafe=True,
    )
    assert "create_client(tracking_uri=None, registry_uri=None)" in applied["lib/clients.py"]
    assert applied["app.py"] == apped("(create_client(registry_uri='b'), create_client('a', 'b'))")


def test_a_call_of_the_factory_that_fails_is_mended_by_the_factory(use_factory):
    source = f"{IMPORT}\ndef f(): return create_client(tracking_uri='a')\n"
    applied = use_factory(
        {"lib/clients.py": factory("def create_client():"), "app.py": source}, unsafe=True
    )
    assert list(applied.changed) == ["lib/clients.py"]


NOT_WIDENED = {
    "it decides on that in two ways": factory(
        "def create_client():\n    uri = 'a'\n    if len('a'):\n        uri = 'b'",
        "MlflowClient(uri)",
    ),
    "it also decides for all others": factory(
        "def create_client():\n    uri = 'a'\n    mlflow.set_tracking_uri(uri)", "MlflowClient(uri)"
    ),
    "it hands that to others in a condition": factory(
        "def create_client():\n    uri = 'a'\n    if not len(uri):\n        raise ValueError",
        "MlflowClient(uri)",
    ),
    "it reads another thing of that name": "tracking_uri = 'a'\n"
    + factory("def create_client():\n    mlflow.set_tracking_uri(tracking_uri)"),
    "it gives another thing of that name": "tracking_uri = 'a'\n"
    + factory("def create_client():", "MlflowClient(tracking_uri)"),
    "it constructs elsewhere": "from mlflow import MlflowClient\n\ndef make():\n    return MlflowClient()\n\ndef create_client():\n    return make()\n",
    "the name is in use": factory("def create_client():\n    tracking_uri = 1", "MlflowClient()"),
    "it constructs twice": "from mlflow import MlflowClient\n\ndef create_client():\n    if len('a'):\n        return MlflowClient()\n    return MlflowClient()\n",
}


@pytest.mark.parametrize("lib", NOT_WIDENED.values(), ids=NOT_WIDENED)
def test_a_factory_that_is_not_understood_is_not_widened(unmended, lib):
    tree = {"lib/clients.py": lib, "app.py": app("MlflowClient('a')")}
    assert unmended(tree, unsafe=True) == [
        "app.py:3: MlflowClient: the factory does not accept tracking_uri: create_client can't just "
        "hand it on to the class"
    ]


KEPT = "from mlflow import MlflowClient\n\n_client = None\n\n\ndef create_client({0}):\n    global _client\n    if _client is None:\n        _client = MlflowClient({1})\n    return _client\n"


@pytest.mark.parametrize("takes, gives", [("", ""), ("uri=None", "uri")])
def test_a_factory_that_keeps_its_first_client_gets_no_address(use_factory, takes, gives):
    source = "from mlflow import MlflowClient\n\ndef f(): return MlflowClient('a')\n\ndef g(): return MlflowClient()\n"
    tree = {"lib/clients.py": KEPT.format(takes, gives), "app.py": source}
    applied = use_factory(tree, unsafe=True)
    assert list(applied.changed) == ["app.py"]
    assert "return MlflowClient('a')" in applied["app.py"]
    assert "return create_client()" in applied["app.py"]
    assert applied.skipped == [
        "app.py:3: MlflowClient: the factory heeds the arguments of its first call only"
    ]


def test_that_a_factory_keeps_its_client_is_what_holds_a_safe_run_back(unmended):
    tree = {"lib/clients.py": KEPT.format("", ""), "app.py": app("MlflowClient()")}
    assert unmended(tree) == [
        "app.py:3: MlflowClient: unsafe: lib.clients:create_client keeps its client, which what "
        "calls it would share"
    ]


def test_a_factory_whose_construction_a_test_watches_is_not_widened(unmended):
    test = """
        from unittest.mock import patch
        from lib.clients import create_client

        @patch("lib.clients.MlflowClient")
        def test_a(m):
            create_client()
            m.assert_called_once_with()
    """
    lib = factory("def create_client():")
    tree = {"lib/clients.py": lib, "app.py": app("MlflowClient('a')"), "test_lib.py": test}
    assert unmended(tree, unsafe=True, tests=True) == [
        "app.py:3: MlflowClient: the factory does not accept tracking_uri: test_lib.py:4 asks with "
        "which arguments MlflowClient of lib/clients.py is called"
    ]


# How a test gets the mock of the class, and the name that it has for it then.
MOCKS = {
    "a decorator": "@patch(C)\ndef test_a(m):\n    create_client()\n    m.ASKS\n",
    "a decorator, and a function that calls it cls": "@patch(C)\ndef test_a(cls):\n    create_client()\n    cls.ASKS\n",
    "a decorator of a method": "class TestA:\n    @patch(C)\n    def test_a(self, m):\n        create_client()\n        m.ASKS\n",
    "a patcher": "def test_a():\n    p = patch(C)\n    m = p.start()\n    create_client()\n    p.stop()\n    m.ASKS\n",
    "started at once": "def test_a(request):\n    m = patch(C).start()\n    request.addfinalizer(patch.stopall)\n    create_client()\n    m.ASKS\n",
    "a patcher of the class": """
        class TestA(unittest.TestCase):
            def setUp(self):
                self.patcher = patch(C)
                self.m = self.patcher.start()
                self.addCleanup(self.patcher.stop)

            def test_a(self):
                create_client()
                self.m.ASKS
    """,
    "a patcher that is entered": "def test_a():\n    p = patch(C)\n    with p as m:\n        create_client()\n    m.ASKS\n",
    "an exit stack": "def test_a():\n    with contextlib.ExitStack() as stack:\n        m = stack.enter_context(patch(C))\n        create_client()\n    m.ASKS\n",
    "a fixture": "@pytest.fixture\ndef made():\n    with patch(C) as m:\n        yield m\n\ndef test_a(made):\n    create_client()\n    made.ASKS\n",
}


@pytest.fixture
def with_mock(use_factory, d):
    """Applies the codemod to a call of a factory that lacks what it is given, beside a test that
    has a mock of the class; the test passes before and after."""

    def run(test, asks):
        head = "import contextlib, unittest\nimport pytest\nfrom unittest.mock import patch\nfrom lib.clients import create_client\n\n"
        source = head + d(test).replace("patch(C)", "patch('lib.clients.MlflowClient')")
        tree = {
            "lib/clients.py": factory("def create_client():"),
            "app.py": "from lib.clients import create_client\ndef use():\n    return create_client(tracking_uri='a')\n",
            "test_lib.py": source.replace("ASKS", asks),
        }
        return use_factory(tree, unsafe=True, tests=True)

    return run


@pytest.mark.parametrize("test", MOCKS.values(), ids=MOCKS)
def test_a_test_that_asks_how_the_class_is_called_is_found_and_named(with_mock, test):
    applied = with_mock(test, "assert_called_once_with()")
    assert applied.changed == {}
    (reason,) = applied.skipped
    assert reason.startswith("app.py:3: create_client: test_lib.py:")
    assert reason.endswith("asks with which arguments MlflowClient of lib/clients.py is called")


@pytest.mark.parametrize("test", MOCKS.values(), ids=MOCKS)
def test_a_test_that_asks_for_no_arguments_lets_the_factory_be_widened(with_mock, test):
    applied = with_mock(test, "assert_called_once()")
    assert applied.changed.keys() == {"lib/clients.py"}
    assert applied.skipped == []


def test_a_call_of_a_factory_that_can_not_be_widened_says_so(use_factory):
    lib = "from mlflow import MlflowClient\n\ndef create_client():\n    if len('a'):\n        return MlflowClient()\n    return MlflowClient()\n"
    app = (
        "from lib.clients import create_client\ndef use(): return create_client(tracking_uri='a')\n"
    )
    applied = use_factory({"lib/clients.py": lib, "app.py": app}, unsafe=True)
    assert applied.changed == {}
    assert applied.skipped == [
        "app.py:2: create_client: create_client can't just hand it on to the class"
    ]


def test_a_factory_whose_class_has_a_double_of_its_own_is_not_widened(unmended):
    test = """
        from unittest.mock import patch
        from lib.clients import create_client

        def test_a():
            with patch("lib.clients.MlflowClient", lambda: 7):
                assert create_client() == 7
    """
    lib = factory("def create_client():")
    tree = {"lib/clients.py": lib, "app.py": app("MlflowClient('a')"), "test_lib.py": test}
    assert unmended(tree, unsafe=True, tests=True) == [
        "app.py:3: MlflowClient: the factory does not accept tracking_uri: test_lib.py:5 patches "
        "MlflowClient of lib/clients.py: the double may not accept more"
    ]


# The NameError


def test_an_undefined_class_becomes_the_factory(use_factory):
    source = "import os\n\nfrom lib import other\n\ndef f(uri):\n    return MlflowClient(tracking_uri=uri), os, other\n"
    applied = use_factory({"app.py": source, "lib/other.py": ""}, unsafe=True)
    assert applied["app.py"] == source.replace(
        "from lib import other\n", f"from lib import other\n{IMPORT}"
    ).replace("MlflowClient", "create_client")


LOCAL = """
def f(): return MlflowClient()

def g():
    from mlflow.tracking import MlflowClient
    return MlflowClient()
"""
PATCH_AT_ORIGIN = """
    from unittest.mock import patch
    import app

    def test_g():
        with patch("mlflow.tracking.MlflowClient", lambda: 7):
            assert app.g() == 7
"""


def test_an_undefined_class_is_mended_beside_a_construction_that_a_test_holds(use_factory):
    tree = {"app.py": LOCAL, "test_app.py": PATCH_AT_ORIGIN}
    applied = use_factory(tree, unsafe=True, tests=True)
    assert applied["app.py"] == f"{IMPORT}\n" + LOCAL.replace("MlflowClient", "create_client", 1)
    (reason,) = applied.skipped
    assert reason.startswith("app.py:5: MlflowClient: test_app.py:5 patches mlflow.tracking.")


def test_a_factory_is_not_widened_for_what_stays(use_factory):
    tree = {
        "lib/clients.py": factory("def create_client():"),
        "app.py": LOCAL.replace("    return MlflowClient()", "    return MlflowClient('a')"),
        "test_app.py": PATCH_AT_ORIGIN.replace("lambda: 7", "lambda uri: 7"),
    }
    applied = use_factory(tree, unsafe=True, tests=True)
    assert applied.changed.keys() == {"app.py"}
    assert "def f(): return create_client()" in applied["app.py"]
    assert "return MlflowClient('a')" in applied["app.py"]


def test_a_factory_is_widened_for_what_only_the_wider_one_takes_for_sure(use_factory):
    head = "def create_client(tracking_uri=None):"
    tree = {
        "lib/clients.py": factory(head, "MlflowClient(tracking_uri)"),
        "app.py": app("MlflowClient(*('a', 'b'))"),
        # What asks for the parameter stays.
        "other.py": "from mlflow import MlflowClient\n\ndef f():\n    Maker, uri = MlflowClient, 'b'\n    return Maker(registry_uri=uri)\n",
    }
    changed = use_factory(tree, unsafe=True).changed
    assert changed.keys() == {"app.py", "lib/clients.py"}
    assert "create_client(*('a', 'b'))" in changed["app.py"]
    assert "def create_client(tracking_uri=None, registry_uri=None)" in changed["lib/clients.py"]


def test_an_undefined_class_that_a_test_puts_there_stays(unmended):
    test = (
        PATCH_AT_ORIGIN.replace('"mlflow.tracking.MlflowClient"', '"app.MlflowClient"')
        .replace("lambda: 7", "lambda: 7, create=True")
        .replace("app.g", "app.f")
    )
    lib = (
        "from mlflow import MlflowClient\n\ndef create_client(uri=None): return MlflowClient(uri)\n"
    )
    source = LOCAL.replace("return MlflowClient()", "return MlflowClient(tracking_uri=None)")
    tree = {"app.py": source, "test_app.py": test, "lib/clients.py": lib}
    assert len(unmended(tree, unsafe=True)) == 2


HEADS = {
    "behind a docstring": (
        '"""App."""\n\n',
        '"""App."""\n\nfrom lib.clients import create_client\n\n',
    ),
    "behind a docstring that touches the code": (
        '"""App."""\n',
        '"""App."""\n\nfrom lib.clients import create_client\n\n\n',
    ),
    "behind a docstring with code in its line": (
        '"""App."""; A = 1\n',
        '"""App."""; A = 1\n\nfrom lib.clients import create_client\n\n\n',
    ),
    "behind a docstring that touches a value": (
        '"""App."""\nA = 1\n\n\n',
        '"""App."""\n\nfrom lib.clients import create_client\n\nA = 1\n\n\n',
    ),
    "behind a docstring, before a comment": (
        '"""App."""\n\n# A.\n\n\n',
        '"""App."""\n\nfrom lib.clients import create_client\n\n# A.\n\n\n',
    ),
    "at the top": ("", "from lib.clients import create_client\n\n\n"),
    "above blank lines": ("\n\n", "from lib.clients import create_client\n\n\n"),
    "behind a comment that stands apart": (
        "# use create_client\n\n\n",
        "# use create_client\nfrom lib.clients import create_client\n\n\n",
    ),
    "behind a comment that stands apart a little": (
        "# use create_client\n\n",
        "# use create_client\nfrom lib.clients import create_client\n\n",
    ),
    "behind the first of two comments": (
        "# A.\n\n# B.\n\n\n",
        "# A.\nfrom lib.clients import create_client\n\n# B.\n\n\n",
    ),
    "before a value": ("A = 1\n\n\n", "from lib.clients import create_client\n\nA = 1\n\n\n"),
    "behind the first comments": (
        "#!/usr/bin/env python\n# coding: utf-8\n",
        "#!/usr/bin/env python\n# coding: utf-8\nfrom lib.clients import create_client\n\n\n",
    ),
    "behind a comment with a form feed": (
        "# App.\x0c Old.\n",
        "# App.\x0c Old.\nfrom lib.clients import create_client\n\n\n",
    ),
    "behind __future__": (
        "from __future__ import annotations\n\n",
        "from __future__ import annotations\n\nfrom lib.clients import create_client\n\n",
    ),
}


@pytest.mark.parametrize("head, after", HEADS.values(), ids=HEADS)
def test_a_file_without_imports_gets_one(use_factory, head, after):
    applied = use_factory({"app.py": f"{head}def f(): return MlflowClient()\n"}, unsafe=True)
    assert applied["app.py"] == f"{after}def f(): return create_client()\n"


def test_an_undefined_factory_is_imported(use_factory):
    source = "import os\n\ndef f(): return create_client(), os\n"
    applied = use_factory({"app.py": source}, unsafe=True)
    assert applied["app.py"] == f"import os\n\n{IMPORT}\ndef f(): return create_client(), os\n"


@pytest.mark.parametrize(
    "source",
    [
        "def f(): return MlflowClient()\n",
        "def f(): return create_client()\n",
    ],
)
def test_an_undefined_name_is_no_safe_edit(unmended, source):
    assert unmended(source) == []


def test_an_undefined_class_that_is_not_called_stays(unmended):
    assert unmended("def f(x): return isinstance(x, MlflowClient)\n", unsafe=True) == []


# Which factory


def test_the_projects_own_factory_is_found(use_factory):
    users = "from lib.clients import create_client\n\ndef probe(): return create_client()\n"
    tree = {"pyproject.toml": "", "user.py": users, "app.py": app("MlflowClient('a')")}
    assert use_factory(tree).changed == {"app.py": apped("create_client('a')")}


def test_without_a_factory_the_librarys_is_used_when_that_is_asked_for(use_factory, unmended):
    source = "from mlflow import MlflowClient\n\nclient = MlflowClient('a')\n"
    tree = {"pyproject.toml": "", "lib/clients.py": None, "app.py": source}
    assert unmended(tree) == [
        "app.py:3: MlflowClient: unsafe: the project has no factory of its own, "
        "trackfix.tracking:create_mlflow_client would be called"
    ]
    applied = use_factory(tree, unsafe=True, same=False)
    assert applied["app.py"] == (
        "from trackfix.tracking import create_mlflow_client\n\nclient = create_mlflow_client('a')\n"
    )


NEEDED = "trackfix[tracking], which needs MLflow 3.1 or newer, has to be "
REQUIRED = {
    "no requirement": ({}, [f"{NEEDED}installed with it"]),
    "one of mlflow": (
        {"requirements.txt": "mlflow>=3.1\n"},
        [f"{NEEDED}required in requirements.txt"],
    ),
    "settings are none": (
        {
            "pyproject.toml": '[project]\ndependencies = ["mlflow"]\n[tool.trackfix]\n'
            'client-factory = "trackfix.tracking:create_mlflow_client"\n'
        },
        [f"{NEEDED}required in pyproject.toml"],
    ),
    "one of both": ({"requirements.txt": "mlflow>=3.1\ntrackfix[tracking]\n"}, []),
    "one of both in a list": (
        {"pyproject.toml": '[project]\ndependencies = ["mlflow", "trackfix[tracking]>=0.1"]\n'},
        [],
    ),
}


@pytest.mark.parametrize("files, expected", REQUIRED.values(), ids=REQUIRED)
def test_an_unsafe_run_says_once_where_the_library_has_to_be_required(use_factory, files, expected):
    source = "from mlflow import MlflowClient\n\nclient = MlflowClient('a')\n"
    tree = {"pyproject.toml": "", "lib/clients.py": None, "app.py": source, "b.py": source}
    applied = use_factory({**tree, **files}, unsafe=True, same=False)
    notes = [text for file in applied.plan.files for _, text in file.notes]
    assert [text for text in notes if "trackfix[" in text] == expected


def test_an_unsafe_run_with_a_factory_of_the_project_asks_for_no_requirement(use_factory):
    source = "from mlflow import MlflowClient\n\nclient = MlflowClient('a')\n"
    applied = use_factory({"app.py": source, "requirements.txt": "mlflow\n"}, unsafe=True)
    assert [text for file in applied.plan.files for _, text in file.notes] == []


def test_a_factory_of_another_package_is_called_when_that_is_asked_for(use_factory):
    settings = '[tool.trackfix]\nclient-factory = "company.clients:connect"\n'
    source = "from mlflow import MlflowClient\n\nclient = MlflowClient()\n"
    tree = {"pyproject.toml": settings, "app.py": source, "requirements.txt": "company\n"}
    assert use_factory(tree, unsafe=True).changed == {}


@pytest.mark.parametrize("held", ["app.py", "test_app.py"])
def test_what_is_held_back_keeps_what_belongs_to_it(tmp_path, held):
    (tmp_path / "clients.py").write_text(
        "def create_client(tracking_uri=None):\n    from mlflow import MlflowClient\n"
        "    return MlflowClient(tracking_uri)\n"
    )
    (tmp_path / "app.py").write_text("from mlflow import MlflowClient\n\nclient = MlflowClient()\n")
    (tmp_path / "test_app.py").write_text(
        "from unittest.mock import patch\n\n@patch('app.MlflowClient')\ndef test_a(m): pass\n"
    )
    codemods = list(load_codemods(("use-client-factory",)))
    project = open_project(tmp_path)
    assert len(make_plan(project, codemods).files) == 2
    plan = make_plan(project, codemods, frozen={"use-client-factory": {held: "so"}})
    assert plan.files == ()
    assert plan.skipped[0].reason.endswith("the file is held back: so")


URI = "from mlflow import MlflowClient\n\ndef create_client(uri=None): return MlflowClient(uri)\n"
CALL = "from lib.clients import create_client\n\nclient = {}\n"


@pytest.mark.parametrize(
    "before, after",
    [
        ("create_client(tracking_uri='a')", "create_client(uri='a')"),
        (
            "create_client(\n    tracking_uri = 'a_client',  # here\n)",
            "create_client(\n    uri = 'a_client',  # here\n)",
        ),
    ],
)
def test_a_keyword_for_which_the_factory_has_another_name_gets_that(use_factory, before, after):
    tree = {"lib/clients.py": URI, "app.py": CALL.format(before)}
    applied = use_factory(tree, unsafe=True, same=False)
    assert applied.changed == {"app.py": CALL.format(after)}


@pytest.mark.parametrize(
    "call",
    [
        "create_client(uri='a')",
        "create_client('a')",
        "create_client(url='a')",
        "create_client('a', tracking_uri='b')",
        "create_client(uri='a', tracking_uri='b')",
        "create_client(*['a'], tracking_uri='b')",
        "create_client(tracking_uri='b', **{})",
    ],
)
def test_keywords_that_fit_or_may_mean_anything_stay(use_factory, call):
    tree = {"lib/clients.py": URI, "app.py": CALL.format(call)}
    assert use_factory(tree, unsafe=True, same=False).changed == {}


def test_a_keyword_is_not_renamed_without_unsafe_fixes(use_factory):
    tree = {"lib/clients.py": URI, "app.py": CALL.format("create_client(tracking_uri='a')")}
    assert use_factory(tree, same=False).changed == {}


@pytest.mark.parametrize(
    "call, notes",
    [
        (
            "MlflowClient(os.environ.get('URI', uri))",
            [
                (
                    3,
                    "nothing proves that lib.clients:create_client does no more than to pass on "
                    "its arguments",
                )
            ],
        ),
        ("MlflowClient(uri)", []),
    ],
)
def test_a_note_says_once_a_file_that_the_factory_may_do_something_else(tmp_path, call, notes):
    lib = tmp_path / "lib"
    lib.mkdir()
    (lib / "__init__.py").write_text("")
    home = "import os\n" + factory("def create_client(uri=None):", call)
    (lib / "clients.py").write_text(home)
    (tmp_path / "app.py").write_text(app("MlflowClient(), MlflowClient()"))
    codemods = list(load_codemods(("use-client-factory",)))
    (file,) = make_plan(open_project(tmp_path), codemods, unsafe=True).files
    assert (file.path, list(file.notes)) == ("app.py", notes)


def test_a_note_says_that_the_factory_may_be_out_of_reach_whatever_else_is_doubtful(tmp_path):
    for folder in ("lib", "scripts"):
        (tmp_path / folder).mkdir()
    (tmp_path / "lib" / "__init__.py").write_text("")
    doubtful = factory("def create_client(uri=None):", "MlflowClient(os.environ.get('URI', uri))")
    (tmp_path / "lib" / "clients.py").write_text(f"import os\n{doubtful}")
    (tmp_path / "scripts" / "run.py").write_text(app("[MlflowClient()]"))
    codemods = list(load_codemods(("use-client-factory",)))
    (file,) = make_plan(open_project(tmp_path), codemods, unsafe=True).files
    assert [text.partition(" that ")[0] for _, text in file.notes] == [
        "nothing proves",
        "it may not be able to import lib.clients",
    ]


@pytest.mark.parametrize(
    "files, notes",
    [
        (
            {
                "test_lib.py": "from unittest import mock\nimport app\n\n\n@mock.patch('lib.clients.MlflowClient')\ndef test_get(double):\n    app.get()\n"
            },
            [
                (
                    5,
                    "test_lib.py:5 patches MlflowClient of lib/clients.py, which would reach this "
                    "module, too",
                )
            ],
        ),
        ({}, []),
    ],
)
def test_a_note_says_what_a_safe_run_would_have_held_back(tmp_path, files, notes):
    home = "from mlflow.tracking import MlflowClient\n\n\ndef create_client(tracking_uri=None, registry_uri=None):\n    return MlflowClient(tracking_uri, registry_uri)\n"
    source = "from mlflow.tracking import MlflowClient\n\n\ndef get():\n    return MlflowClient()\n"
    setting = '[tool.trackfix]\nclient-factory = "lib.clients:create_client"\n'
    tree = {"pyproject.toml": setting, "lib/__init__.py": "", "lib/clients.py": home, **files}
    tree["app.py"] = source
    for path, text in tree.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    codemods = list(load_codemods(("use-client-factory",)))
    planned = make_plan(open_project(tmp_path), codemods, unsafe=True).files
    assert [(file.path, list(file.notes)) for file in planned] == [("app.py", notes)]


@pytest.mark.parametrize("unsafe", [False, True])
def test_a_factory_whose_calls_give_no_client_takes_nothing(unmended, unsafe):
    head = "from contextlib import contextmanager\n@contextmanager\ndef create_client(uri=None):"
    clients = factory(head).replace("return MlflowClient", "yield MlflowClient")
    tree = {"lib/clients.py": clients, "app.py": app("MlflowClient()")}
    why = "a call of lib.clients:create_client gives a context manager, no MlflowClient"
    assert unmended(tree, unsafe=unsafe) == [f"app.py:3: MlflowClient: {why}"]
