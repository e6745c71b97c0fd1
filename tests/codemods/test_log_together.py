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
    "a step": (LOOP.replace("k, v)", "k, v, step=fit)"), "mlflow.log_metrics(d, step=fit)\n"),
    "a step by its place": (
        LOOP.replace("k, v)", "k, v, path.epoch + 1)"),
        "mlflow.log_metrics(d, step=path.epoch + 1)\n",
    ),
    "words": (LOOP.replace("k, v)", "value=v, key=k)"), "mlflow.log_metrics(d)\n"),
    "parameters": (LOOP.replace("log_metric", "log_param"), "mlflow.log_params(d)\n"),
    "tags": (LOOP.replace("log_metric", "set_tag"), "mlflow.set_tags(d)\n"),
    "variables": (
        LOOP.replace("log_metric", "log_param").replace("d.items", "vars(path).items"),
        "mlflow.log_params(vars(path))\n",
    ),
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
    assert done.skipped == ["6: unsafe: an empty mapping would begin a run where none is active"]


def test_within_a_run_that_is_ended_before_it_is_not(together):
    inside = "".join(f"    {line}\n" for line in LOOP.splitlines())
    done = together(f"with mlflow.start_run():\n    mlflow.end_run()\n{inside}", unsafe=False)
    assert done.skipped == ["8: unsafe: an empty mapping would begin a run where none is active"]


def test_the_name_of_a_loop_that_comes_later_is_no_matter(together):
    later = "for k in d:\n    print(k)\n"
    assert together(LOOP + later).text == whole("mlflow.log_metrics(d)\n" + later)


def test_what_another_function_reads_by_locals_is_no_matter(together):
    other = "def g():\n    return locals()\n"
    assert together(LOOP + other).text == whole("mlflow.log_metrics(d)\n" + other)


def test_what_a_handler_may_keep_of_it_makes_it_unsafe(together):
    inside = "".join(f"        {line}\n" for line in LOOP.splitlines())
    body = "with mlflow.start_run():\n    try:\n{}    except Exception:\n        fit()\n"
    done = together(body.format(inside), unsafe=False)
    reason = "the try in line 6 may go on when a value is refused, and none is logged"
    assert done.skipped == [f"8: unsafe: {reason}"]
    once = body.format("        mlflow.log_metrics(d)\n")
    assert together(body.format(inside)).text == whole(once)


def test_what_suppress_may_keep_of_it_makes_it_unsafe(together):
    inside = "".join(f"        {line}\n" for line in LOOP.splitlines())
    body = f"with mlflow.start_run():\n    with suppress(Exception):\n{inside}"
    reason = "the with in line 6 may go on when a value is refused, and none is logged"
    assert together(body, unsafe=False).skipped == [f"8: unsafe: {reason}"]


@pytest.mark.parametrize(
    "rest",
    ["finally:\n        fit()", "except Exception:\n        fit()\n        raise"],
    ids=["no handler", "a handler that raises"],
)
def test_a_try_that_does_not_go_on_is_no_matter(together, rest):
    inside = "".join(f"        {line}\n" for line in LOOP.splitlines())
    body = f"with mlflow.start_run():\n    try:\n{{}}    {rest}\n"
    done = together(body.format(inside), unsafe=False)
    assert done.text == whole(body.format("        mlflow.log_metrics(d)\n"))


OBSTACLES = {
    "the name of a loop around it": (
        "for k in path:\n    for k, v in d.items():\n        mlflow.log_metric(k, v)\n    print(k)\n",
        "k is used outside of the loop",
    ),
    "a name of the module": ("global v\n" + LOOP, "v is used outside of the loop"),
    "all names": (LOOP + "fit(locals())\n", "k may be read by locals() or the like"),
    "all names by another word": (LOOP + "fit(vars())\n", "k may be read by locals() or the like"),
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
    LOOP.replace("k, v)", "k, v, step=fit())"),
    LOOP.replace("k, v)", "k, v, step=v)"),
    LOOP.replace("k, v)", "k, v, timestamp=fit)"),
    LOOP.replace("k, v)", "k, v, *path)"),
    LOOP.replace("k, v)", "k, v, **path)"),
    LOOP.replace("log_metric(k, v)", "log_param(k, v, fit)"),
    LOOP.replace("log_metric(k, v)", "log_metric(v, k)"),
    LOOP.replace("log_metric(k, v)", "log_metric(k, float(v))"),
    LOOP.replace("mlflow.log_metric(", "path.set_tag('run', "),
    LOOP + "    fit(k)\n",
    "for k in d:\n    mlflow.log_metric(k, d[k])\n",
]


@pytest.mark.parametrize("body", OTHERS)
def test_other_loops_stay(together, body):
    done = together(body)
    assert (done.text, done.skipped) == (whole(body), [])


