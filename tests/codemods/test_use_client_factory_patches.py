"""Tests that patch the class follow the module that they patch it in, or keep it as it is."""

import pytest

IMPORT = "from lib.clients import create_client\n"
APP = (
    "from mlflow import MlflowClient\n\ndef use(uri=None): return MlflowClient(uri).get_run('1')\n"
)
AFTER = f"{IMPORT}\ndef use(uri=None): return create_client(uri).get_run('1')\n"
MOCK = "from unittest.mock import patch\nimport app\n\n"

# With patched_ for the name that follows.
FOLLOWING = {
    "a decorator": "@patch('app.patched_')\ndef test_a(m):\n    app.use('a')\n    m.assert_called_once_with('a')\n",
    "a with statement": "def test_a():\n    with patch('app.patched_') as m:\n        app.use('a')\n    assert m.call_args.args == ('a',)\n",
    "patch.object": "@patch.object(app, 'patched_')\ndef test_a(m):\n    app.use()\n    m.assert_called_once_with(None)\n",
    "autospec": "@patch('app.patched_', autospec=True)\ndef test_a(m):\n    app.use('a')\n    m.assert_called_once_with('a')\n",
    "a double of its own": "class Fake:\n    def __init__(self, uri): self.uri = uri\n    def get_run(self, run_id): return self.uri\n\n@patch('app.patched_', Fake)\ndef test_a(): assert app.use('a') == 'a'\n",
    "new_callable": "from unittest.mock import MagicMock\n\n@patch('app.patched_', new_callable=MagicMock)\ndef test_a(m):\n    app.use('a')\n    m.assert_called_once_with('a')\n",
    "a patcher": "def test_a():\n    patcher = patch('app.patched_')\n    m = patcher.start()\n    app.use('a')\n    patcher.stop()\n    m.assert_called_once_with('a')\n",
    "a constant": "TARGET = 'app.patched_'\n\ndef test_a():\n    with patch(TARGET) as m:\n        app.use('a')\n    m.assert_called_once_with('a')\n",
    "a tuple of targets": "TARGETS = ('app.patched_', 'os.getcwd')\n\ndef test_a():\n    for target in TARGETS:\n        with patch(target) as m: app.use('a')\n",
    "an entry of sys.modules": "import sys\n\n@patch.object(sys.modules['app'], 'patched_')\ndef test_a(m):\n    app.use()\n    m.assert_called_once_with(None)\n",
    "an entry of sys.modules that has a name": "import sys\n\ndef test_a():\n    module = sys.modules['app']\n    with patch.object(module, 'patched_') as m: app.use()\n    m.assert_called_once_with(None)\n",
    "an attribute of the double": "def test_a():\n    with patch('app.patched_'):\n        app.use('a')\n        app.patched_.assert_called_once_with('a')\n",
}


@pytest.mark.parametrize("test", FOLLOWING.values(), ids=FOLLOWING)
def test_a_patch_follows_its_module(use_factory, test):
    source = MOCK + test.replace("patched_", "MlflowClient")
    applied = use_factory({"app.py": APP, "test_app.py": source}, tests=True)
    assert applied.changed == {
        "app.py": AFTER,
        "test_app.py": MOCK + test.replace("patched_", "create_client"),
    }


@pytest.mark.parametrize(
    "module", ["sys.modules[NAME]", "modules['app']", "sys.modules['ap' + NAME[-1]]"]
)
def test_an_entry_of_sys_modules_that_is_not_known_keeps_the_class(unmended, module):
    test = (
        f"import sys\n{MOCK}NAME = 'app'\n\ndef test_a():\n    from sys import modules\n"
        f"    with patch.object({module}, 'MlflowClient') as m: app.use()\n"
        "    m.assert_called_once_with(None)\n"
    )
    assert unmended({"app.py": APP, "test_app.py": test}) == [
        "app.py:3: MlflowClient: test_app.py:9 may patch MlflowClient of this module"
    ]


def test_a_double_of_mlflow_in_sys_modules_is_no_module_of_mlflow(unmended):
    test = (
        "import sys\nfrom unittest.mock import MagicMock\n\n"
        "def test_a(monkeypatch):\n    monkeypatch.setitem(sys.modules, 'other', MagicMock())\n"
        "    sys.modules['mlflow'].MlflowClient()\n"
    )
    assert unmended({"test_app.py": test}) == []


