"""Tests that replace the factory, an alias of the class, or the ``__init__`` of the class."""

import pytest

MOCK = "from unittest.mock import patch\nimport app\n\n"
BOTH = (
    "from lib.clients import create_client\nfrom mlflow import MlflowClient\n\n"
    "def ping(): return create_client()\ndef use(uri=None): return MlflowClient(uri)\n"
    "def both(uri=None):\n    ping()\n    return use(uri)\n"
)
LOCAL = "def use(uri=None):\n    from mlflow.tracking import MlflowClient\n    return MlflowClient(uri)\n"
PATCHES = "which would reach this module, too"

BY_NAME = "from mlflow import MlflowClient\n\ndef use(uri=None): return MlflowClient(uri)\n"

REACHED = {
    "in the module": (
        BOTH,
        "@patch('app.create_client')\ndef test_a(m):\n    assert 'client of' in str(app.both('a'))\n    m.assert_called_once_with()\n",
    ),
    "with a double of its own": (
        BOTH,
        "def test_a():\n    with patch.object(app, 'create_client', dict):\n        assert 'client of' in str(app.both('a'))\n",
    ),
    "by an assignment": (
        BOTH,
        "def test_a():\n    saved = app.create_client\n    app.create_client = dict\n    assert 'client of' in str(app.both('a'))\n    app.create_client = saved\n",
    ),
    "by patch.multiple": (
        BOTH,
        "@patch.multiple('app', create_client=dict)\ndef test_a(): assert 'client of' in str(app.both('a'))\n",
    ),
    "at its home, by a local import": (
        LOCAL,
        "@patch('lib.clients.create_client')\ndef test_a(m): assert 'client of' in str(app.use('a'))\n",
    ),
    "at its home, beside the class": (
        LOCAL,
        "@patch('lib.clients.create_client')\n@patch('mlflow.tracking.MlflowClient', return_value='x')\ndef test_a(m, n): assert app.use('a') == 'x'\n",
    ),
}


@pytest.mark.parametrize("app, test", REACHED.values(), ids=REACHED)
def test_a_patch_of_the_factory_keeps_a_module_that_it_would_reach(unmended, app, test):
    (reason,) = unmended({"app.py": app, "test_app.py": MOCK + test}, tests=True)
    assert "unsafe: test_app.py:" in reason
    assert reason.endswith(f"patches create_client, {PATCHES}")


def test_a_patch_of_the_factory_in_its_module_keeps_what_else_is_there(unmended):
    clients = """
        import mlflow

        def create_client(tracking_uri=None, registry_uri=None):
            return mlflow.MlflowClient(tracking_uri=tracking_uri, registry_uri=registry_uri)

        def ping(uri=None): return str(mlflow.MlflowClient(uri))
    """
    test = "from unittest.mock import patch\nfrom lib import clients\n\n@patch('lib.clients.create_client')\ndef test_a(m): assert clients.ping('a') == \"client of ('a', None)\"\n"
    (reason,) = unmended({"lib/clients.py": clients, "test_app.py": test}, tests=True)
    assert reason.endswith(f"test_app.py:4 patches create_client, {PATCHES}")


def test_a_module_that_is_loaded_while_the_factory_is_patched_stays(unmended):
    app = "from mlflow import MlflowClient\n\ndef use(uri=None): return MlflowClient(uri)\n"
    test = "import sys\nfrom unittest.mock import patch\n\n@patch('lib.clients.create_client', return_value='x')\ndef test_a(m):\n    sys.modules.pop('app', None)\n    import app\n    assert app.use() != 'x'\n"
    (reason,) = unmended({"app.py": app, "test_app.py": test}, tests=True)
    assert reason.endswith(PATCHES)


LOADED_BELOW = {
    "in a method of a class that the patch decorates": "@patch('lib.clients.create_client')\nclass TestA:\n    def test_a(self, m):\n        import app\n        assert 'client of' in str(app.use())\n",
    "in a function that the patch decorates": "@patch('lib.clients.create_client')\ndef test_a(m):\n    import app\n    assert 'client of' in str(app.use())\n",
}


