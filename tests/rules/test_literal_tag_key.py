"""TRK601: literals that have a constant, and those that don't."""

import pytest

from trackfix.project.settings.config import ConfigError

START = "import mlflow\nfrom mlflow import MlflowClient\nTAG_STAGE = 'code.stage'\n\ndef f(client: MlflowClient, run, x):\n"


@pytest.fixture
def messages(check):
    """The messages of the findings in the body of a function."""

    def run(body, path="a.py", **files):
        indented = "".join(f"    {line}\n" for line in body.splitlines())
        tree = {path: START + indented, **{f"{n}.py": s for n, s in files.items()}}
        return [found.message for found in check("TRK601", tree)]

    return run


FOUND = {
    "set_tag": "mlflow.set_tag('code.stage', x)",
    "by keyword": "mlflow.set_tag(key='code.stage', value=x)",
    "set_tags": "mlflow.set_tags({'code.stage': x})",
    "start_run": "mlflow.start_run(tags={'code.stage': x})",
    "create_run": "client.create_run('1', tags={'code.stage': x})",
    "a client": "client.set_tag(x, 'code.stage', x)",
    "delete_tag": "client.delete_tag(x, 'code.stage')",
    "a tag that is read": "return run.data.tags['code.stage']",
    "a tag that may be absent": "return mlflow.get_run(x).data.tags.get('code.stage', '')",
}


@pytest.mark.parametrize("body", FOUND.values(), ids=FOUND)
def test_a_literal_with_a_constant_is_found(messages, body):
    assert messages(body) == ["'code.stage' is TAG_STAGE of a"]


def test_mlflows_own_keys_have_constants_of_mlflow(messages):
    found = messages("mlflow.set_tag('mlflow.parentRunId', x)")
    assert found == ["'mlflow.parentRunId' is MLFLOW_PARENT_RUN_ID of mlflow.utils.mlflow_tags"]


def test_the_constants_of_mlflow_are_as_it_has_them():
    from mlflow.utils import mlflow_tags

    from trackfix.project.mlflow_uses.tag_keys import MLFLOW_CONSTANTS

    assert {getattr(mlflow_tags, name): name for name in MLFLOW_CONSTANTS.values()} == (
        MLFLOW_CONSTANTS
    )


def test_the_projects_own_constant_goes_first(messages):
    found = messages("mlflow.set_tag('mlflow.user', x)", keys="TAG_USER = 'mlflow.user'\n")
    assert found == ["'mlflow.user' is TAG_USER of keys"]


def test_a_constant_may_belong_to_a_class(messages):
    found = messages("mlflow.set_tag('fold', x)", keys="class Tags:\n    FOLD: str = 'fold'\n")
    assert found == ["'fold' is Tags.FOLD of keys"]


RIGHT = {
    "the constant": "mlflow.set_tag(TAG_STAGE, x)",
    "a key without a constant": "mlflow.set_tag('code.model', x)",
    "a value": "mlflow.set_tag(x, 'code.stage')",
    "a value in a dict": "mlflow.set_tags({x: 'code.stage'})",
    "a parameter": "mlflow.log_param('code.stage', x)",
    "other tags": "return x.tags['code.stage']",
    "another dict": "return x['code.stage']",
    "a filter": "mlflow.search_runs(['1'], \"tags.code.stage = 'a'\")",
    "a text": "print('code.stage')",
}


@pytest.mark.parametrize("body", RIGHT.values(), ids=RIGHT)
def test_what_is_no_literal_key_or_has_no_constant_is_not_found(messages, body):
    assert messages(body) == []


CONSTANTS = {
    "two constants": "A_TAG = 'model.x'\nB_TAG = 'model.x'\n",
    "a variable": "tag = 'model.x'\n",
    "a local name": "def f():\n    A_TAG = 'model.x'\n",
    "a member of an enumeration": "class Tag(Enum):\n    A = 'model.x'\n",
}


@pytest.mark.parametrize("source", CONSTANTS.values(), ids=CONSTANTS)
def test_only_one_plain_constant_counts(messages, source):
    assert messages("mlflow.set_tag('model.x', x)", keys=source) == []


def test_a_constant_that_does_not_speak_of_tags_is_the_key_of_something_else(messages):
    body = "mlflow.set_tag('model.x', x)"
    assert messages(body, keys="CATALOG_KEY = 'model.x'\n") == []


def test_a_word_that_only_has_the_letters_does_not_speak_of_tags(messages):
    assert messages("mlflow.set_tag('model.x', x)", keys="STAGE = 'model.x'\n") == []
    assert messages("mlflow.set_tag('model.x', x)", keys="VINTAGE = 'model.x'\n") == []


def test_the_module_may_speak_of_tags(messages):
    body = "mlflow.set_tag('model.x', x)"
    assert messages(body, tag_keys="MODEL = 'model.x'\n") == ["'model.x' is MODEL of tag_keys"]


def test_tests_compare_with_what_is_stored(messages):
    assert messages(FOUND["set_tag"], "tests/test_a.py") == []


@pytest.mark.parametrize(
    "source, safety",
    [
        ("import mlflow\nTAG_A = 'a.b'\nmlflow.set_tag('a.b', 1)\n", "safe"),
        ("import mlflow\nmlflow.set_tag('mlflow.user', 1)\n", "unsafe"),
        ("import mlflow\nmlflow.set_tag('a.b', 1)\nTAG_A = 'a.b'\n", None),
        ("import mlflow\nTAG_A = 'a.b'\ndef f(TAG_A):\n    mlflow.set_tag('a.b', 1)\n", None),
    ],
)
def test_a_fix_is_only_promised_where_the_codemod_keeps_it(check, source, safety):
    (found,) = check("TRK601", {"a.py": source})
    assert (found.fix.safety if found.fix else None) == safety
    assert ("; left alone: " in found.message) == (safety is None)


@pytest.mark.parametrize(
    "setting, lines",
    [
        ("", [3]),
        ('tag-key-modules = ["pkg.keys"]', [2, 3]),
        ("mlflow-tag-constants = false", []),
        ('tag-key-modules = ["pkg.keys"]\nmlflow-tag-constants = false', [2]),
    ],
)
def test_the_settings_say_where_the_constants_are(check, setting, lines):
    tree = {
        "pyproject.toml": f"[tool.trackfix]\n{setting}\n",
        "pkg/keys.py": "STAGE = 'code.stage'\n",
        "a.py": "import mlflow\nmlflow.set_tag('code.stage', 'a')\nmlflow.set_tag('mlflow.user', 'b')\n",
    }
    assert [found.line for found in check("TRK601", tree)] == lines


def test_a_module_of_tag_keys_that_is_not_there_is_one_line(check):
    tree = {
        "pyproject.toml": '[tool.trackfix]\ntag-key-modules = ["pkg.key"]\n',
        "pkg/keys.py": "STAGE = 'code.stage'\n",
        "a.py": "import mlflow\nmlflow.set_tag('code.stage', 'a')\n",
    }
    with pytest.raises(ConfigError) as error:
        check("TRK601", tree)
    assert (
        str(error.value)
        == "pyproject.toml: [tool.trackfix] tag-key-modules: there is no module 'pkg.key'; did you mean 'pkg.keys'?"
    )
