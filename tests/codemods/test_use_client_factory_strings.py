"""Strings and doubles that name the class in ways that are no plain patch keep their module."""

import pytest

APP = (
    "from mlflow import MlflowClient\n\ndef use(uri=None): return MlflowClient(uri).get_run('1')\n"
)
LATE = "import mlflow\n\ndef use(uri=None): return mlflow.tracking.MlflowClient(uri).get_run('1')\n"
MOCK = "from unittest.mock import patch\nimport app\n\n"

STRINGS = {
    "a doctest": '"""\n>>> MlflowClient("a")\nclient\n"""\n',
    "a doctest of a function": 'def f():\n    """\n    >>> MlflowClient("a")\n    """\n',
    "what is evaluated": "def f(): return eval('MlflowClient')\n",
}


@pytest.mark.parametrize("source", STRINGS.values(), ids=STRINGS)
def test_code_in_a_string_that_uses_the_class_keeps_the_module(unmended, source):
    head, _, body = (source, "", APP) if source.startswith('"""') else ("", "", APP + "\n" + source)
    (reason,) = unmended({"app.py": head + body})
    assert "runs code that uses MlflowClient" in reason


NAMED = {
    "looked up by its name": "def f(): return globals()['MlflowClient']\n",
    "a constant that may be a key": "NAME = 'MlflowClient'\n",
    "an attribute of the module": "import sys\n\ndef f(): return getattr(sys.modules[__name__], 'MlflowClient')\n",
}


@pytest.mark.parametrize("source", NAMED.values(), ids=NAMED)
def test_a_module_that_names_the_class_in_a_string_keeps_it(unmended, source):
    (reason,) = unmended({"app.py": f"{APP}\n{source}"})
    assert reason.endswith("names MlflowClient in a string")


def test_a_name_in_a_string_of_a_module_that_keeps_the_class_stands_in_no_way(use_factory):
    source = APP + "\nNAME = 'MlflowClient'\n\ndef check(c: MlflowClient): pass\n"
    assert list(use_factory({"app.py": source}).changed) == ["app.py"]


def test_text_that_only_mentions_the_class_keeps_nothing(use_factory):
    source = '"""Uses MlflowClient."""\n' + APP + "\nTEXT = 'a MlflowClient or none'\n"
    assert list(use_factory({"app.py": source}).changed) == ["app.py"]


def test_another_module_that_may_look_the_name_up_keeps_it(unmended):
    user = "import importlib\n\ndef f(): return getattr(importlib.import_module('app'), n, 'MlflowClient')\n"
    assert unmended({"app.py": APP, "user.py": user}, same=False) == [
        "app.py:3: MlflowClient: user.py:3 may use MlflowClient of this module"
    ]


def test_a_name_in_a_string_beside_another_module_keeps_nothing(use_factory):
    tree = {
        "app.py": APP,
        "user.py": "KIND = 'MlflowClient'\n",
        "test_app.py": "import app\n\ndef test_a():\n    assert type(app).__name__ != 'MlflowClient'\n",
        "test_other.py": "def test_a():\n    assert str('MlflowClient')\n",
    }
    assert list(use_factory(tree, tests=True).changed) == ["app.py"]


FAKE = (
    "class Fake:\n    def __init__(self, *args): pass\n    def get_run(self, run_id): return 7\n\n"
)
# Each gives the module a double by a name that is not written as a patch of it.
BY_OTHER_WAYS = {
    "a helper with a default": "def fake(m, n=None): return patch.object(m, n or 'MlflowClient', Fake)\n\ndef test_a():\n    with fake(app): assert app.use() == 7\n",
    "the dictionary of the module": "def test_a():\n    app.__dict__['MlflowClient'] = Fake\n    assert app.use() == 7\n",
    "vars": "def test_a():\n    vars(app)['MlflowClient'] = Fake\n    assert app.use() == 7\n",
    "vars by keyword": "def test_a():\n    vars(app).update(MlflowClient=Fake)\n    assert app.use() == 7\n",
    "the globals of a function": "def test_a():\n    app.use.__globals__.__setitem__('MlflowClient', Fake)\n    assert app.use() == 7\n",
    "patch.dict": "def test_a():\n    with patch.dict(app.use.__globals__, MlflowClient=Fake): assert app.use() == 7\n",
    "patch.multiple of a parameter": "def fake(m): return patch.multiple(m, MlflowClient=Fake)\n\ndef test_a():\n    with fake(app): assert app.use() == 7\n",
    "keywords in a dictionary": "def test_a():\n    with patch.multiple(app, **{'MlflowClient': Fake}): assert app.use() == 7\n",
}


