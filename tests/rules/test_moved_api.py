"""The findings of TRK701, and what they say."""

import pytest

from trackfix.project.settings.config import ConfigError


@pytest.fixture
def found(check):
    """Line, message and safety of the fix of each finding in ``app.py``."""

    def run(source, requirement="mlflow==3.18.0"):
        tree = {"app.py": source, "requirements.txt": f"{requirement}\n"}
        return [
            (finding.line, finding.message, finding.fix and finding.fix.safety)
            for finding in check("TRK701", tree)
        ]

    return run


def test_a_finding_says_what_happened_and_what_it_is_now(found):
    source = """
        import mlflow
        from mlflow.store.file_store import FileStore
        mlflow.evaluate(1, custom_metrics=[])
        mlflow.MlflowClient().get_latest_versions("m")
        mlflow.gluon.autolog()
    """
    assert found(source) == [
        (
            2,
            "mlflow.store.file_store was removed in MLflow 1.7; it is mlflow.store.tracking.file_store now",
            "safe",
        ),
        (
            3,
            "mlflow.evaluate is deprecated since MLflow 3.0; it is mlflow.models.evaluate now",
            "safe",
        ),
        (
            3,
            "the parameter custom_metrics was removed in MLflow 3.0; it is extra_metrics now",
            "safe",
        ),
        (
            4,
            "MlflowClient.get_latest_versions is deprecated since MLflow 2.9; it is get_model_version_by_alias now (stages are deprecated: give versions an alias)",
            None,
        ),
        (5, "mlflow.gluon was removed in MLflow 2.20; log the model with mlflow.pyfunc", None),
    ]


def test_a_fix_is_unsafe_where_nothing_tells_the_release(found):
    assert [fix for _, _, fix in found("import mlflow\nmlflow.evaluate(1)\n", "mlflow")] == [
        "unsafe"
    ]


def test_one_name_of_several_is_pointed_at(check):
    (finding,) = check("TRK701", {"app.py": "from mlflow import log_metric, evaluate as ev\n"})
    assert (finding.column, finding.end_column) == (32, 46)


def test_an_imported_name_is_found_once(found):
    source = "from mlflow import evaluate\nevaluate(1)\nevaluate(2)\n"
    assert [line for line, _, _ in found(source)] == [1]


@pytest.mark.parametrize(
    "requirement, messages",
    [
        ("mlflow==1.30", []),
        ("mlflow>=1.30,<3", []),
        (
            "mlflow>=2.0",
            [
                "mlflow.fastai was removed in MLflow 3.0; log the model with mlflow.pyfunc or mlflow.pytorch"
            ],
        ),
    ],
)
def test_only_what_an_allowed_release_lacks_is_found(found, requirement, messages):
    assert [m for _, m, _ in found("import mlflow.fastai\n", requirement)] == messages


@pytest.mark.parametrize(
    "source",
    [
        "def f(client):\n    client.transition_model_version_stage('a', 1, 'b')\n",
        "import mlflow\nprint('mlflow.evaluate')  # mlflow.evaluate\n",
        "import mlflow\nmlflow.log_metric('evaluate', 1)\n",
        "import mlflow\nmlflow.spark.log_model(1, artifact_path='a')\n",
        "from other import log_model\nimport mlflow\nlog_model(1, artifact_path='a')\n",
        "import mlflow\ndef f(info): return info.run_uuid\n",
        "from mlflow.tracking.context.registry import resolve_tags\n",
    ],
)
def test_nothing_is_found_in_what_only_looks_like_it(found, source):
    assert found(source) == []


@pytest.mark.parametrize(
    "source, requirement, expected",
    [
        (
            "from mlflow.pyfunc.scoring_server import parse_json_input\n",
            "mlflow==2.22.0",
            "mlflow.pyfunc.scoring_server.parse_json_input was removed in MLflow 2.0; it is mlflow.pyfunc.scoring_server.infer_and_parse_data now (it takes the parsed JSON, of the form that MLflow 2.0 brought)",
        ),
        (
            "from mlflow.tracking.fluent import _RUN_ID_ENV_VAR\n",
            "mlflow==2.5.0",
            "mlflow.tracking.fluent._RUN_ID_ENV_VAR was removed in MLflow 2.5; it is mlflow.environment_variables.MLFLOW_RUN_ID now (it is an object: take its name)",
        ),
        ("from mlflow.tracking.fluent import _RUN_ID_ENV_VAR\n", "mlflow==2.4.2", None),
        ("from mlflow.pyfunc.scoring_server import parse_csv_input\n", "mlflow==3.18.0", None),
    ],
)
def test_what_old_plugins_took_from_inside_of_mlflow_is_known(found, source, requirement, expected):
    messages = [message for _, message, _ in found(source, requirement)]
    assert messages == ([expected] if expected else [])


