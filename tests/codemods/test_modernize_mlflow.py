"""Uses of what MLflow has moved are rewritten where the new form is proven, and only there."""

import pytest

# Old and new names side by side, as in no real release, so that both states can be imported.
MLFLOW = {
    "mlflow/__init__.py": """
        from mlflow import genai, models, pyfunc, sklearn, tracking, utils
        from mlflow.models import evaluate
        from mlflow.genai import load_prompt, search_prompts
        from mlflow.tracking import MlflowClient
        __version__ = "3.18.0"
        def run(uri, **options): return uri
        def get_trace(trace_id=None, request_id=None): return trace_id or request_id
        def list_experiments(): return []
    """,
    "mlflow/models.py": "def evaluate(*args, extra_metrics=None, custom_metrics=None, model_type=None): return extra_metrics or custom_metrics\n",
    "mlflow/genai.py": "def load_prompt(name): return name\ndef search_prompts(): return []\n",
    "mlflow/pyfunc.py": """
        def load_model(uri): return uri
        load_pyfunc = load_model
        def log_model(artifact_path=None, *, name=None, code_path=None, code_paths=None): return artifact_path or name
    """,
    "mlflow/sklearn.py": "def log_model(model, artifact_path=None, *, name=None): return artifact_path or name\n",
    "mlflow/utils/__init__.py": "from mlflow.utils.uri import get_uri_scheme\n",
    "mlflow/utils/uri.py": "def get_uri_scheme(uri): return uri.partition(':')[0]\n",
    "mlflow/tracking/__init__.py": """
        class MlflowClient:
            def list_registered_models(self, max_results=100): return [max_results]
            def search_registered_models(self, filter_string=None, max_results=100): return [max_results]
            def list_experiments(self): return []
    """,
    "mlflow/store/__init__.py": "",
    "mlflow/store/file_store.py": "from mlflow.store.tracking.file_store import FileStore\n_TRACKING_DIR_ENV_VAR = 'x'\n",
    "mlflow/store/rest_store.py": "from mlflow.store.tracking.rest_store import RestStore\n",
    "mlflow/store/artifact/__init__.py": "",
    "mlflow/store/artifact/artifact_repo.py": "class ArtifactRepository: pass\n",
    "mlflow/store/artifact_repo.py": "from mlflow.store.artifact.artifact_repo import ArtifactRepository\n",
    "mlflow/store/tracking/__init__.py": "",
    "mlflow/store/tracking/file_store.py": "class FileStore: pass\n",
    "mlflow/store/tracking/rest_store.py": "class RestStore: pass\n",
}
NEWEST = '[tool.trackfix]\ntarget-mlflow = "3.18"\n'
WORDS = {
    "artifact_path",
    "run_uuid",
    "code_path",
    "custom_metrics",
    "use_conda",
    "evaluate",
    "load_pyfunc",
}


@pytest.fixture(scope="session")
def modernize(apply):
    """Applies ``modernize-mlflow`` to a tree that is to run with MLflow 3.18."""

    def run(tree, **options):
        tree = tree if isinstance(tree, dict) else {"app.py": tree}
        base = {} if "requirements.txt" in tree else {"pyproject.toml": NEWEST}
        return apply({**base, **tree}, "modernize-mlflow", installed=MLFLOW, words=WORDS, **options)

    return run