@pytest.mark.parametrize("test", LOADED_BELOW.values(), ids=LOADED_BELOW)
def test_a_module_stays_that_is_loaded_while_the_factory_is_patched(unmended, test):
    tree = {"app.py": BY_NAME, "test_app.py": f"from unittest.mock import patch\n\n{test}"}
    (reason,) = unmended(tree, tests=True)
    assert reason.endswith(PATCHES)


@pytest.mark.parametrize("test", LOADED_BELOW.values(), ids=LOADED_BELOW)
def test_it_changes_if_it_is_loaded_before(use_factory, test):
    tree = {"app.py": BY_NAME, "test_app.py": MOCK + test}
    assert list(use_factory(tree, tests=True).changed) == ["app.py"]


STARRED = "from mlflow import *\n\ndef use(uri=None): return MlflowClient(uri)\n"


def test_a_star_import_that_is_loaded_again_takes_the_double(unmended):
    test = "import importlib\n\ndef test_a():\n    with patch('mlflow.MlflowClient', lambda tracking_uri=None: 'x'):\n        importlib.reload(app)\n        assert app.use('a') == 'x'\n    importlib.reload(app)\n"
    (reason,) = unmended({"app.py": STARRED, "test_app.py": MOCK + test}, tests=True)
    assert reason.endswith("patches mlflow.MlflowClient, which the factory does not look up")


NOT_REACHED = {
    "another function": (
        BOTH,
        "@patch('app.create_client')\ndef test_a(m):\n    app.ping()\n    m.assert_called_once_with()\n\ndef test_b(): assert 'client of' in str(app.use())\n",
    ),
    "at its home": (
        BOTH,
        "@patch('lib.clients.create_client')\ndef test_a(m): assert 'client of' in str(app.both('a'))\n",
    ),
    "in another module": (
        BOTH,
        "import other\n\n@patch('other.create_client')\ndef test_a(m): assert 'client of' in str(app.both('a'))\n",
    ),
    "at its home, by another local import": (
        LOCAL + "\ndef ping():\n    from lib import clients\n    return clients.create_client()\n",
        "@patch('lib.clients.create_client', return_value='x')\ndef test_a(m): assert app.ping() == 'x'\n",
    ),
}


@pytest.mark.parametrize("app, test", NOT_REACHED.values(), ids=NOT_REACHED)
def test_a_patch_of_the_factory_that_reaches_nothing_new_keeps_nothing(use_factory, app, test):
    other = "from lib.clients import create_client\n\ndef ask(): return create_client()\n"
    tree = {"app.py": app, "other.py": other, "test_app.py": MOCK + test}
    assert list(use_factory(tree, tests=True).changed) == ["app.py"]


def test_a_patch_of_the_factory_holds_nothing_back_where_unsafe_fixes_are_asked_for(use_factory):
    test = REACHED["in the module"][1]
    tree = {"app.py": BOTH, "test_app.py": MOCK + test}
    assert list(use_factory(tree, unsafe=True).changed) == ["app.py"]


SET_UP = "import unittest\nfrom unittest.mock import patch\nIMPORTS\nclass TestA(unittest.TestCase):\n    def setUp(self):\n        patcher = patch('mlflow.MlflowClient')\n        self.client = patcher.start()\n        self.addCleanup(patcher.stop)\n\n    def test_a(self):\n        from app import use\n        use()\n"
FIXTURE = "import pytest\nfrom unittest.mock import patch\nIMPORTS\n@pytest.fixture\ndef client():\n    with patch('mlflow.MlflowClient') as made: yield made\n\ndef test_a(client):\n    from app import use\n    use()\n    assert client.called\n"


@pytest.mark.parametrize("test", [SET_UP, FIXTURE])
def test_a_module_that_is_loaded_while_a_fixture_patches_its_class_stays(unmended, test):
    tree = {"app.py": BY_NAME, "test_app.py": test.replace("IMPORTS", "")}
    (reason,) = unmended(tree, same=False)
    assert "patches mlflow.MlflowClient, which the factory does not look up" in reason


@pytest.mark.parametrize("test", [SET_UP, FIXTURE])
def test_a_module_that_is_loaded_before_a_fixture_patches_its_class_changes(use_factory, test):
    tree = {"app.py": BY_NAME, "test_app.py": test.replace("IMPORTS", "import app\n")}
    assert list(use_factory(tree, same=False).changed) == ["app.py"]