@pytest.mark.parametrize("test", BY_OTHER_WAYS.values(), ids=BY_OTHER_WAYS)
def test_a_double_that_comes_by_another_way_keeps_its_module(unmended, test):
    (reason,) = unmended({"app.py": APP, "test_app.py": MOCK + FAKE + test}, tests=True)
    assert reason.endswith("may patch MlflowClient of this module")


# Each is the name of a module of which a piece is told when the test runs.
PIECES = {
    "an f-string": "f'app_{i:02}.MlflowClient'",
    "an f-string of the end": "f'app_0{i}.MlflowClient'",
    "a sum": "'app_0' + str(i) + '.MlflowClient'",
    "percent": "'app_%02d.MlflowClient' % i",
    "format": "'app_{:02}.MlflowClient'.format(i)",
}
LOADS = "import importlib\n\ndef check(i, module):\n    with patch({}, Fake): assert module.use() == 7\n"


@pytest.mark.parametrize("target", PIECES.values(), ids=PIECES)
def test_a_patch_of_a_module_whose_name_is_told_in_pieces_keeps_it(unmended, target):
    test = f"{MOCK.replace('import app', '')}{FAKE}{LOADS.format(target)}"
    (reason,) = unmended({"app_01.py": APP, "test_all.py": test}, same=False)
    assert reason.endswith("may patch MlflowClient of this module")


@pytest.mark.parametrize("target", [*PIECES.values(), "f'{i}.MlflowClient'"])
def test_a_patch_of_modules_that_are_called_otherwise_keeps_nothing(use_factory, target):
    test = f"{MOCK.replace('import app', '')}{FAKE}{LOADS.format(target)}"
    assert list(use_factory({"base_01.py": APP, "test_all.py": test}).changed) == ["base_01.py"]


# Each is used for the name of such a module further down.
TOLD_BEFORE = {
    "percent": "NAME = 'app_%02d.MlflowClient'\n{}    with patch(NAME % i, Fake): assert module.use() == 7\n",
    "format": "NAME = 'app_{{}}.MlflowClient'\n{}    with patch(NAME.format(i), Fake): assert module.use() == 7\n",
    "the module": "{}    module = importlib.import_module(f'app_{{i:02}}')\n    with patch.object(module, 'MlflowClient', Fake): assert module.use() == 7\n",
}


@pytest.mark.parametrize("told", TOLD_BEFORE.values(), ids=TOLD_BEFORE)
def test_a_name_in_pieces_that_is_told_before_keeps_the_module(unmended, told):
    test = told.format("import importlib\n\ndef check(i, module):\n")
    test = f"{MOCK.replace('import app', '')}{FAKE}{test}"
    (reason,) = unmended({"app_01.py": APP, "test_all.py": test}, same=False)
    assert reason.endswith("may patch MlflowClient of this module")


@pytest.mark.parametrize("told", TOLD_BEFORE.values(), ids=TOLD_BEFORE)
def test_a_name_in_pieces_that_is_told_before_keeps_no_other_module(use_factory, told):
    test = told.format("import importlib\n\ndef check(i, module):\n")
    test = f"{MOCK.replace('import app', '')}{FAKE}{test}"
    assert list(use_factory({"base_01.py": APP, "test_all.py": test}).changed) == ["base_01.py"]