REWRITTEN = {
    "a name of the module": (
        "import mlflow\nx = mlflow.evaluate(1)\n",
        "import mlflow\nx = mlflow.models.evaluate(1)\n",
    ),
    "under an alias": (
        "import mlflow as m\nx = m.load_prompt('a')\n",
        "import mlflow as m\nx = m.genai.load_prompt('a')\n",
    ),
    "where the import may fail": (
        "try:\n    import mlflow\nexcept ImportError:\n    mlflow = None\nx = mlflow.evaluate(1)\n",
        "try:\n    import mlflow\nexcept ImportError:\n    mlflow = None\nx = mlflow.models.evaluate(1)\n",
    ),
    "beside the module handed on": (
        "import mlflow\nprint(mlflow)\ndef f(): return mlflow.evaluate(1)\n",
        "import mlflow\nprint(mlflow)\ndef f(): return mlflow.models.evaluate(1)\n",
    ),
    "imported by its name": (
        "from mlflow import evaluate\n",
        "from mlflow.models import evaluate\n",
    ),
    "imported under an alias": (
        "from mlflow import evaluate as ev\n",
        "from mlflow.models import evaluate as ev\n",
    ),
    "one of several names": (
        "from mlflow import evaluate, run\n",
        "from mlflow import run\nfrom mlflow.models import evaluate\n",
    ),
    "in a function": (
        "def f():\n    from mlflow.utils import get_uri_scheme\n    return get_uri_scheme('a:b')\n",
        "def f():\n    from mlflow.utils.uri import get_uri_scheme\n    return get_uri_scheme('a:b')\n",
    ),
    "for type checkers": (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from mlflow.store.file_store import FileStore\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from mlflow.store.tracking.file_store import FileStore\n",
    ),
    "a module": (
        "from mlflow.store.file_store import FileStore\n",
        "from mlflow.store.tracking.file_store import FileStore\n",
    ),
    "a module under an alias": (
        "import mlflow.store.file_store as fs\nx = fs.FileStore\n",
        "import mlflow.store.tracking.file_store as fs\nx = fs.FileStore\n",
    ),
    "a module in full": (
        "import mlflow.store.file_store\nx = mlflow.store.file_store.FileStore\n",
        "import mlflow.store.tracking.file_store\nx = mlflow.store.tracking.file_store.FileStore\n",
    ),
    "a name in its module": (
        "from mlflow import pyfunc\nx = pyfunc.load_pyfunc('m')\n",
        "from mlflow import pyfunc\nx = pyfunc.load_model('m')\n",
    ),
    "a star import": (
        "from mlflow.store.file_store import *\nx = FileStore\n",
        "from mlflow.store.tracking.file_store import *\nx = FileStore\n",
    ),
    "an argument": (
        "import mlflow\nx = mlflow.sklearn.log_model(1, artifact_path='m')\n",
        "import mlflow\nx = mlflow.sklearn.log_model(1, name='m')\n",
    ),
    "an argument by position": (
        "from mlflow.sklearn import log_model\nx = log_model(1, 'artifact_path')\n",
        "from mlflow.sklearn import log_model\nx = log_model(1, name='artifact_path')\n",
    ),
    "the first argument of another flavour": (
        "import mlflow\nx = mlflow.pyfunc.log_model('m')\n",
        "import mlflow\nx = mlflow.pyfunc.log_model(name='m')\n",
    ),
    "an argument of a partial": (
        "import mlflow\nfrom functools import partial\nx = partial(mlflow.sklearn.log_model, artifact_path='m')(1)\n",
        "import mlflow\nfrom functools import partial\nx = partial(mlflow.sklearn.log_model, name='m')(1)\n",
    ),
    "a name and an argument at once": (
        "import mlflow\nx = mlflow.evaluate(1, custom_metrics=[2])\n",
        "import mlflow\nx = mlflow.models.evaluate(1, extra_metrics=[2])\n",
    ),
    "an argument with another value": (
        "import mlflow\nx = mlflow.run('.', use_conda=False)\n",
        "import mlflow\nx = mlflow.run('.', env_manager=\"local\")\n",
    ),
    "an argument whose value is turned round": (
        "import mlflow\nx = mlflow.run('.', skip_image_build=True)\n",
        "import mlflow\nx = mlflow.run('.', build_image=False)\n",
    ),
    "a method of a client": (
        "from mlflow import MlflowClient\nx = MlflowClient().list_registered_models(max_results=5)\n",
        "from mlflow import MlflowClient\nx = MlflowClient().search_registered_models(max_results=5)\n",
    ),
}


@pytest.mark.parametrize("source, expected", REWRITTEN.values(), ids=REWRITTEN)
def test_it_is_rewritten(modernize, source, expected):
    assert modernize(source)["app.py"] == expected


def test_the_bytes_around_stay_as_they_are(modernize):
    source = b"\xef\xbb\xbfimport mlflow\r\n\r\nx = mlflow.evaluate( 1 , # why\r\n    custom_metrics = [2])  # mlflow\r\n"
    expected = source.replace(b"mlflow.evaluate", b"mlflow.models.evaluate").replace(
        b"custom_metrics =", b"extra_metrics ="
    )
    assert modernize(source).after["app.py"] == expected