NAMED = "from mlflow import MlflowClient\n\ndef create_client(tracking_uri=None, registry_uri=None):\n    return MlflowClient(tracking_uri, registry_uri)\n"
FIRST = (
    "@patch('mlflow.MlflowClient', return_value='x')\ndef test_a(m): assert app.use('a') != 'x'\n"
)


def test_a_local_import_loads_no_factory_while_what_it_takes_is_patched(unmended):
    tree = {"lib/clients.py": NAMED, "app.py": LOCAL, "test_app.py": MOCK + FIRST}
    assert unmended(tree, tests=True) == [
        "app.py:3: MlflowClient: unsafe: test_app.py:4 patches mlflow.MlflowClient, with which the "
        "factory may be loaded"
    ]


@pytest.mark.parametrize(
    "test",
    [
        MOCK + "import lib.clients\n\n" + FIRST,
        MOCK + FIRST.replace("app.use('a') != 'x'", "app and m") + "\ndef test_b(): app.use()\n",
    ],
)
def test_a_local_import_of_a_factory_that_is_loaded_before_meets_no_patch(use_factory, test):
    tree = {"lib/clients.py": NAMED, "app.py": LOCAL, "test_app.py": test}
    assert list(use_factory(tree, tests=True).changed) == ["app.py"]


TWO_WAYS = (
    "import mlflow\nfrom mlflow import MlflowClient\n\ndef use(uri=None): return MlflowClient(uri)\n"
    "def other(uri=None): return mlflow.tracking.MlflowClient(uri)\n"
)
DOUBLE = "@patch('app.MlflowClient', return_value='x')\ndef test_a(m):\n"


def test_a_patch_of_one_of_two_ways_to_the_class_keeps_the_module(unmended):
    test = DOUBLE + "    assert app.use() == 'x' != app.other()\n"
    reasons = unmended({"app.py": TWO_WAYS, "test_app.py": MOCK + test}, tests=True)
    assert len(reasons) == 2
    assert all(
        reason.endswith(
            "test_app.py:4 patches MlflowClient of this module: unsafe: the class is constructed "
            "by another name there, which gets no double"
        )
        for reason in reasons
    )


def test_a_patch_of_one_of_two_ways_follows_where_the_other_does_not_run(use_factory):
    test = DOUBLE + "    assert app.use() == 'x'\n\ndef test_b(): assert app.other() != 'x'\n"
    applied = use_factory({"app.py": TWO_WAYS, "test_app.py": MOCK + test}, tests=True)
    assert applied.changed.keys() == {"app.py", "test_app.py"}


BOUND_INSIDE = (
    "from mlflow import *\n\ndef use(uri=None):\n    from lib.clients import create_client\n"
    "    return MlflowClient(uri) if uri else create_client()\n"
    "def other(uri=None): return MlflowClient(uri)\n"
)


def test_a_patch_follows_to_no_name_that_the_function_binds_itself(unmended):
    test = DOUBLE + "    assert app.use('a') == 'x'\n"
    reasons = unmended({"app.py": BOUND_INSIDE, "test_app.py": MOCK + test}, tests=True)
    said = "patches MlflowClient of this module: create_client is bound inside of a function there"
    assert len(reasons) == 2 and all(reason.endswith(said) for reason in reasons)


def test_a_patch_of_the_class_in_the_factory_keeps_what_must_not_be_called(unmended, use_factory):
    test = "@patch('lib.clients.MlflowClient', return_value='x')\ndef test_a(m):\n    assert app.use('a') != 'x'\n    m.assert_not_called()\n"
    other = test.replace("use('a')", "other()")
    tree = {"lib/clients.py": NAMED, "app.py": APP, "test_app.py": MOCK + test}
    (reason,) = unmended(tree, tests=True)
    assert reason.endswith(f"patches MlflowClient of lib/clients.py, {PATCHES}")
    assert "app.py" in use_factory({**tree, "test_app.py": MOCK + other}, tests=True).changed


CALLED_ELSEWHERE = {
    "a default": "from mlflow import MlflowClient\n\ndef use(uri=None, made_by=MlflowClient): return made_by(uri)\n",
    "a partial": "import functools\nfrom mlflow import MlflowClient\n\nuse = functools.partial(MlflowClient)\n",
}


