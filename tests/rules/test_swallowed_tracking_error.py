"""TRK503: errors of tracking calls that go unseen, and those that don't."""

import pytest

START = "import contextlib, logging, mlflow\nlogger = logging.getLogger()\n\ndef f(d, fit):\n"
TRY = "try:\n    mlflow.log_metrics(d)\nexcept {}:\n    {}"


@pytest.fixture
def messages(check):
    """The messages of the findings in the body of a function."""

    def run(body, path="a.py"):
        indented = "".join(f"    {line}\n" for line in body.splitlines())
        return [found.message for found in check("TRK503", {path: START + indented})]

    return run


FOUND = {
    "a loop that goes on and may end later": "for n in d:\n    try:\n        mlflow.log_metrics(n)\n    except Exception:\n        continue\n    if n > 3:\n        break",
    "a constant for what comes next": "try:\n    mlflow.log_metrics(d)\n    name = 'a'\n    fit(name)\nexcept Exception:\n    pass",
    "a note that was made before": "ok = False\ntry:\n    ok = True\n    mlflow.log_metrics(d)\nexcept Exception:\n    pass\nprint(ok)",
    "pass": TRY.format("Exception", "pass"),
    "an ellipsis": TRY.format("Exception", "..."),
    "a bare except": "try:\n    mlflow.log_metrics(d)\nexcept:\n    pass",
    "a debug log": TRY.format("Exception as error", "logger.debug('no metrics: %s', error)"),
    "one of several exceptions": TRY.format("(KeyError, Exception)", "pass"),
    "behind a narrow handler": "try:\n    mlflow.log_metrics(d)\nexcept KeyError:\n    raise\nexcept BaseException:\n    pass",
    "in a loop": "for _ in d:\n    try:\n        mlflow.log_metrics(d)\n    except Exception:\n        continue",
    "on some condition": "try:\n    if d:\n        mlflow.log_metrics(d)\nexcept Exception:\n    pass",
    "unless there is no run": "def f():\n    try:\n        if not mlflow.active_run():\n            return\n        mlflow.log_metrics(d)\n    except Exception:\n        pass",
    "a loop that is left": "try:\n    for x in d:\n        if fit(x):\n            break\n    mlflow.log_metrics(d)\nexcept Exception:\n    pass",
    "suppress": "with contextlib.suppress(Exception):\n    mlflow.log_metrics(d)",
}


@pytest.mark.parametrize("body", FOUND.values(), ids=FOUND)
def test_an_error_that_nobody_gets_to_see_is_found(messages, body):
    assert messages(body) == ["when this fails, nobody learns that metrics got lost"]


def test_all_that_may_be_lost_is_named_once(check):
    body = "    try:\n        mlflow.log_param('a', 1)\n        mlflow.log_param('b', 2)\n        mlflow.sklearn.log_model(d, name='m')\n    except Exception:\n        pass\n"
    (found,) = check("TRK503", {"a.py": START + body})
    assert found.message == "when this fails, nobody learns that a parameter, a model got lost"
    assert found.line == 9
    assert [place.line for place in found.related] == [6, 7, 8]


RIGHT = {
    "a note that it went well": "ok = False\ntry:\n    mlflow.log_metrics(d)\n    ok = True\nexcept Exception:\n    pass\nif not ok:\n    raise ValueError",
    "a count of what went well": "n = 0\nfor k in d:\n    try:\n        mlflow.log_metric(k, 1)\n        n += 1\n    except Exception:\n        pass\nprint(n)",
    "tried until it goes well": "while True:\n    try:\n        mlflow.log_metrics(d)\n    except Exception:\n        continue\n    break",
    "tried again": "for _ in d:\n    try:\n        mlflow.log_metrics(d)\n        break\n    except Exception:\n        continue\nelse:\n    raise RuntimeError",
    "success that is returned": "try:\n    mlflow.log_metrics(d)\n    return True\nexcept Exception:\n    pass\nreturn False",
    "raised again": TRY.format("Exception", "raise"),
    "a warning": TRY.format("Exception", "logger.warning('no metrics')"),
    "an exception log": TRY.format("Exception", "logger.exception('no metrics')"),
    "a warning of the language": TRY.format("Exception", "warnings.warn('no metrics')"),
    "printed": TRY.format("Exception as error", "print(error)"),
    "noted": TRY.format("Exception as error", "d['error'] = error"),
    "a value that tells": TRY.format("Exception", "return None"),
    "a narrow exception": TRY.format("KeyError", "pass"),
    "mlflow's own exception": TRY.format("mlflow.MlflowException", "pass"),
    "an import": "try:\n    import mlflow\nexcept Exception:\n    pass",
    "the end of a run": "try:\n    mlflow.end_run()\nexcept Exception:\n    pass",
    "a read": "try:\n    mlflow.get_run('r')\nexcept Exception:\n    pass",
    "other work": "try:\n    fit(d)\nexcept Exception:\n    pass",
    "in the handler": "try:\n    fit(d)\nexcept Exception:\n    mlflow.set_tag('failed', '1')",
    "a function that is only defined": "try:\n    def log():\n        mlflow.log_metrics(d)\nexcept Exception:\n    pass",
    "an else that is left out then": TRY.format("Exception", "pass")
    + "\nelse:\n    d['logged'] = True",
    "suppressed, but narrow": "with contextlib.suppress(KeyError):\n    mlflow.log_metrics(d)",
    "caught further in": "with contextlib.suppress(Exception):\n    try:\n        mlflow.log_metrics(d)\n    except Exception as error:\n        print(error)",
    "somebody else's": "try:\n    d.log_metrics(d)\nexcept Exception:\n    pass",
}


@pytest.mark.parametrize("body", RIGHT.values(), ids=RIGHT)
def test_an_error_that_is_seen_or_expected_is_not_found(messages, body):
    assert messages(body) == []


def test_tests_may_clean_up(messages):
    assert messages(FOUND["pass"], "tests/test_a.py") == []


@pytest.mark.parametrize(
    "handler, setting, count",
    [
        ("except Exception as e:\n    logging.info(e)", "", 0),
        ("except Exception as e:\n    logging.info(e)", 'unseen-log-levels = ["debug", "info"]', 1),
        ("except Exception as e:\n    logging.debug(e)", "unseen-log-levels = []", 0),
        ("except Exception:\n    pass", "unseen-log-levels = []", 1),
        ("except MlflowException:\n    pass", "", 0),
        ("except MlflowException:\n    pass", 'swallowed-exceptions = ["MlflowException"]', 1),
        (
            "except (KeyError, MlflowException):\n    pass",
            'swallowed-exceptions = ["mlflow.exceptions.MlflowException"]',
            1,
        ),
        ("except MlflowException:\n    raise", 'swallowed-exceptions = ["MlflowException"]', 0),
        ("except KeyError:\n    pass", 'swallowed-exceptions = ["MlflowException"]', 0),
    ],
)
def test_the_settings_say_what_is_swallowed(check, handler, setting, count):
    source = (
        "import logging\nimport mlflow\nfrom mlflow.exceptions import MlflowException\n"
        f"try:\n    mlflow.log_param('a', 1)\n{handler}\n"
    )
    tree = {"pyproject.toml": f"[tool.trackfix]\n{setting}\n", "a.py": source}
    assert len(check("TRK503", tree)) == count