APP = "import mlflow\n\n\ndef f(d):\n    with mlflow.start_run():\n        for k, v in d.items():\n            mlflow.log_metric(k, v)\n"
FILES = {"other.py": "import mlflow\n", "fakes.py": "class Fake: pass\n"}


@pytest.fixture
def tested(mend_calls):
    """Why the loop of ``a.py`` is left alone with a test beside it; None when it is not."""

    def run(test, *, unsafe=False, path="test_a.py"):
        files = {**FILES, path: f"from unittest import mock\nimport a, other\n{test}"}
        done = mend_calls("log-together", APP, unsafe=unsafe, files=files)
        assert (done.text == APP) == bool(done.skipped)
        return done.skipped[0].partition(": ")[2] if done.skipped else None

    return run


WATCHED = {
    "a patch of the function": ("mock.patch('mlflow.log_metric')\n", "test_a.py:3 patches log_metric"),
    "a patch in the module": ("mock.patch('a.mlflow.log_metric')\n", "test_a.py:3 patches log_metric"),
    "a patch of the object": ("mock.patch.object(a.mlflow, 'log_metric')\n", "test_a.py:3 patches log_metric"),
    "a question": ("def test(m): m.log_metric.assert_called_once_with('a', 1)\n", "test_a.py:3 asks how log_metric is called"),
    "a list of calls": ("def test(m): assert m.mock_calls == [mock.call.log_metric('a', 1)]\n", "test_a.py:3 asks how log_metric is called"),
    "a fake": ("class F:\n    def log_metric(self, k, v): pass\n", "test_a.py:4 puts a double in the place of log_metric"),
    "a fake by keyword": ("x = mock.Mock(log_metric=print)\n", "test_a.py:3 puts a double in the place of log_metric"),
    "an attribute that is set": ("a.mlflow.log_metric = print\n", "test_a.py:3 puts a double in the place of log_metric"),
    "a text that may be a name": ("x = ['log_metric']\n", "test_a.py:3 may patch log_metric"),
}  # fmt: skip


@pytest.mark.parametrize("unsafe", [False, True])
@pytest.mark.parametrize("test, reason", WATCHED.values(), ids=WATCHED)
def test_a_test_that_watches_the_calls_keeps_the_loop(tested, test, reason, unsafe):
    assert tested(test, unsafe=unsafe) == reason


REPLACED = {
    "a patch": "mock.patch('a.mlflow')\n",
    "a patch of the object": "mock.patch.object(a, 'mlflow')\n",
    "a patch by parts": "M = 'a'\nmock.patch(f'{M}.mlflow')\n",
    "a patch by keyword": "mock.patch.multiple('a', mlflow=1)\n",
    "a constant": "P = 'a.mlflow'\n",
    "a monkeypatch": "def test(monkeypatch): monkeypatch.setattr(a, 'mlflow', 1)\n",
    "an attribute that is set": "a.mlflow = 1\n",
    "an entry": "import sys\nsys.modules['mlflow'] = 1\n",
    "a dictionary of entries": "import sys\nmock.patch.dict(sys.modules, {'mlflow': 1})\n",
}


@pytest.mark.parametrize("test", REPLACED.values(), ids=REPLACED)
def test_with_a_double_of_the_module_it_waits_for_unsafe(tested, test):
    reason = tested(test)
    assert reason.startswith("unsafe: test_a.py:")
    assert reason.endswith("puts a double in the place of mlflow")
    assert tested(test, unsafe=True) is None


UNTOUCHED = {
    "a test with a real store": "def test(): a.f({'a': 1})\n",
    "a call of the function": "import mlflow\nmlflow.log_metric('a', 1)\n",
    "a docstring": "def test():\n    '''log_metric'''\n",
    "another function": "mock.patch('mlflow.log_param')\n",
    "a patch of another module": "mock.patch('other.mlflow')\n",
    "a patch of another object": "mock.patch.object(other, 'mlflow')\n",
    "an attribute of another module": "other.mlflow = 1\n",
    "a function of another module": "mock.patch('other.log_metric')\n",
    "an import by name": "import pytest\npytest.importorskip('mlflow')\n",
    "an entry that is read": "import sys\nsys.modules['mlflow']\n",
}


@pytest.mark.parametrize("test", UNTOUCHED.values(), ids=UNTOUCHED)
def test_other_tests_are_no_matter(tested, test):
    assert tested(test) is None


def test_a_test_of_another_module_is_no_matter(mend_calls):
    files = {
        **FILES,
        "test_b.py": "import other\nfrom unittest import mock\nmock.patch('mlflow.log_metric')\n",
    }
    assert mend_calls("log-together", APP, files=files).skipped == []


def test_a_double_in_code_that_is_no_test_is_no_matter(tested):
    assert tested("class Tracker:\n    def log_metric(self): pass\n", path="lib.py") is None


def test_a_double_for_all_tests_keeps_the_loop(tested):
    fake = "class F:\n    def log_metric(self, k, v): pass\n"
    assert tested(fake, path="conftest.py") is not None