@pytest.mark.parametrize("app", CALLED_ELSEWHERE.values(), ids=CALLED_ELSEWHERE)
def test_what_is_handed_on_at_the_top_may_be_called_wherever_the_module_is_used(unmended, app):
    test = "@patch('lib.clients.MlflowClient', return_value='x')\ndef test_a(m):\n    assert app.use('a') != 'x'\n    m.assert_not_called()\n"
    tree = {"lib/clients.py": NAMED, "app.py": app, "test_app.py": MOCK + test}
    assert unmended(tree, tests=True)
    tree["test_app.py"] = MOCK + AT_INIT["patch"]
    assert "__init__ of the class" in unmended(tree, tests=True)[0]


ALIAS = "from mlflow import MlflowClient\nMaker = MlflowClient\n\ndef use(uri=None): return Maker(tracking_uri=uri).get_run('1')\n"
RENAMING = "def create_client(uri=None):\n    from mlflow import MlflowClient\n    return MlflowClient(tracking_uri=uri)\n"


def test_a_patch_below_an_alias_keeps_it(unmended):
    test = "@patch('app.Maker.get_run', return_value=7)\ndef test_a(m): assert app.use() == 7\n"
    assert unmended({"app.py": ALIAS, "test_app.py": MOCK + test}, tests=True) == [
        "app.py:4: Maker: test_app.py:4 uses Maker of this module"
    ]


ALIASED = (
    "@patch('app.Maker')\ndef test_a(m):\n    app.use('a')\n    m.assert_called_with(tracking_uri='a')\n",
    "class Fake:\n    def __init__(self, tracking_uri): pass\n    def get_run(self, run_id): return 7\n\n@patch.object(app, 'Maker', Fake)\ndef test_a(): assert app.use() == 7\n",
)


@pytest.mark.parametrize("test", ALIASED)
def test_renamed_arguments_keep_an_alias_that_is_patched(unmended, test):
    tree = {"lib/clients.py": RENAMING, "app.py": ALIAS, "test_app.py": MOCK + test}
    (reason,) = unmended(tree, tests=True)
    assert reason.endswith("of this module: the factory gets the arguments in another way")


@pytest.mark.parametrize("test", ALIASED)
def test_an_alias_that_is_patched_changes_where_the_arguments_stay(use_factory, test):
    applied = use_factory({"app.py": ALIAS, "test_app.py": MOCK + test}, tests=True)
    assert list(applied.changed) == ["app.py"]


APP = "from mlflow import MlflowClient\n\ndef use(uri=None): return MlflowClient(uri)\ndef other(): return 1\n"
ASKS = "return_value=None)\ndef test_a(m):\n    app.use('a')\n    m.assert_called_once_with('a')\n"
AT_INIT = {
    "patch": f"@patch('mlflow.MlflowClient.__init__', {ASKS}",
    "patch by the module": f"@patch('app.MlflowClient.__init__', {ASKS}",
    "patch.object": f"import mlflow\n\n@patch.object(mlflow.MlflowClient, '__init__', {ASKS}",
    "an alias": f"@patch('mlflow.MlflowClient.__init__', {ASKS}".replace("use(", "by_alias("),
    "a double": "def init(self, uri): self.uri = uri\n\n@patch('mlflow.MlflowClient.__init__', init)\ndef test_a(): assert app.use('a').uri == 'a'\n",
}


@pytest.mark.parametrize("test", AT_INIT.values(), ids=AT_INIT)
def test_a_patch_of_the_init_that_gets_other_arguments_keeps_the_module(unmended, test):
    app = f"{APP}\nMaker = MlflowClient\n\ndef by_alias(uri): return Maker(uri)\n"
    reasons = unmended({"app.py": app, "test_app.py": MOCK + test}, tests=True)
    assert all("__init__ of the class" in reason for reason in reasons) and reasons