def test_pytest_monkeypatch_follows(use_factory):
    source = """
        import app

        def test_a(monkeypatch, mocker):
            monkeypatch.setattr("app.MlflowClient", lambda uri: uri)
            monkeypatch.setattr(app, "MlflowClient", lambda uri: uri)
            mocker.patch.object(app, "MlflowClient")
            mocker.patch("app.MlflowClient")
    """
    applied = use_factory({"app.py": APP, "test_app.py": source})
    assert "MlflowClient" not in applied["test_app.py"]
    assert applied["test_app.py"].count("create_client") == 4


def test_parametrized_targets_follow(use_factory):
    source = """
        from unittest.mock import patch
        import pytest

        @pytest.mark.parametrize("target", ["app.MlflowClient", "os.getcwd"])
        def test_a(target):
            with patch(target): pass
    """
    applied = use_factory({"app.py": APP, "test_app.py": source}, same=False)
    assert "app.create_client" in applied["test_app.py"]


def test_a_patch_follows_where_the_class_stays_for_an_annotation(use_factory):
    source = APP.replace("uri=None", "uri=None, c: MlflowClient = None")
    test = MOCK + FOLLOWING["a decorator"]
    applied = use_factory(
        {"app.py": source, "test_app.py": test.replace("patched_", "MlflowClient")}, tests=True
    )
    assert applied["test_app.py"] == test.replace("patched_", "create_client")


def test_a_patch_follows_where_the_class_is_asked_for(use_factory):
    source = APP + "\ndef check(c): return isinstance(c, MlflowClient)\n"
    test = MOCK + FOLLOWING["a decorator"]
    applied = use_factory(
        {"app.py": source, "test_app.py": test.replace("patched_", "MlflowClient")}, tests=True
    )
    assert applied["test_app.py"] == test.replace("patched_", "create_client")


SPECIFIC = MOCK + FOLLOWING["autospec"].replace("patched_", "MlflowClient")
ASKING = "def check(c): return isinstance(c, (str, mlflow.MlflowClient))\n"


@pytest.mark.parametrize("kinds", ["(str, mlflow.MlflowClient)", "str | mlflow.MlflowClient"])
def test_a_double_of_the_class_that_is_asked_whether_it_is_one_stays(unmended, use_factory, kinds):
    asking = ASKING.replace("(str, mlflow.MlflowClient)", kinds)
    tree = {"app.py": APP, "lib/check.py": f"import mlflow\n\n{asking}", "test_app.py": SPECIFIC}
    (reason,) = unmended(tree, tests=True)
    assert reason == (
        "app.py:3: MlflowClient: test_app.py:4 patches MlflowClient of this module: unsafe: the "
        "double of create_client is no MlflowClient, for which lib/check.py:3 asks"
    )
    assert "app.py" in use_factory(tree, unsafe=True, tests=True).changed


def test_the_test_itself_may_ask_whether_its_double_is_an_instance(unmended):
    test = f"import mlflow\n{SPECIFIC}    assert isinstance(m.return_value, mlflow.MlflowClient)\n"
    (reason,) = unmended({"app.py": APP, "test_app.py": test}, tests=True)
    assert reason.endswith("for which test_app.py:9 asks")


@pytest.mark.parametrize(
    "path, asking",
    [("lib/check.py", ASKING.replace("mlflow.MlflowClient", "int")), ("test_other.py", ASKING)],
)
def test_a_double_of_the_class_that_nobody_asks_for_that_follows(use_factory, path, asking):
    tree = {"app.py": APP, path: f"import mlflow\n\n{asking}", "test_app.py": SPECIFIC}
    assert use_factory(tree, tests=True).changed.keys() == {"app.py", "test_app.py"}


def test_a_double_that_is_no_model_of_the_class_follows_whoever_asks_for_instances(use_factory):
    test = MOCK + FOLLOWING["a decorator"].replace("patched_", "MlflowClient")
    tree = {"app.py": APP, "lib/check.py": f"import mlflow\n\n{ASKING}", "test_app.py": test}
    assert use_factory(tree, tests=True).changed.keys() == {"app.py", "test_app.py"}


def test_a_patch_of_an_alias_that_stays_stays(use_factory):
    source = "from mlflow import MlflowClient\nMaker = MlflowClient\n\ndef use(uri=None): return Maker(uri).get_run('1')\n"
    test = MOCK + FOLLOWING["a decorator"].replace("patched_", "Maker")
    applied = use_factory({"app.py": source, "test_app.py": test}, tests=True)
    assert list(applied.changed) == ["app.py"]
    assert "Maker = create_client" in applied["app.py"]


