"""TRK505: loops that log one by one, and loops that have to."""

import pytest

START = (
    "import mlflow\nfrom mlflow import MlflowClient\n\ndef f(d, client: MlflowClient, r, *args):\n"
)


@pytest.fixture
def messages(check):
    """The messages of the findings in the body of a function."""

    def run(body, path="a.py"):
        indented = "".join(f"    {line}\n" for line in body.splitlines())
        return [found.message for found in check("TRK505", {path: START + indented})]

    return run


FOUND = {
    "metrics of a mapping": ("for k, v in d.items():\n    mlflow.log_metric(k, v)", "log_metrics"),
    "one step for all": ("for k, v in d.items():\n    mlflow.log_metric(k, v, step=r)", "log_metrics"),
    "by keyword": ("for k, v in d.items():\n    mlflow.log_metric(key=k, value=v)", "log_metrics"),
    "parameters": ("for k, v in d.items():\n    mlflow.log_param(k, str(v))", "log_params"),
    "tags": ("for k in sorted(d):\n    mlflow.set_tag(k, d[k])", "set_tags"),
    "a client": ("for k, v in d.items():\n    client.log_metric(r, k, v)", "log_batch"),
    "a key that is built": ("for k in d:\n    mlflow.log_metric(f'm/{k}', d[k])", "log_metrics"),
    "a key that is given a name": ("for k in d:\n    n = k.lower()\n    mlflow.log_metric(n, d[k])", "log_metrics"),
    "on some condition": ("for k, v in d.items():\n    if v is not None:\n        mlflow.log_metric(k, v)", "log_metrics"),
    "numbered keys": ("for i, v in enumerate(d):\n    mlflow.log_metric(f'v{i}', v)", "log_metrics"),
    "pairs": ("for k, v in zip(d, r):\n    mlflow.log_metric(k, v)\n    print(k)", "log_metrics"),
    "a literal": ("for k in ('a', 'b', 'c'):\n    mlflow.log_param(k, d[k])", "log_params"),
}  # fmt: skip


@pytest.mark.parametrize("body, together", FOUND.values(), ids=FOUND)
def test_a_loop_that_only_logs_is_found(messages, body, together):
    (message,) = messages(body)
    assert f"is called for each key; {together} logs all at once" in message


RIGHT = {
    "all at once": "mlflow.log_metrics(d)",
    "one key step by step": "for i, v in enumerate(d):\n    mlflow.log_metric('loss', v, step=i)",
    "a step of its own": "for i, (k, v) in enumerate(d.items()):\n    mlflow.log_metric(k, v, step=i)",
    "several runs": "for k, v in d.items():\n    client.log_metric(k, 'best', v)",
    "a run for each key": "for k in d:\n    client.set_tag(k.run_id, f'tag.{k}', 'x')",
    "a value that takes time": "for k, x in d.items():\n    mlflow.log_metric(k, evaluate(x))",
    "training between": "for k, x in d.items():\n    fit(x)\n    mlflow.log_metric(k, x)",
    "errors of single calls": "for k, v in d.items():\n    try:\n        mlflow.log_param(k, v)\n    except Exception:\n        print(k)",
    "a run of its own": "for k, v in d.items():\n    with mlflow.start_run():\n        mlflow.log_metric(k, v)",
    "a stream": "for k, v in train(d):\n    mlflow.log_metric(k, v)",
    "not awaited": "for k, v in d.items():\n    mlflow.log_metric(k, v, synchronous=False)",
    "options that may say so": "for k, v in d.items():\n    mlflow.log_metric(k, v, **r)",
    "two of them": "for k in ('a', 'b'):\n    mlflow.log_param(k, d[k])",
    "no loop": "mlflow.log_metric('a', 1)\nmlflow.log_metric('b', 2)",
    "a loop further out": "for k in d:\n    def log():\n        mlflow.log_metric(k, 1)",
    "while": "while d:\n    mlflow.log_metric(d.pop(), 1)",
    "the result is used": "for k, v in d.items():\n    r = mlflow.log_metric(k, v)",
    "somebody else's": "for k, v in d.items():\n    r.log_metric(k, v)",
}


@pytest.mark.parametrize("body", RIGHT.values(), ids=RIGHT)
def test_a_loop_that_has_to_log_one_by_one_is_not_found(messages, body):
    assert messages(body) == []


def test_time_is_not_the_matter_in_tests(messages):
    body = "for k, v in d.items():\n    mlflow.log_metric(k, v)"
    assert messages(body, "tests/test_a.py") == []


@pytest.mark.parametrize(
    "body, safety",
    [
        ("for k, v in d.items():\n    mlflow.log_metric(k, v)", "unsafe"),
        (
            "with mlflow.start_run():\n    for k, v in d.items():\n        mlflow.log_metric(k, v)",
            "safe",
        ),
        ("for k, v in d.items():\n    mlflow.log_metric(k, v, step=r)", "unsafe"),
        ("for k, v in d.items():\n    mlflow.log_param(k, v)", "unsafe"),
        ("for k, v in d.items():\n    mlflow.log_metric(k, v, timestamp=r)", None),
        ("for k, v in d.items():\n    mlflow.log_metric(k, v)\nprint(k)", None),
    ],
)
def test_only_the_plain_loop_has_a_fix(check, body, safety):
    indented = "".join(f"    {line}\n" for line in body.splitlines())
    (found,) = check("TRK505", {"a.py": START + indented})
    assert (found.fix.safety if found.fix else None) == safety
    assert ("; left alone: " in found.message) == (safety is None)


@pytest.mark.parametrize(
    "setting, count", [("", 1), ("metric-loop-minimum = 4", 0), ("metric-loop-minimum = 2", 2)]
)
def test_the_setting_says_how_many_literal_keys_are_many(check, setting, count):
    source = (
        "import mlflow\ndef f(loss):\n"
        "    for k in ('a', 'b'):\n        mlflow.log_metric(k, loss)\n"
        "    for k in ('a', 'b', 'c'):\n        mlflow.log_metric(k, loss)\n"
    )
    tree = {"pyproject.toml": f"[tool.trackfix]\n{setting}\n", "a.py": source}
    assert len(check("TRK505", tree)) == count


def test_no_setting_leaves_out_a_loop_over_a_mapping(check):
    source = (
        "import mlflow\ndef f(m):\n    for k, v in m.items():\n        mlflow.log_metric(k, v)\n"
    )
    setting = "[tool.trackfix]\nmetric-loop-minimum = 100\n"
    assert len(check("TRK505", {"pyproject.toml": setting, "a.py": source})) == 1