# Each gives the double to one of two modules.
TO_ONE = {
    "the dictionary of a module": "def test_a():\n    {}.__dict__['MlflowClient'] = Fake\n",
    "vars": "def test_a():\n    vars({})['MlflowClient'] = Fake\n",
    "vars by keyword": "def test_a():\n    vars({}).update(MlflowClient=Fake)\n",
    "patch.dict": "@patch.dict({}.__dict__, {{'MlflowClient': Fake}})\ndef test_a(): pass\n",
    "patch.dict of vars": "@patch.dict(vars({}), MlflowClient=Fake)\ndef test_a(): pass\n",
    "a dictionary with a name": "NAMES = {{'MlflowClient': Fake}}\n\n\n@patch.dict(vars({}), NAMES)\ndef test_a(): pass\n",
    "one that is spread out": "def test_a():\n    names = {{'MlflowClient': Fake}}\n    vars({}).update(**names)\n",
    "one that is put into another": "def test_a():\n    names: dict = {{'MlflowClient': Fake}}\n    vars({}).update({{**names}})\n",
}


@pytest.mark.parametrize("test", TO_ONE.values(), ids=TO_ONE)
def test_a_double_among_the_names_of_one_module_keeps_no_other(use_factory, test):
    source = f"{MOCK}import other\n{FAKE}{test.format('other')}"
    tree = {"app.py": APP, "other.py": APP, "test_app.py": source}
    applied = use_factory(tree, tests=True)
    assert list(applied.changed) == ["app.py"]
    assert [reason.partition(":")[0] for reason in applied.skipped] == ["other.py"]


AMONG_MANY = {
    "the dictionary of a string": "@patch.dict('other.__dict__', MlflowClient=Fake)\ndef test_a(): pass\n",
    "two dictionaries": "def swap(*spaces): pass\n\ndef test_a():\n    swap(vars(other), vars(app), MlflowClient=Fake)\n",
    "a module that changes": "def test_a():\n    for module in (app, other):\n        vars(module)['MlflowClient'] = Fake\n",
    "where the class comes from": "import mlflow.tracking\n\ndef test_a():\n    vars(mlflow.tracking)['MlflowClient'] = Fake\n",
}


@pytest.mark.parametrize("test", AMONG_MANY.values(), ids=AMONG_MANY)
def test_a_double_among_the_names_of_some_module_keeps_all(unmended, test):
    source = f"{MOCK}import other\n{FAKE}{test}"
    tree = {"app.py": APP, "other.py": APP, "test_app.py": source}
    assert len(unmended(tree, same=False)) == 2


# Where the class is looked up when the function runs, and the module that has it.
LOOK_UPS = {
    "a name of another module": ("from base import MlflowClient", "MlflowClient", "base"),
    "an attribute of another module": ("import base", "base.MlflowClient", "base"),
    "a name of the library": (
        "from mlflow.tracking import MlflowClient",
        "MlflowClient",
        "mlflow.tracking",
    ),
}


@pytest.mark.parametrize("given", ["MlflowClient=Fake", "NAMES", "**NAMES"])
@pytest.mark.parametrize("statement, word, module", LOOK_UPS.values(), ids=LOOK_UPS)
def test_a_double_where_a_module_looks_the_class_up_keeps_it(
    unmended, statement, word, module, given
):
    app = f"def use():\n    {statement}\n    return {word}().get_run('r')\n"
    test = (
        f"{MOCK}import base, mlflow.tracking\n{FAKE}NAMES = {{'MlflowClient': Fake}}\n\n\n"
        f"def test_a():\n    with patch.dict(vars({module}), {given}):\n"
    )
    tree = {
        "base.py": "from mlflow import MlflowClient\n",
        "app.py": app,
        "test_app.py": f"{test}        assert app.use() == 7\n",
    }
    (reason,) = unmended(tree, tests=True)
    assert reason.startswith("app.py:3: ")
    assert " may patch " in reason


def test_a_double_in_a_module_that_nothing_looks_the_class_up_in_keeps_nothing(use_factory):
    app = (
        "def use():\n    from mlflow import MlflowClient\n    return MlflowClient().get_run('r')\n"
    )
    test = f"{MOCK}import base\n{FAKE}{TO_ONE['vars'].format('base')}    assert app.use()\n"
    tree = {"base.py": "from mlflow import MlflowClient\n", "app.py": app, "test_app.py": test}
    assert list(use_factory(tree).changed) == ["app.py"]