# A variable of a function that gets the class by a name that a test may patch.
ASKED = "    client = Maker(uri)\n    assert isinstance(client, Maker), 'no MlflowClient'\n    return client.get_run('1')\n"


@pytest.mark.parametrize(
    ("load", "taken", "target"),
    [
        ("from mlflow import MlflowClient", "MlflowClient", "app.MlflowClient"),
        ("import mlflow", "mlflow.MlflowClient", "mlflow.MlflowClient"),
    ],
)
def test_a_patch_reaches_the_class_in_a_variable_of_a_function(unmended, load, taken, target):
    source = f"{load}\n\ndef use(uri=None):\n    Maker = {taken}\n{ASKED}"
    test = MOCK + FOLLOWING["a decorator"].replace("app.patched_", target)
    assert len(unmended({"app.py": source, "test_app.py": test})) == 1


def test_a_variable_that_gets_the_class_in_several_ways_keeps_it(unmended):
    source = (
        "from mlflow import MlflowClient\n\ndef use(uri=None):\n    if uri:\n"
        "        Maker = MlflowClient\n    else:\n        Maker = MlflowClient\n"
        "    return Maker(uri).get_run('1')\n"
    )
    test = MOCK + FOLLOWING["a decorator"].replace("patched_", "MlflowClient")
    assert unmended({"app.py": source, "test_app.py": test}) == [
        "app.py:8: Maker: it is not known how the class comes here"
    ]


def test_a_variable_of_a_function_that_no_test_reaches_hands_its_class_to_nobody(use_factory):
    source = (
        "from mlflow import MlflowClient\n\ndef use(uri=None):\n    Maker = MlflowClient\n" + ASKED
    )
    assert "client = create_client(uri)" in use_factory({"app.py": source})["app.py"]


def test_a_patch_of_a_method_goes_by_the_class_itself(use_factory):
    test = (
        MOCK
        + "@patch('app.MlflowClient.get_run', return_value=7)\ndef test_a(m): assert app.use() == 7\n"
    )
    applied = use_factory({"app.py": APP, "test_app.py": test}, tests=True)
    assert applied.changed == {
        "app.py": AFTER,
        "test_app.py": test.replace("app.MlflowClient", "mlflow.MlflowClient"),
    }


def test_a_patch_through_a_module_that_goes_is_shortened(use_factory):
    source = "import mlflow\n\ndef use(): return mlflow.MlflowClient().get_run('1')\n"
    test = MOCK + "@patch('app.mlflow.log_metric')\ndef test_a(m): assert app.use()\n"
    applied = use_factory({"app.py": source, "test_app.py": test}, tests=True)
    assert applied["test_app.py"] == test.replace("app.mlflow.log", "mlflow.log")


def test_a_patch_of_another_class_of_the_name_stays(use_factory):
    test = MOCK + "@patch('lib.lite.MlflowClient')\ndef test_a(m): app.use()\n"
    tree = {"app.py": APP, "lib/lite.py": "class MlflowClient: pass\n", "test_app.py": test}
    assert use_factory(tree, tests=True).changed == {"app.py": AFTER}


BUILT = {
    "an f-string": "MODULE = 'app'\n\n@patch(f'{MODULE}.MlflowClient')\n",
    "an f-string in three quotes": 'MODULE = \'app\'\n\n@patch(rf"""{MODULE}.MlflowClient""")\n',
    "a sum": "@patch('app' + '.MlflowClient')\n",
    "a sum of three": "MODULE = 'app'\n\n@patch(MODULE + '.' + 'MlflowClient')\n",
    "a sum in brackets": "@patch(('app' + ('.MlflowClient')))\n",
    "the name of the module": "@patch(f'{app.__name__}.MlflowClient', autospec=True)\n",
}


@pytest.mark.parametrize("head", BUILT.values(), ids=BUILT)
def test_a_patch_whose_target_ends_with_the_name_follows(use_factory, head):
    test = MOCK + head + "def test_a(m):\n    app.use()\n    m.assert_called_once()\n"
    applied = use_factory({"app.py": APP, "test_app.py": test}, tests=True)
    assert applied.changed == {
        "app.py": AFTER,
        "test_app.py": test.replace("MlflowClient", "create_client"),
    }


