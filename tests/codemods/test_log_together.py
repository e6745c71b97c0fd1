"""log-together: the plain loop becomes one call, others stay."""

import pytest

START = "import mlflow\n\n\ndef f(d, path, fit):\n"
LOOP = "for k, v in d.items():\n    mlflow.log_metric(k, v)\n"


def whole(body):
    return START + "".join(f"    {line}" for line in body.splitlines(keepends=True))


@pytest.fixture
def together(mend_calls):
    """What becomes of the body of a function."""

    def run(body, *, unsafe=True):
        return mend_calls("log-together", whole(body), unsafe=unsafe)

    return run


LOOPS = {
    "two lines": (LOOP, "mlflow.log_metrics(d)\n"),
    "one line": ("for k, v in d.items(): mlflow.log_metric(k, v)\n", "mlflow.log_metrics(d)\n"),
    "a mapping that is made": (
        LOOP.replace("d.items", "read(\n    path).items"),
        "mlflow.log_metrics(read(\n    path))\n",
    ),
    "two loops with the same names": (2 * LOOP, 2 * "mlflow.log_metrics(d)\n"),
    "a comment behind it": (
        LOOP[:-1] + "  # all\nfit()\n",
        "mlflow.log_metrics(d)  # all\nfit()\n",
    ),
    "no newline at the end": (LOOP[:-1], "mlflow.log_metrics(d)"),
}


@pytest.mark.parametrize("before, after", LOOPS.values(), ids=LOOPS)
def test_a_plain_loop_becomes_one_call(together, before, after):
    assert together(before).text == whole(after)


def test_the_module_keeps_its_name(mend_calls):
    source = "import mlflow as m\n\n\ndef f(d):\n    for k, v in d.items():\n        m.log_metric(k, v)\n"
    after = "import mlflow as m\n\n\ndef f(d):\n    m.log_metrics(d)\n"
    assert mend_calls("log-together", source, unsafe=True).text == after


def test_within_a_run_it_is_safe(together):
    inside = "".join(f"    {line}\n" for line in LOOP.splitlines())
    done = together(f"with mlflow.start_run():\n{inside}", unsafe=False)
    assert done.text == whole("with mlflow.start_run():\n    mlflow.log_metrics(d)\n")


def test_elsewhere_it_waits_for_unsafe(together):
    done = together(LOOP, unsafe=False)
    assert done.text == whole(LOOP)
    assert done.skipped == ["5: unsafe: an empty mapping would begin a run where none is active"]


OBSTACLES = {
    "a comment": (LOOP.replace("log_metric(", "log_metric(  # one\n        "), "there is a comment in the loop"),
    "a name used later": (LOOP + "print(k)\n", "k is used outside of the loop"),
    "a name used before": ("v = 1\nfit(v)\n" + LOOP, "v is used outside of the loop"),
    "a function of its own": (
        "from mlflow import log_metric\nfor k, v in d.items():\n    log_metric(k, v)\n",
        "log_metrics is not imported here",
    ),
}  # fmt: skip


@pytest.mark.parametrize("body, reason", OBSTACLES.values(), ids=OBSTACLES)
def test_what_stands_in_the_way_is_said(together, body, reason):
    done = together(body)
    assert done.text == whole(body)
    assert [line.partition(": ")[2] for line in done.skipped] == [reason]


OTHERS = [
    LOOP.replace("k, v)", "k, v, step=1)"),
    LOOP.replace("log_metric(k, v)", "log_metric(v, k)"),
    LOOP.replace("log_metric(k, v)", "log_metric(k, float(v))"),
    LOOP.replace("log_metric", "log_param"),
    LOOP + "    fit(k)\n",
    "for k in d:\n    mlflow.log_metric(k, d[k])\n",
]


@pytest.mark.parametrize("body", OTHERS)
def test_other_loops_stay(together, body):
    done = together(body)
    assert (done.text, done.skipped) == (whole(body), [])