LEFT_ALONE = {
    "a string": "x = 'mlflow.evaluate'\n",
    "a comment": "import mlflow  # mlflow.evaluate(custom_metrics=1)\n",
    "another module": "import json as mlflow\nx = mlflow.evaluate if False else 1\n",
    "a name of the file": "import mlflow\ndef evaluate(*, custom_metrics): return 1\nx = evaluate(custom_metrics=1)\n",
    "a fallback": "try:\n    from mlflow.store.tracking.file_store import FileStore\nexcept ImportError:\n    from mlflow.store.file_store import FileStore\n",
    "a fallback the other way round": "try:\n    from mlflow.store.file_store import FileStore\nexcept ImportError:\n    from mlflow.store.tracking.file_store import FileStore\n",
    "a fallback of an attribute": "import mlflow\ntry:\n    x = mlflow.models.evaluate\nexcept AttributeError:\n    x = mlflow.evaluate\n",
    "a test of the version": "import mlflow\nif mlflow.__version__ < '3':\n    x = mlflow.evaluate(1)\n",
    "a flag": "import mlflow\nOLD = mlflow.__version__ < '3'\ndef f(): return mlflow.evaluate(1) if OLD else 0\n",
    "a function left before": "import mlflow\ndef f():\n    if not hasattr(mlflow, 'evaluate'):\n        return 0\n    return mlflow.evaluate(1)\n",
    "a name that is asked for": "def f():\n    from mlflow import utils\n    if hasattr(utils, 'get_uri_scheme'):\n        from mlflow.utils import get_uri_scheme\n    return get_uri_scheme\n",
    "a decorated test": "import mlflow\ndef skipif(x): return lambda f: f\n@skipif(mlflow.__version__ > '3')\ndef f(): return mlflow.evaluate(1)\n",
    "the new forms": "import mlflow\nx = mlflow.models.evaluate(1, extra_metrics=[1])\ny = mlflow.sklearn.log_model(1, name='m')\n",
    "another object's method": "class A:\n    def list_registered_models(self): return 1\nimport mlflow\nx = A().list_registered_models()\n",
    "arguments that are unpacked": "import mlflow\nx = mlflow.sklearn.log_model(*[1, 'm'])\ny = mlflow.sklearn.log_model(1, **{'artifact_path': 'm'})\n",
}