STUCK = {
    "a name that is a constant": (
        "NAME = 'MlflowClient'\n\n@patch('app.' + NAME)\ndef test_a(m): app.use()\n",
        "test_app.py:4 may patch MlflowClient of this module",
    ),
    "two pieces": (
        "@patch('app.' 'MlflowClient')\ndef test_a(m): app.use()\n",
        "test_app.py:4 patches MlflowClient of this module: the name can't be replaced where it is written",
    ),
    "an unknown module": (
        "import os\n\n@patch(f'{os.sep}.MlflowClient')\ndef test_a(m): app.use()\n\ntest_a = None\n",
        "test_app.py:6 may patch MlflowClient of this module",
    ),
    "an unknown owner": (
        "def test_a():\n    for module in [app]:\n        with patch.object(module, 'MlflowClient'): app.use()\n",
        "test_app.py:6 may patch MlflowClient of this module",
    ),
    "patch.multiple": (
        "@patch.multiple(app, MlflowClient=None)\ndef test_a(): pass\n",
        "test_app.py:4 patches MlflowClient of this module: the name can't be replaced where it is written",
    ),
    "a string that may be anything": (
        "TABLE = {'app.MlflowClient': 1}\n\ndef test_a(): app.use()\n",
        "test_app.py:4 patches MlflowClient of this module: unsafe: nothing shows that this string is a patch",
    ),
    "another use of the name": (
        "def test_a(): assert app.MlflowClient\n",
        "test_app.py:4 uses MlflowClient of this module",
    ),
    "both names patched": (
        "@patch('app.create_client', create=True)\n@patch('app.MlflowClient')\ndef test_a(m, n): app.use()\n",
        "test_app.py:5 patches MlflowClient of this module: the same test patches create_client",
    ),
}


@pytest.mark.parametrize("test, reason", STUCK.values(), ids=STUCK)
def test_a_patch_that_cannot_follow_keeps_its_module(unmended, test, reason):
    tree = {"app.py": APP, "test_app.py": MOCK + test}
    assert unmended(tree, tests=True) == [f"app.py:3: MlflowClient: {reason}"]


def test_a_double_in_the_place_of_mlflow_keeps_the_module(unmended):
    source = "import mlflow\n\ndef use(): return mlflow.MlflowClient().get_run('1')\n"
    test = (
        MOCK
        + "@patch('app.mlflow')\ndef test_a(m): assert app.use() is m.MlflowClient.return_value.get_run.return_value\n"
    )
    assert unmended({"app.py": source, "test_app.py": test}, tests=True) == [
        "app.py:3: mlflow.MlflowClient: test_app.py:4 puts a double in the place of mlflow"
    ]


def test_a_double_of_its_own_keeps_a_module_that_asks_for_the_class(unmended):
    source = APP + "\ndef check(c): return isinstance(c, MlflowClient)\n"
    test = MOCK + "@patch('app.MlflowClient', dict)\ndef test_a(): assert app.check({})\n"
    assert unmended({"app.py": source, "test_app.py": test}, tests=True) == [
        "app.py:3: MlflowClient: test_app.py:4 patches MlflowClient of this module: "
        "MlflowClient is not only constructed there"
    ]


BOTH = {
    "in the same function": "def use(uri=None):\n    create_client()\n    return MlflowClient(uri).get_run('1')\n",
    "in another one": "def use(uri=None): return MlflowClient(uri).get_run('1')\ndef other(): return create_client()\n",
}


@pytest.mark.parametrize("body", BOTH.values(), ids=BOTH)
def test_a_patch_does_not_follow_where_the_factory_is_called_already(unmended, body):
    tree = {
        "app.py": f"{IMPORT}from mlflow import MlflowClient\n\n{body}",
        "test_app.py": MOCK
        + "@patch('app.MlflowClient')\ndef test_a(m):\n    app.use()\n    m.assert_called_once_with(None)\n",
    }
    (reason,) = unmended(tree, tests=True)
    assert reason.endswith(
        "test_app.py:4 patches MlflowClient of this module: unsafe: create_client is used there "
        "already, which would get the double, too"
    )


def test_a_patch_follows_where_the_factory_is_called_for_a_constant(use_factory):
    app = f"{IMPORT}from mlflow import MlflowClient\n\nFIRST = create_client()\n{APP[APP.index('def') :]}"
    test = "@patch('app.MlflowClient')\ndef test_a(m):\n    app.use()\n    m.assert_called_once_with(None)\n"
    applied = use_factory({"app.py": app, "test_app.py": MOCK + test}, tests=True)
    assert applied["test_app.py"] == MOCK + test.replace("MlflowClient", "create_client")