LABELS = {
    "the name of a double": "from unittest import mock\n\n\ndef test_a():\n    assert mock.MagicMock(name='MlflowClient') and app.use()\n",
    "the name of a new class": "def test_a():\n    assert type('MlflowClient', (), {}) and app.use()\n",
    "the text of an error": "import pytest\n\n\ndef test_a():\n    with pytest.raises(ValueError, match='MlflowClient'):\n        raise ValueError('no MlflowClient')\n",
}


@pytest.mark.parametrize("test", LABELS.values(), ids=LABELS)
def test_a_label_in_a_test_keeps_nothing(use_factory, test):
    tree = {"app.py": APP, "test_app.py": f"import app\n{test}"}
    assert list(use_factory(tree).changed) == ["app.py"]


DOUBLES = {
    "with": (
        "def test_a():\n    with patch.multiple(other, MlflowClient=DEFAULT) as doubles:\n"
        "        assert app.use() and not doubles['MlflowClient'].called\n"
    ),
    "decorator": (
        "@patch.multiple(other, MlflowClient=DEFAULT)\ndef test_a(**doubles):\n"
        "    assert app.use() and not doubles['MlflowClient'].called\n"
    ),
}


@pytest.mark.parametrize("test", DOUBLES.values(), ids=DOUBLES)
def test_a_double_that_patch_multiple_gave_keeps_nothing_else(use_factory, test):
    test = f"from unittest.mock import DEFAULT, patch\nimport app, other\n\n\n{test}"
    tree = {"app.py": APP, "other.py": APP, "test_app.py": test}
    assert list(use_factory(tree).changed) == ["app.py"]


MULTIPLE = "def test_b():\n    with patch.multiple(other, x=DEFAULT) as doubles:\n        assert doubles\n\n"


@pytest.mark.parametrize("beside", ["", MULTIPLE])
def test_what_is_taken_from_a_dictionary_may_be_of_the_module(unmended, beside):
    test = (
        f"import app\n\n\n{beside}def test_a():\n"
        "    names = vars(app)\n    assert names['MlflowClient']\n"
    )
    (reason,) = unmended({"app.py": APP, "test_app.py": test})
    assert reason.endswith("may patch MlflowClient of this module")


def test_what_a_function_is_given_by_any_names_may_be_of_the_module(unmended):
    test = (
        "import app\n\n\ndef check(**names): assert names['MlflowClient']\n\n\n"
        "def test_a(): check(**vars(app))\n"
    )
    (reason,) = unmended({"app.py": APP, "test_app.py": test})
    assert reason.endswith("may patch MlflowClient of this module")


@pytest.mark.parametrize("call", ["Mock(spec='MlflowClient')", "fake(app, name='MlflowClient')"])
def test_what_may_be_more_than_a_label_keeps_the_module(unmended, call):
    helper = "from unittest.mock import Mock\n\n\ndef fake(m, **names): return m\n"
    test = f"import app\n{helper}\n\ndef test_a():\n    assert {call}\n"
    (reason,) = unmended({"app.py": APP, "test_app.py": test}, same=False)
    assert reason.endswith("may patch MlflowClient of this module")


def test_a_module_of_mlflow_may_be_replaced_in_the_same_ways(unmended):
    source = "import mlflow\n\ndef use(): return mlflow.MlflowClient().get_run('1')\n"
    test = "class Double:\n    MlflowClient = Fake\n\ndef test_a():\n    app.__dict__['mlflow'] = Double\n    assert app.use() == 7\n"
    tree = {"app.py": source, "test_app.py": MOCK + FAKE + test}
    assert unmended(tree, tests=True) == [
        "app.py:3: mlflow.MlflowClient: test_app.py:12 may patch mlflow of this module"
    ]


FIXTURE = "import importlib\nimport pytest\n\n\n@pytest.fixture\ndef module(): return importlib.import_module('{}')\n"
BY_FIXTURE = f"{FAKE}def test_a(module, monkeypatch):\n    monkeypatch.setattr(module, 'MlflowClient', Fake)\n    assert module.use() == 7\n"