@pytest.mark.parametrize("source", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_nothing_is_done_and_nothing_said(modernize, source):
    applied = modernize(source, unsafe=True)
    assert (applied.changed, applied.skipped) == ({}, [])


BY_HAND = {
    "another result": (
        "import mlflow\nx = mlflow.list_experiments()\n",
        "2: mlflow.list_experiments: the result is ordered",
    ),
    "a client's other result": (
        "from mlflow import MlflowClient\nx = MlflowClient().list_experiments()\n",
        "2: MlflowClient.list_experiments: it returns at most 1000",
    ),
    "positions that mean others": (
        "from mlflow import MlflowClient\nx = MlflowClient().list_registered_models(5)\n",
        "2: MlflowClient.list_registered_models: search_registered_models takes other arguments by position",
    ),
    "a name that is refused": (
        "import mlflow\nx = mlflow.sklearn.log_model(1, artifact_path='a/b')\n",
        "2: artifact_path: the name of a model must hold none of",
    ),
    "arguments behind it": (
        "import mlflow\nx = mlflow.pyfunc.log_model('m', *[])\nx = mlflow.sklearn.log_model(1, 'm', 'x') if False else 0\n",
        "3: artifact_path: more arguments follow it",
    ),
    "a value made at run time": (
        "import mlflow\nc = True\nx = mlflow.run('.', use_conda=c)\n",
        "3: use_conda: its value is not written here",
    ),
    "a name that is lost": (
        "from mlflow.store.file_store import _TRACKING_DIR_ENV_VAR\n",
        "1: mlflow.store.file_store._TRACKING_DIR_ENV_VAR: mlflow.store.tracking.file_store has no _TRACKING_DIR_ENV_VAR",
    ),
    "an evaluation of a language model": (
        "import mlflow\nx = mlflow.evaluate(1, model_type='text')\n",
        "2: mlflow.evaluate: of language models, mlflow.genai.evaluate is the new form",
    ),
}


@pytest.mark.parametrize("source, reason", BY_HAND.values(), ids=BY_HAND)
def test_what_is_left_to_do_is_told(modernize, source, reason):
    applied = modernize(source)
    assert applied.changed == {}
    assert [line for line in applied.skipped if line.startswith(f"app.py:{reason}")]


def test_a_name_that_the_new_module_lacks_is_told_once_and_holds_back_no_other_import(modernize):
    applied = modernize(
        """
        from mlflow.store.file_store import FileStore
        from mlflow.store.file_store import _TRACKING_DIR_ENV_VAR
        """
    )
    assert applied["app.py"].splitlines()[:2] == [
        "from mlflow.store.tracking.file_store import FileStore",
        "from mlflow.store.file_store import _TRACKING_DIR_ENV_VAR",
    ]
    assert applied.skipped == [
        "app.py:2: mlflow.store.file_store._TRACKING_DIR_ENV_VAR: mlflow.store.tracking.file_store has no _TRACKING_DIR_ENV_VAR"
    ]


def test_a_moved_module_that_its_old_package_still_has_stays_where_it_is_taken_from_there(
    modernize,
):
    applied = modernize(
        {
            "app.py": "from mlflow.store import artifact_repo\nx = artifact_repo.ArtifactRepository\n",
            "old.py": "from mlflow.store.artifact_repo import ArtifactRepository\n",
        }
    )
    assert applied.changed == {
        "old.py": "from mlflow.store.artifact.artifact_repo import ArtifactRepository\n"
    }
    assert applied.skipped == []


def test_nothing_is_done_for_a_release_that_the_requirements_allow_but_that_lacks_the_new_form(
    modernize,
):
    applied = modernize(
        {
            "requirements.txt": "mlflow>=2.9,<4\n",
            "app.py": "import mlflow\nx = mlflow.load_prompt('a')\ny = mlflow.pyfunc.log_model('m', code_path=[])\n",
        }
    )
    assert applied.changed == {}
    assert applied.skipped == [
        "app.py:2: mlflow.load_prompt: it came with MLflow 3.6, and 2.9 is allowed (requirements.txt: <4,>=2.9): raise the requirement or set target-mlflow",
        "app.py:3: artifact_path: it came with MLflow 3.0, and 2.9 is allowed (requirements.txt: <4,>=2.9): raise the requirement or set target-mlflow",
        "app.py:3: code_path: it came with MLflow 2.12, and 2.9 is allowed (requirements.txt: <4,>=2.9): raise the requirement or set target-mlflow",
    ]


def test_what_no_allowed_release_has_deprecated_stays(modernize):
    source = "import mlflow\nx = mlflow.evaluate(1, custom_metrics=[2])\n"
    applied = modernize({"requirements.txt": "mlflow==2.7.1\n", "app.py": source})
    assert (applied.changed, applied.skipped) == ({}, [])


def test_what_the_setting_allows_stays(modernize):
    setting = f"{NEWEST}allowed-mlflow-apis = ['mlflow.evaluate', 'mlflow.store.file_store']\n"
    source = (
        "import mlflow\nfrom mlflow.store.file_store import FileStore\nx = mlflow.evaluate(1)\n"
    )
    applied = modernize({"pyproject.toml": setting, "app.py": source})
    assert (applied.changed, applied.skipped) == ({}, [])


def test_without_a_requirement_it_is_unsafe(modernize, apply):
    tree = {"app.py": "import mlflow\nx = mlflow.evaluate(1)\n"}
    applied = apply(tree, "modernize-mlflow", installed=MLFLOW)
    assert applied.skipped == [
        "app.py:2: mlflow.evaluate: unsafe: no requirement tells the release of MLflow"
    ]
    applied = apply(tree, "modernize-mlflow", installed=MLFLOW, unsafe=True)
    assert applied["app.py"] == "import mlflow\nx = mlflow.models.evaluate(1)\n"


def test_the_old_id_of_a_run_goes_by_its_name_only(modernize):
    source = "import mlflow\ndef f(run): return run.info.run_uuid\n"
    assert modernize(source).skipped == [
        "app.py:2: info.run_uuid: unsafe: only its name shows what it is"
    ]
    assert modernize(source, unsafe=True)["app.py"] == source.replace("run_uuid", "run_id")
    assert (
        modernize("import mlflow\nx = mlflow.run('')\ndef f(r): return r.run_uuid\n").changed == {}
    )


HEAD = "from unittest.mock import patch\nimport consumer\n"
LATE = "import mlflow\ndef use(): return mlflow.evaluate(1, extra_metrics=2)\n"
TEST = "from unittest.mock import patch\nimport consumer\n\n@patch('mlflow.evaluate', return_value=3)\ndef test_use(fake): assert consumer.use() == 3\n"


def test_a_patch_moves_with_the_code_that_it_reaches(modernize):
    applied = modernize({"consumer.py": LATE, "test_use.py": TEST}, unsafe=True, tests=True)
    assert applied.changed == {
        "consumer.py": LATE.replace("mlflow.evaluate", "mlflow.models.evaluate"),
        "test_use.py": TEST.replace("mlflow.evaluate", "mlflow.models.evaluate"),
    }


def test_a_patch_and_the_code_that_it_reaches_stay_without_the_permission(modernize):
    applied = modernize({"consumer.py": LATE, "test_use.py": TEST}, tests=True)
    assert applied.changed == {}
    assert "would change for all who use it" in applied.skipped[0]


def test_what_is_replaced_through_the_module_stays_with_all_who_use_it(modernize):
    test = "from unittest.mock import patch\nimport mlflow\nimport consumer\n\ndef test_use():\n    with patch.object(mlflow, 'evaluate', return_value=3):\n        assert consumer.use() == 3\n"
    applied = modernize({"consumer.py": LATE, "test_use.py": test}, unsafe=True, tests=True)
    assert applied.changed == {}
    assert "it is replaced through its module" in applied.skipped[0]


REACHED = {
    "by its path": "with patch('consumer.mlflow.evaluate', return_value=3):",
    "in the module's MLflow": "with patch.object(consumer.mlflow, 'evaluate', return_value=3):",
    "with others": "with patch.multiple(consumer.mlflow, evaluate=lambda *a, **k: 3):",
}


@pytest.mark.parametrize("line", REACHED.values(), ids=REACHED)
def test_a_patch_through_the_module_that_calls_makes_it_unsafe(modernize, line):
    test = f"{HEAD}def test_use():\n    {line}\n        assert consumer.use() == 3\n"
    applied = modernize({"consumer.py": LATE, "test_use.py": test}, tests=True)
    assert applied.changed == {}
    reason = "unsafe: test_use.py:4 puts a double in the place of evaluate"
    assert applied.skipped == [f"consumer.py:2: mlflow.evaluate: {reason}"]


def test_an_assignment_through_the_module_that_calls_makes_it_unsafe(modernize):
    test = "import consumer\ndef test_use():\n    consumer.mlflow.evaluate = lambda *a, **k: 3\n    assert consumer.use() == 3\n"
    assert modernize({"consumer.py": LATE, "test_use.py": test}, tests=True).changed == {}


def test_a_patch_through_a_name_for_it_makes_it_unsafe(modernize):
    test = "import consumer\nuses = consumer.mlflow\ndef test_use(monkeypatch):\n    monkeypatch.setattr(uses, 'evaluate', print)\n"
    assert modernize({"consumer.py": LATE, "test_use.py": test}).changed == {}


def test_a_patch_through_a_name_for_something_else_is_no_matter(modernize):
    test = "import consumer\nuses = consumer.model\ndef test_use(monkeypatch):\n    monkeypatch.setattr(uses, 'evaluate', print)\n"
    assert modernize({"consumer.py": f"{LATE}model = mlflow\n", "test_use.py": test}).changed


def test_a_patch_of_what_only_has_the_same_name_is_no_matter(modernize):
    test = f"{HEAD}def test_use():\n    with patch.object(consumer.model, 'evaluate'):\n        pass\n    assert consumer.mlflow.evaluate\n"
    source = f"{LATE}model = mlflow\n"
    applied = modernize({"consumer.py": source, "test_use.py": test})
    assert applied.changed == {"consumer.py": source.replace(".evaluate", ".models.evaluate")}


def test_an_import_for_which_a_test_has_a_double_of_mlflow_waits_for_unsafe(modernize):
    source = "from mlflow import evaluate\ndef use(): return evaluate(1)\n"
    test = "import sys\nfrom unittest.mock import MagicMock\nsys.modules['mlflow'] = MagicMock()\nimport consumer\n"
    tree = {"consumer.py": source, "test_use.py": test}
    applied = modernize(tree)
    assert applied.changed == {}
    reason = "unsafe: test_use.py:3 puts a double in the place of mlflow"
    assert applied.skipped == [f"consumer.py:1: mlflow.evaluate: {reason}"]
    assert modernize(tree, unsafe=True).changed == {
        "consumer.py": source.replace("mlflow import", "mlflow.models import")
    }


def test_a_module_that_a_test_names_does_not_hold_its_moved_names(modernize):
    late = "import mlflow\ndef use(): return mlflow.pyfunc.load_pyfunc('m')\n"
    applied = modernize(
        {"consumer.py": late, "test_a.py": "def test_a(): assert 'mlflow.pyfunc'\n"}
    )
    assert applied.changed == {"consumer.py": late.replace("load_pyfunc", "load_model")}
    assert applied.skipped == []


def test_a_notebook_is_rewritten_in_its_cells(modernize):
    source = b'{"cells": [{"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": null, "source": ["import mlflow\\n", "mlflow.evaluate(1)"]}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
    applied = modernize({"a.ipynb": source})
    assert applied.after["a.ipynb"] == source.replace(b"mlflow.evaluate", b"mlflow.models.evaluate")


def test_mlflow_itself_is_not_told_to_leave_its_old_names(apply):
    tree = {**MLFLOW, "app.py": "import mlflow\nx = mlflow.evaluate(1)\n"}
    applied = apply(tree, "modernize-mlflow", unsafe=True)
    assert (applied.changed, applied.skipped) == ({}, [])


LOGGED = "import mlflow\ndef use(): return mlflow.pyfunc.log_model(artifact_path='m')\n"
RENAMED = LOGGED.replace("artifact_path", "name")
WATCHED = {
    "a question": (
        f"{HEAD}def test_use():\n    with patch('mlflow.pyfunc.log_model') as m:\n        consumer.use()\n        m.assert_called_once()\n",
        "test_use.py:4 patches log_model",
    ),
    "a question to the module": (
        f"{HEAD}def test_use():\n    with patch('consumer.mlflow') as m:\n        consumer.use()\n        m.pyfunc.log_model.assert_called_once()\n",
        "test_use.py:6 asks how log_model is called",
    ),
    "a double of the module": (
        f"{HEAD}def test_use():\n    with patch('consumer.mlflow'):\n        consumer.use()\n",
        "test_use.py:4 puts a double in the place of mlflow",
    ),
}


@pytest.mark.parametrize("test, reason", WATCHED.values(), ids=WATCHED)
def test_a_call_that_a_test_watches_waits_for_unsafe(modernize, test, reason):
    tree = {"consumer.py": LOGGED, "test_use.py": test}
    applied = modernize(tree)
    assert applied.changed == {}
    assert applied.skipped == [f"consumer.py:2: artifact_path: unsafe: {reason}"]
    assert modernize(tree, unsafe=True, tests=True).changed == {"consumer.py": RENAMED}


def test_a_test_that_only_runs_a_call_is_no_matter(modernize):
    test = "import consumer\ndef test_use(): assert consumer.use() == 'm'\n"
    tree = {"consumer.py": LOGGED, "test_use.py": test}
    assert modernize(tree, tests=True).changed == {"consumer.py": RENAMED}


def test_the_old_id_of_a_run_that_a_test_makes_waits_for_unsafe(modernize):
    source = "import mlflow\ndef use(): return mlflow.get_run('a').info.run_uuid\n"
    test = f"{HEAD}def test_use():\n    with patch('mlflow.get_run', create=True) as m:\n        m.return_value.info.run_uuid = 'a'\n        consumer.use()\n"
    applied = modernize({"consumer.py": source, "test_use.py": test})
    assert applied.changed == {}
    assert applied.skipped == [
        "consumer.py:2: info.run_uuid: unsafe: test_use.py:5 puts a double in the place of run_uuid"
    ]