def test_a_moved_module_that_its_old_package_still_has_is_found_where_it_is_imported_itself(found):
    source = """
        import mlflow
        from mlflow.store import artifact_repo
        from mlflow.store.artifact_repo import ArtifactRepository
        import mlflow.store.artifact_repo
        print(mlflow.store.artifact_repo, artifact_repo.ArtifactRepository)
    """
    assert [line for line, _, _ in found(source)] == [3, 4]


def test_what_the_setting_allows_may_stay(check):
    source = "import mlflow\nmlflow.evaluate(1, custom_metrics=[])\nmlflow.MlflowClient().get_latest_versions('m')\n"
    setting = "[tool.trackfix]\nallowed-mlflow-apis = ['MlflowClient.get_latest_versions', 'custom_metrics']\n"
    (found,) = check("TRK701", {"pyproject.toml": setting, "app.py": source})
    assert found.message.startswith("mlflow.evaluate is deprecated")


def test_an_allowed_api_that_has_not_moved_is_one_line(check):
    setting = "[tool.trackfix]\nallowed-mlflow-apis = ['mlflow.evaluat']\n"
    with pytest.raises(ConfigError) as error:
        check("TRK701", {"pyproject.toml": setting, "app.py": "import mlflow\n"})
    assert (
        str(error.value)
        == "pyproject.toml: [tool.trackfix] allowed-mlflow-apis: no API of the name 'mlflow.evaluat' has moved; did you mean 'mlflow.evaluate'?"
    )


@pytest.mark.parametrize(
    "call, requirement, expected",
    [
        (
            "mlflow.langchain.log_model(m, name='m', example_no_conversion=True)",
            "mlflow==3.0.0",
            "the parameter example_no_conversion was removed in MLflow 3.0; leave it out: examples are not converted any more",
        ),
        (
            "mlflow.tensorflow.save_model(tf_saved_model_dir='m', path='p')",
            "mlflow==2.0.1",
            "the parameter tf_saved_model_dir was removed in MLflow 2.0; give the model itself",
        ),
        (
            "mlflow.sagemaker.run_local('m', port=5000)",
            "mlflow==2.0.1",
            "the parameter port was removed in MLflow 2.0; give it in config, and a name for the server first",
        ),
        (
            "mlflow.MlflowClient().search_traces(['1'], sql_warehouse_id='w')",
            "mlflow==3.5.0",
            "the parameter sql_warehouse_id was removed in MLflow 3.5; set the environment variable MLFLOW_TRACING_SQL_WAREHOUSE_ID",
        ),
        (
            "mlflow.MlflowClient().delete_prompt('p', version=1)",
            "mlflow==3.1.0",
            "the parameter version was removed in MLflow 3.1; call delete_prompt_version first",
        ),
        (
            "mlflow.entities.RunInfo(run_uuid='r')",
            "mlflow==3.0.0",
            "the parameter run_uuid was removed in MLflow 3.0; give the id as run_id",
        ),
        ("mlflow.tensorflow.save_model(tf_saved_model_dir='m', path='p')", "mlflow==1.30", None),
        ("mlflow.entities.RunInfo(run_id='r')", "mlflow==3.0.0", None),
    ],
)
def test_parameters_that_are_gone_are_found(found, call, requirement, expected):
    messages = [message for _, message, _ in found(f"import mlflow\n{call}\n", requirement)]
    assert messages == ([expected] if expected else [])


def test_the_constructor_of_an_entity_is_known_by_its_import(found):
    source = "from mlflow.entities import RunInfo\nRunInfo(run_uuid='r')\n"
    assert len(found(source)) == 1


