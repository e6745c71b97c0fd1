"""TRK502: dicts within the parameters, and what only looks so."""

import pytest

START = "import json, mlflow\n"


@pytest.fixture
def messages(check):
    """The messages of the findings in ``a.py``."""

    def run(source, path="a.py"):
        return [found.message for found in check("TRK502", {path: f"{START}{source}\n"})]

    return run


FOUND = {
    "a literal": "mlflow.log_params({'a': 1, 'model': {'depth': 3}})",
    "by keyword": "mlflow.log_params(params={'model': {'depth': 3}})",
    "dict in dict": "mlflow.log_params(dict(model=dict(depth=3)))",
    "a comprehension": "mlflow.log_params({'model': {k: 1 for k in 'ab'}})",
    "beside others": "mlflow.log_params({**other, 'model': {'depth': 3}})",
    "a name": "p = {'model': {'depth': 3}}\nprint(p['model'], p.items())\nmlflow.log_params(p)",
    "a constant of the module": "P: dict = {'model': {'depth': 3}}\ndef f():\n    mlflow.log_params(P)",
    "another name of the function": "from mlflow import log_params as log\nlog({'model': {'depth': 3}})",
}


@pytest.mark.parametrize("source", FOUND.values(), ids=FOUND)
def test_a_dict_as_a_value_is_found(messages, source):
    assert messages(source) == ["model is a dict: MLflow stores its text as one parameter"]


RIGHT = {
    "flat": "mlflow.log_params({'a': 1, 'b': [1, 2], 'c': None})",
    "an empty dict": "mlflow.log_params({'model': {}})",
    "flattened": "mlflow.log_params(flatten({'model': {'depth': 3}}))",
    "as text": "mlflow.log_params({'model': json.dumps({'depth': 3})})",
    "one level is taken": "p = {'model': {'depth': 3}}\nmlflow.log_params(p['model'])",
    "spread": "mlflow.log_params({**{'model.depth': 3}})",
    "changed before": "p = {'model': {'depth': 3}}\np['model'] = 3\nmlflow.log_params(p)",
    "taken out before": "p = {'model': {'depth': 3}}\np.pop('model')\nmlflow.log_params(p)",
    "bound again": "p = {'model': {'depth': 3}}\np = flatten(p)\nmlflow.log_params(p)",
    "a parameter": "def f(p):\n    mlflow.log_params(p)",
    "a dict is what is meant": "mlflow.log_dict({'model': {'depth': 3}}, 'model.json')",
    "somebody else's": "tracker.log_params({'model': {'depth': 3}})",
}


@pytest.mark.parametrize("source", RIGHT.values(), ids=RIGHT)
def test_what_is_flat_or_not_known_is_not_found(messages, source):
    assert messages(source) == []


def test_tests_are_left_out(messages):
    assert messages(FOUND["a literal"], "tests/test_a.py") == []