def test_renamed_arguments_keep_a_patched_module(unmended):
    factory = """
        def create_client(uri=None):
            from mlflow import MlflowClient
            return MlflowClient(uri)
    """
    source = APP.replace("(uri).", "(tracking_uri=uri).")
    test = (
        MOCK
        + "@patch('app.MlflowClient')\ndef test_a(m):\n    app.use()\n    m.assert_called_with(tracking_uri=None)\n"
    )
    tree = {"lib/clients.py": factory, "app.py": source, "test_app.py": test}
    assert unmended(tree, tests=True) == [
        "app.py:3: MlflowClient: test_app.py:4 patches MlflowClient of this module: "
        "the factory gets the arguments in another way"
    ]


def test_a_module_whose_factory_is_local_keeps_its_patches(unmended):
    factory = "import app\ndef create_client(tracking_uri=None, registry_uri=None):\n    from mlflow import MlflowClient\n    return MlflowClient(tracking_uri, registry_uri)\n"
    test = MOCK + FOLLOWING["a decorator"].replace("patched_", "MlflowClient")
    source = APP.replace(": return", ":\n    return")
    tree = {"lib/clients.py": factory, "app.py": source, "test_app.py": test}
    assert unmended(tree, tests=True) == [
        "app.py:4: MlflowClient: test_app.py:4 patches MlflowClient of this module: "
        "create_client can only be imported inside of functions there"
    ]


# The class patched in mlflow


LATE = "import mlflow\n\ndef use(uri=None): return mlflow.tracking.MlflowClient(uri).get_run('1')\n"
LATE_AFTER = f"{IMPORT}\ndef use(uri=None): return create_client(uri).get_run('1')\n"
ORIGIN = "@patch('mlflow.tracking.MlflowClient')\ndef test_a(m): assert app.use() is m.return_value.get_run.return_value\n"


def test_a_patch_at_the_origin_that_the_factory_looks_up_stays(use_factory):
    applied = use_factory({"app.py": LATE, "test_app.py": MOCK + ORIGIN}, tests=True)
    assert applied.changed == {"app.py": LATE_AFTER}


LIBRARY = {
    "the default": "",
    "named by the settings": '[tool.trackfix]\nclient-factory = "trackfix.tracking:create_mlflow_client"\n',
}


@pytest.mark.parametrize("settings", LIBRARY.values(), ids=LIBRARY)
def test_a_patch_where_the_library_looks_the_class_up_stays(use_factory, settings):
    source = (
        "import mlflow.tracking\n\ndef use(): return mlflow.tracking.MlflowClient().get_run('1')\n"
    )
    tree = {"pyproject.toml": settings, "lib/clients.py": None, "app.py": source}
    test = MOCK + ORIGIN
    applied = use_factory({**tree, "test_app.py": test}, unsafe=True, same=False)
    assert list(applied.changed) == ["app.py"]
    assert "return create_mlflow_client().get_run('1')" in applied["app.py"]


@pytest.mark.parametrize("settings", LIBRARY.values(), ids=LIBRARY)
def test_a_patch_where_the_library_does_not_look_keeps_the_module(unmended, settings):
    source = "import mlflow\n\ndef use(): return mlflow.MlflowClient().get_run('1')\n"
    tree = {"pyproject.toml": settings, "lib/clients.py": None, "app.py": source}
    test = MOCK + ORIGIN.replace("mlflow.tracking.", "mlflow.")
    (reason,) = unmended({**tree, "test_app.py": test}, unsafe=True)
    assert reason.endswith("patches mlflow.MlflowClient, which the factory does not look up")


def test_a_patch_at_an_origin_that_the_factory_does_not_look_up_keeps_the_module(unmended):
    tree = {
        "app.py": LATE.replace(".tracking", ""),
        "test_app.py": MOCK + ORIGIN.replace(".tracking", ""),
    }
    assert unmended(tree, tests=True) == [
        "app.py:3: mlflow.MlflowClient: test_app.py:4 patches mlflow.MlflowClient, "
        "which the factory does not look up"
    ]


def test_a_factory_that_looked_the_class_up_before_keeps_the_module(unmended):
    factory = "from mlflow.tracking import MlflowClient\n\ndef create_client(tracking_uri=None, registry_uri=None):\n    return MlflowClient(tracking_uri, registry_uri)\n"
    tree = {"lib/clients.py": factory, "app.py": LATE, "test_app.py": MOCK + ORIGIN}
    assert len(unmended(tree, tests=True)) == 1