INIT_STAYS = {
    "nothing asked": "@patch('mlflow.MlflowClient.__init__', return_value=None)\ndef test_a(m):\n    app.use('a')\n    m.assert_called_once()\n",
    "another function": "@patch('mlflow.MlflowClient.__init__', return_value=None)\ndef test_a(m):\n    app.other()\n    assert m.call_args is None\n",
    "another class": "class MlflowClient:\n    pass\n\n@patch.object(MlflowClient, '__init__', return_value=None)\ndef test_a(m):\n    app.use('a')\n    assert m.call_args is None\n",
    "a double that takes all": "@patch('mlflow.MlflowClient.__init__', lambda self, *args, **kwargs: None)\ndef test_a(): app.use()\n",
}


@pytest.mark.parametrize("test", INIT_STAYS.values(), ids=INIT_STAYS)
def test_a_patch_of_the_init_that_notices_nothing_keeps_nothing(use_factory, test):
    applied = use_factory({"app.py": APP, "test_app.py": MOCK + test}, tests=True)
    assert "create_client(uri)" in applied["app.py"]


IN_FACTORY = "from mlflow import MlflowClient\n\ndef create_client(tracking_uri=None, registry_uri=None):\n    return MlflowClient(tracking_uri=tracking_uri, registry_uri=registry_uri)\n\ndef use(uri=None): return MlflowClient(uri)\n"
ASKED_THERE = {
    "a mock": "@patch('lib.clients.MlflowClient')\ndef test_a(m):\n    clients.use('a')\n    m.assert_called_once_with('a')\n",
    "a mock in a dictionary": "from unittest.mock import DEFAULT\n\ndef test_a():\n    with patch.multiple(clients, MlflowClient=DEFAULT) as found:\n        clients.use('a')\n        found['MlflowClient'].assert_called_once_with('a')\n",
    "a double": "@patch('lib.clients.MlflowClient', lambda tracking_uri: 'x')\ndef test_a(): assert clients.use('a') == 'x'\n",
}


@pytest.mark.parametrize("test", ASKED_THERE.values(), ids=ASKED_THERE)
def test_who_asks_for_the_arguments_in_the_factory_keeps_what_else_is_there(unmended, test):
    tree = {
        "lib/clients.py": IN_FACTORY,
        "test_app.py": f"from unittest.mock import patch\nfrom lib import clients\n\n{test}",
    }
    (reason,) = unmended(tree, tests=True)
    assert reason.startswith("lib/clients.py:6: MlflowClient: test_app.py:")


def test_a_test_of_the_factory_itself_keeps_nothing_else_there(use_factory):
    test = "from unittest.mock import patch\nfrom lib import clients\n\n@patch('lib.clients.MlflowClient')\ndef test_a(m):\n    clients.create_client('a')\n    m.assert_called_once_with(tracking_uri='a', registry_uri=None)\n"
    applied = use_factory({"lib/clients.py": IN_FACTORY, "test_app.py": test}, tests=True)
    assert list(applied.changed) == ["lib/clients.py"]


LOADED_BY_NAME = "import importlib, sys\nfrom unittest.mock import patch\n\ndef test_a():\n    sys.modules.pop('app', None)\n    with patch('mlflow.MlflowClient', lambda tracking_uri=None: 'x'):\n        assert importlib.import_module('{}').use('a') == {}\n    sys.modules.pop('app', None)\n"


def test_a_module_that_a_test_loads_by_its_name_takes_the_double(unmended):
    tree = {"app.py": BY_NAME, "test_app.py": LOADED_BY_NAME.format("app", "'x'")}
    assert "patches mlflow.MlflowClient" in unmended(tree, tests=True)[0]


def test_a_module_of_another_name_takes_no_double(use_factory):
    test = LOADED_BY_NAME.format("other", "'x'").replace("'app'", "'other'")
    tree = {"app.py": BY_NAME, "other.py": "def use(uri): return 'x'\n", "test_app.py": test}
    assert list(use_factory(tree, tests=True).changed) == ["app.py"]


def test_a_factory_that_hands_on_all_as_it_gets_it_satisfies_a_patch_of_the_init(use_factory):
    factory = "def create_client(*args, **kwargs):\n    from mlflow import MlflowClient\n    return MlflowClient(*args, **kwargs)\n"
    tree = {"lib/clients.py": factory, "app.py": APP, "test_app.py": MOCK + AT_INIT["patch"]}
    assert "create_client(uri)" in use_factory(tree, tests=True)["app.py"]