CLIENT = "from mlflow import MlflowClient\ndef f(client: MlflowClient, other, log):\n"
MINDED = {
    "a client without the method": "try:\n    x = client.list_experiments()\nexcept AttributeError:\n    x = client.search_experiments()\n",
    "the new method first": "try:\n    x = client.search_experiments()\nexcept AttributeError:\n    x = client.list_experiments()\n",
    "a client that is made": "try:\n    return MlflowClient().list_experiments()\nexcept AttributeError:\n    return MlflowClient().search_experiments()\n",
    "a client that is asked": "if hasattr(client, 'list_experiments'):\n    return client.list_experiments()\nreturn client.search_experiments()\n",
    "a client that was asked": "if hasattr(client, 'search_experiments'):\n    return client.search_experiments()\nreturn client.list_experiments()\n",
    "an answer with a name": "is_old = hasattr(client, 'list_experiments')\nreturn client.list_experiments() if is_old else []\n",
}
NOT_MINDED = {
    "nothing is done instead": "try:\n    x = client.list_experiments()\nexcept AttributeError:\n    x = []\n",
    "a module of the same name is imported": "try:\n    x = client.list_experiments()\nexcept AttributeError:\n    from .mlflow import x\n",
    "something else is done": "try:\n    x = client.list_experiments()\nexcept AttributeError:\n    log.error('x')\n",
    "another error": "try:\n    x = client.list_experiments()\nexcept KeyError:\n    x = client.search_experiments()\n",
    "another object is asked": "if hasattr(other, 'items'):\n    return client.list_experiments()\n",
    "an answer of another object": "is_old = hasattr(other, 'items')\nreturn client.list_experiments() if is_old else []\n",
}


def in_function(body):
    return CLIENT + "".join(f"    {line}\n" for line in body.splitlines())


@pytest.mark.parametrize("body", MINDED.values(), ids=MINDED)
def test_a_method_is_not_found_where_the_release_is_minded(found, body):
    assert found(in_function(body)) == []


@pytest.mark.parametrize("body", NOT_MINDED.values(), ids=NOT_MINDED)
def test_a_method_is_found_where_it_is_not(found, body):
    assert len(found(in_function(body))) == 1


COMPAT = "import mlflow\nVERSION = mlflow.__version__.split('.')\nIS_3 = int(VERSION[0]) >= 3\ndef is_3():\n    return int(VERSION[0]) >= 3\ndef is_4():\n    major = int(VERSION[0])\n    return major >= 4\nSIZE = 3\n"
FLAGS = {
    "a flag": ("from compat import IS_3", "IS_3"),
    "a flag in its module": ("import compat", "compat.IS_3"),
    "a function": ("from compat import is_3", "is_3()"),
    "a function in some steps": ("from compat import is_4", "is_4()"),
    "the version": ("from compat import VERSION", "VERSION[0] > '2'"),
    "the parameters": ("import inspect", "'x' in inspect.signature(mlflow.start_run).parameters"),
}
USED = "import mlflow\n{}\ndef f(x):\n    if {}:\n        return mlflow.models.evaluate(x)\n    return mlflow.evaluate(x)\n"


@pytest.mark.parametrize("line, test", FLAGS.values(), ids=FLAGS)
def test_a_release_is_minded_by_what_another_module_tells_of_it(check, line, test):
    tree = {"app.py": USED.format(line, test), "compat.py": COMPAT}
    assert check("TRK701", tree) == []


def test_an_answer_that_builds_on_another_one_minds_the_release(check):
    source = f"{COMPAT}x = mlflow.models.evaluate if IS_3 else mlflow.evaluate\n"
    assert check("TRK701", {"app.py": source}) == []


def test_another_name_of_such_a_module_tells_nothing_of_the_release(check):
    tree = {"app.py": USED.format("from compat import SIZE", "SIZE"), "compat.py": COMPAT}
    assert [found.line for found in check("TRK701", tree)] == [6]


def test_modules_that_take_their_answers_from_each_other_are_read_once(check):
    tree = {
        "app.py": USED.format("from a import X", "X"),
        "a.py": "import mlflow\nfrom b import Y\nX = Y\n",
        "b.py": "import mlflow\nfrom a import X\nY = X\n",
    }
    assert [found.line for found in check("TRK701", tree)] == [6]