def test_patches_at_all_origins_together_stay(use_factory):
    source = LATE.replace(".tracking", "")
    test = MOCK + (
        "class Fake:\n    def __init__(self, tracking_uri=None, registry_uri=None): pass\n"
        "    def get_run(self, run_id): return 7\n\n"
        "def test_a():\n    for name in ('mlflow.MlflowClient', 'mlflow.tracking.MlflowClient'):\n"
        "        patch(name, Fake).start()\n    assert app.use() == 7\n    patch.stopall()\n"
    )
    tree = {"app.py": source, "test_app.py": test}
    assert list(use_factory(tree, tests=True).changed) == ["app.py"]


EARLY = (
    "from mlflow import MlflowClient\n\ndef use(uri=None): return MlflowClient(uri).get_run('1')\n"
)
LOADED_LATE = {
    "reload": "import app, importlib\n\ndef test_a():\n    with patch('mlflow.MlflowClient') as m:\n        importlib.reload(app).use()\n        assert m.called\n    importlib.reload(app)\n",
    "reload for a class attribute": "from importlib import reload\nimport app\n\n@patch('mlflow.MlflowClient')\ndef test_a(m):\n    reload(app).use()\n    m.assert_called_once_with(None)\n",
    "an import in the test": "import sys\n\ndef test_a():\n    sys.modules.pop('app', None)\n    with patch('mlflow.MlflowClient') as m:\n        from app import use\n        use()\n    assert m.called\n",
    "a module that imports it": "import sys\n\n@patch('mlflow.MlflowClient')\ndef test_a(m):\n    [sys.modules.pop(name, None) for name in ('app', 'caller')]\n    import caller\n    caller.app.use()\n    assert m.called\n",
}


@pytest.mark.parametrize("test", LOADED_LATE.values(), ids=LOADED_LATE)
def test_a_patch_that_a_module_meets_when_it_is_loaded_keeps_it(unmended, test):
    test = f"from unittest.mock import patch\n{test}"
    tree = {"app.py": EARLY, "caller.py": "import app\n", "test_app.py": test}
    (reason,) = unmended(tree, tests=True)
    assert reason.startswith("app.py:3: MlflowClient: test_app.py:")
    assert reason.endswith("patches mlflow.MlflowClient, which the factory does not look up")


def test_a_patch_of_a_name_of_the_project_is_told_by_its_file(unmended):
    tree = {
        "app.py": "import names\n\ndef use(uri=None): return names.MlflowClient(uri).get_run('1')\n",
        "names.py": "from mlflow import MlflowClient\n",
        "test_app.py": MOCK + "@patch('names.MlflowClient')\ndef test_a(m): app.use()\n",
    }
    (reason,) = unmended(tree, tests=True)
    assert reason.endswith("patches MlflowClient of names.py, which the factory does not look up")


LOADED_BEFORE = {
    "at the top": "@patch('mlflow.MlflowClient')\ndef test_a(m):\n    app.use()\n    assert not m.called\n",
    "in another test": "@patch('mlflow.MlflowClient')\ndef test_a(m):\n    app.use()\n    assert not m.called\n\ndef test_b():\n    import app\n    app.use()\n",
    "above the patch": "def test_a():\n    import app\n    with patch('mlflow.MlflowClient') as m:\n        app.use()\n    assert not m.called\n",
    "another module": "@patch('mlflow.MlflowClient')\ndef test_a(m):\n    import other\n    app.use()\n    assert not m.called\n",
}


@pytest.mark.parametrize("test", LOADED_BEFORE.values(), ids=LOADED_BEFORE)
def test_a_patch_that_a_loaded_module_does_not_meet_keeps_nothing(use_factory, test):
    tree = {"app.py": EARLY, "other.py": "x = 1\n", "test_app.py": MOCK + test}
    assert use_factory(tree, tests=True)["app.py"] == AFTER


NOTHING_MADE = {
    "assert_not_called": "@patch('mlflow.MlflowClient')\ndef test_a(m):\n    assert app.other() == 1\n    m.assert_not_called()\n",
    "an error": "@patch('mlflow.MlflowClient', side_effect=AssertionError('made'))\ndef test_a(m): assert app.other() == 1\n",
}


@pytest.mark.parametrize("test", NOTHING_MADE.values(), ids=NOTHING_MADE)
def test_a_patch_that_shows_that_nothing_is_constructed_stays(use_factory, test):
    source = LATE.replace(".tracking", "") + "\ndef other(): return 1\n"
    applied = use_factory({"app.py": source, "test_app.py": MOCK + test}, tests=True)
    assert list(applied.changed) == ["app.py"]