@pytest.mark.parametrize("folder", ["", "tests/", "tests/unit/"])
def test_a_test_may_patch_the_module_that_a_fixture_gives_it(unmended, folder):
    tree = {
        "app.py": APP,
        f"{folder}conftest.py": FIXTURE.format("app"),
        "tests/unit/test_app.py": BY_FIXTURE,
    }
    (reason,) = unmended(tree, same=False)
    assert reason.endswith("test_app.py:6 may patch MlflowClient of this module")


@pytest.mark.parametrize(
    "path, module", [("tests/conftest.py", "application"), ("tests/other/conftest.py", "app")]
)
def test_a_test_does_not_patch_what_its_fixtures_do_not_name(use_factory, path, module):
    tree = {
        "app.py": APP,
        path: FIXTURE.format(module),
        "tests/unit/test_fake.py": BY_FIXTURE,
    }
    assert list(use_factory(tree, same=False).changed) == ["app.py"]


@pytest.mark.parametrize("helper", ["tests/util.py", "tests/conftest.py"])
def test_a_helper_may_patch_what_its_tests_name(unmended, helper):
    tree = {
        "app.py": APP,
        helper: f"from unittest.mock import patch\n\n{FAKE}\ndef fake(m): return patch.object(m, 'MlflowClient', Fake)\n",
        "tests/test_app.py": f"import app\nfrom {helper[6:-3]} import fake\n\ndef test_a():\n    with fake(app): assert app.use() == 7\n",
    }
    assert unmended(tree, same=False) == [
        f"app.py:3: MlflowClient: {helper}:8 may patch MlflowClient of this module"
    ]


def test_a_helper_that_patches_mlflow_reaches_what_its_tests_run(unmended):
    tree = {
        "app.py": LATE.replace(".tracking", ""),
        "tests/util.py": f"from unittest.mock import patch\n\n{FAKE}\ndef fake(): return patch('mlflow.MlflowClient', Fake)\n",
        "tests/test_app.py": "import app\nfrom util import fake\n\ndef test_a():\n    with fake(): assert app.use() == 7\n",
    }
    assert unmended(tree, same=False) == [
        "app.py:3: mlflow.MlflowClient: tests/util.py:8 patches mlflow.MlflowClient, "
        "which the factory does not look up"
    ]


# Another mlflow, in which the factory does not look.
REPLACED = {
    "an entry": "sys.modules, {'mlflow': Double}",
    "by a string": "'sys.modules', {'mlflow': Double}",
    "by keyword": "sys.modules, mlflow=Double",
}


@pytest.mark.parametrize("arguments", REPLACED.values(), ids=REPLACED)
def test_a_module_that_gets_another_mlflow_keeps_its_import(unmended, arguments):
    source = (
        "def use():\n    from mlflow import MlflowClient\n    return MlflowClient().get_run('1')\n"
    )
    test = f"import sys\n\nclass Double:\n    MlflowClient = Fake\n\ndef test_a():\n    with patch.dict({arguments}): assert app.use() == 7\n"
    tree = {"app.py": source, "test_app.py": MOCK + FAKE + test}
    assert unmended(tree, tests=True) == [
        "app.py:3: MlflowClient: unsafe: test_app.py:14 puts a double in the place of mlflow"
    ]


@pytest.mark.parametrize(
    "target", ["'mlflow.tracking', Double", "object(mlflow, 'tracking', Double"]
)
def test_a_double_of_a_module_of_mlflow_keeps_the_import(unmended, target):
    patched = f"patch.{target})" if target.startswith("object") else f"patch({target})"
    test = f"import mlflow\n\nclass Double:\n    MlflowClient = Fake\n\ndef test_a():\n    with {patched}: assert app.use() == 7\n"
    factory = "from mlflow import MlflowClient\n\ndef create_client(tracking_uri=None, registry_uri=None):\n    return MlflowClient(tracking_uri, registry_uri)\n"
    tree = {"lib/clients.py": factory, "app.py": LATE, "test_app.py": MOCK + FAKE + test}
    (reason,) = unmended(tree, tests=True)
    assert reason.endswith("unsafe: test_app.py:14 puts a double in the place of mlflow")