def test_a_test_that_asks_for_the_arguments_at_the_origin_keeps_the_module(unmended):
    test = (
        MOCK
        + "@patch('mlflow.tracking.MlflowClient')\ndef test_a(m):\n    app.use('a')\n    m.assert_called_once_with('a')\n"
    )
    assert unmended({"app.py": LATE, "test_app.py": test}, tests=True) == [
        "app.py:3: mlflow.tracking.MlflowClient: test_app.py:4 asks with which arguments "
        "mlflow.tracking.MlflowClient is called"
    ]


def test_a_double_at_the_origin_that_takes_no_arguments_keeps_the_module(unmended):
    source = LATE.replace("(uri)", "()")
    test = (
        MOCK
        + "@patch('mlflow.tracking.MlflowClient', lambda: app)\ndef test_a():\n    app.get_run = str\n    assert app.use() == '1'\n"
    )
    assert len(unmended({"app.py": source, "test_app.py": test}, tests=True)) == 1


def test_a_late_import_of_a_patched_name_keeps_the_module(unmended):
    tree = {
        "app.py": APP,
        "user.py": "def f():\n    from app import MlflowClient\n    return isinstance(f, MlflowClient)\n",
        "test_app.py": MOCK + FOLLOWING["a decorator"].replace("patched_", "MlflowClient"),
    }
    assert unmended(tree) == [
        "app.py:3: MlflowClient: user.py:2 imports MlflowClient from this module when it runs, "
        "where it is patched"
    ]


def test_several_modules_follow_in_one_list(use_factory):
    test = """
        from unittest.mock import patch
        import app, other

        TARGETS = ["app.MlflowClient", "other.MlflowClient", "lib.lite.MlflowClient"]

        def test_a():
            for target in TARGETS:
                with patch(target): app.use(), other.use()
    """
    tree = {"app.py": APP, "other.py": APP, "lib/lite.py": "class MlflowClient: pass\n"}
    applied = use_factory({**tree, "test_app.py": test}, tests=True)
    assert (
        '["app.create_client", "other.create_client", "lib.lite.MlflowClient"]'
        in applied["test_app.py"]
    )


def test_a_test_that_patches_itself_follows(use_factory):
    test = """
        from unittest.mock import patch
        from mlflow import MlflowClient

        def use(): return MlflowClient("a")

        @patch("test_app.MlflowClient")
        def test_a(m):
            use()
            m.assert_called_once_with("a")
    """
    applied = use_factory({"test_app.py": test}, tests=True)
    assert '@patch("test_app.create_client")' in applied["test_app.py"]


def test_settings_that_name_the_class_keep_the_module(unmended):
    tree = {"app.py": APP, "conf/job.yaml": "_target_: app.MlflowClient\n"}
    assert unmended(tree) == [
        "app.py:3: MlflowClient: conf/job.yaml names MlflowClient of this module"
    ]


def test_settings_do_not_matter_where_the_class_stays(use_factory):
    source = APP + "\ndef check(c: MlflowClient): pass\n"
    tree = {"app.py": source, "conf/job.yaml": "_target_: app.MlflowClient\n"}
    assert list(use_factory(tree).changed) == ["app.py"]


@pytest.mark.parametrize(
    "test",
    [
        "NAME = 'MlflowClient'\n\ndef test_a():\n    with patch.object(app, NAME): app.use()\n",
        "@patch.object(app, attribute='MlflowClient')\ndef test_a(m): app.use()\n",
        "@patch.dict('app.__dict__', {'MlflowClient': str})\ndef test_a(): pass\n",
    ],
)
def test_a_name_that_may_be_patched_keeps_its_module(unmended, test):
    assert len(unmended({"app.py": APP, "test_app.py": MOCK + test}, tests=True)) == 1


FACTORY_OF_OWN_NAME = (
    "from mlflow.tracking import MlflowClient\n\n"
    "def create_client(tracking_uri=None, registry_uri=None):\n"
    "    return MlflowClient(tracking_uri=tracking_uri, registry_uri=registry_uri)\n"
)
# The module has the class by an import of its own, which these patches do not reach.
WIDER = (
    MOCK
    + "class Fake:\n    def __init__(self, tracking_uri=None, registry_uri=None): pass\n"
    + "    def get_run(self, run_id): return 7\n\n"
    + "@patch('{target}', Fake)\ndef test_a(): assert app.use() != 7\n"
)


@pytest.mark.parametrize("target", ["mlflow.tracking.MlflowClient", "lib.clients.MlflowClient"])
def test_a_patch_that_would_reach_the_module_by_the_factory_stops_a_safe_edit(unmended, target):
    factory = FACTORY_OF_OWN_NAME if target.startswith("lib") else None
    tree = {"app.py": APP, "test_app.py": WIDER.format(target=target)}
    tree |= {"lib/clients.py": factory} if factory else {}
    (reason,) = unmended(tree, tests=True)
    assert "unsafe: test_app.py:8 patches MlflowClient of " in reason
    assert reason.endswith("which would reach this module, too")


def test_a_fixture_that_no_test_of_the_module_asks_for_stops_nothing(use_factory):
    conftest = (
        "import pytest\n\n@pytest.fixture\ndef fake(monkeypatch):\n"
        "    monkeypatch.setattr('mlflow.tracking.MlflowClient', object)\n"
    )
    tree = {"app.py": APP, "other.py": "", "conftest.py": conftest}
    asked = "import {name}\n\ndef test_a(fake): assert {name}\n"
    free = use_factory({**tree, "test_other.py": asked.format(name="other")}, same=False)
    assert list(free.changed) == ["app.py"]
    bound = use_factory({**tree, "test_app.py": asked.format(name="app")}, same=False)
    assert bound.changed == {}


ELSEWHERE = {
    "a constant": "MODULE = 'other'\n\n@patch(f'{MODULE}.MlflowClient')\ndef test_b(m): other.use()\n",
    "a sum": "MODULE = 'other'\n\n@patch(MODULE + '.MlflowClient')\ndef test_b(m): other.use()\n",
    "the name of a module": "@patch(f'{other.__name__}.MlflowClient')\ndef test_b(m): other.use()\n",
    "below mlflow": "MODULE = 'other'\n\n@patch(f'{MODULE}.mlflow.MlflowClient')\ndef test_b(m): other.use()\n",
    "below mlflow of whatever": "NAMES = ['other']\n\n@patch(f'{NAMES[0]}.mlflow.MlflowClient')\ndef test_b(m): other.use()\n",
}


@pytest.mark.parametrize("test", ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_built_name_of_another_module_keeps_only_that(use_factory, test):
    tree = {
        "app.py": APP,
        "other.py": "import mlflow\n" + APP,
        "test_app.py": MOCK + "import other\n\ndef test_a(): assert app.use()\n\n" + test,
    }
    assert list(use_factory(tree, tests=True).changed)[:1] == ["app.py"]


MODULE_REPLACED = "import sys\nfrom unittest.mock import Mock, patch\nimport app\n\ndef test_a():\n    with patch.dict(sys.modules, {'mlflow.tracking': Mock(MlflowClient=lambda *a, **k: 'x')}):\n        assert str(app.use()) == 'RESULT'\n"


@pytest.mark.parametrize("head", ["import mlflow.tracking\n", "from mlflow import tracking\n"])
def test_an_attribute_of_a_loaded_module_stays_where_a_test_replaces_its_entry(unmended, head):
    name = "mlflow.tracking" if head.startswith("import") else "tracking"
    app = f"{head}\ndef use(): return {name}.MlflowClient('u')\n"
    test = MODULE_REPLACED.replace("RESULT", "client of (\\'u\\', None)")
    (reason,) = unmended({"app.py": app, "test_app.py": test}, tests=True)
    assert reason.endswith("unsafe: test_app.py:6 puts a double in the place of mlflow")


def test_it_stays_as_well_where_the_factory_takes_the_class_from_a_loaded_module(unmended):
    app = "def use():\n    from mlflow.tracking import MlflowClient\n    return MlflowClient('u')\n"
    factory = "import mlflow.tracking\n\ndef create_client(uri=None):\n    return mlflow.tracking.MlflowClient(uri)\n"
    test = MODULE_REPLACED.replace("RESULT", "x")
    tree = {"app.py": app, "lib/clients.py": factory, "test_app.py": test}
    (reason,) = unmended(tree, tests=True)
    assert reason.endswith("unsafe: test_app.py:6 puts a double in the place of mlflow")


def test_an_import_when_it_runs_changes_where_a_test_replaces_the_entry_of_the_module(use_factory):
    app = "def use():\n    from mlflow.tracking import MlflowClient\n    return MlflowClient('u')\n"
    test = MODULE_REPLACED.replace("RESULT", "x")
    applied = use_factory({"app.py": app, "test_app.py": test}, tests=True)
    assert applied.changed.keys() == {"app.py"}
