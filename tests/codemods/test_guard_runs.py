"""guard-runs: a pair of start_run() and end_run() becomes a with statement, or stays."""

import pytest

IMPORT = "import mlflow\n"


@pytest.fixture
def guard(mend_calls):
    def run(source, **options):
        return mend_calls("guard-runs", source, **options)

    return run


PAIRS = {
    "a plain pair": (
        "mlflow.start_run(run_name='a')\nfit()\nmlflow.end_run()\nprint()\n",
        "with mlflow.start_run(run_name='a'):\n    fit()\nprint()\n",
    ),
    "a named run, used behind the end": (
        "run = mlflow.start_run()\nfit()\nmlflow.end_run()\nprint(run.info.run_id)\n",
        "with mlflow.start_run() as run:\n    fit()\nprint(run.info.run_id)\n",
    ),
    "comments, blank lines and inner blocks": (
        "mlflow.start_run()  # begins\n\n# why\nfor x in y:\n\n    fit(x)\nmlflow.end_run()  # ends\n",
        "with mlflow.start_run():  # begins\n\n    # why\n    for x in y:\n\n        fit(x)\n# ends\n",
    ),
    "a text of several lines stays as it is": (
        "mlflow.start_run()\nfit('''\n one\n''', x=(\n  1))\nmlflow.end_run()\n",
        "with mlflow.start_run():\n    fit('''\n one\n''', x=(\n      1))\n",
    ),
    "an f-string of several lines stays as it is": (
        'mlflow.start_run()\nfit(f"""\n {x}\n""")\nmlflow.end_run()\n',
        'with mlflow.start_run():\n    fit(f"""\n {x}\n""")\n',
    ),
    "signs in a text that end no line of code": (
        "mlflow.start_run()\nfit('a\u2028b\x85c\x0cd')\nmlflow.end_run()\n",
        "with mlflow.start_run():\n    fit('a\u2028b\x85c\x0cd')\n",
    ),
    "a call over several lines": (
        "run = mlflow.start_run(\n    run_name='a',\n)\nfit()\nmlflow.end_run()\n",
        "with mlflow.start_run(\n    run_name='a',\n) as run:\n    fit()\n",
    ),
    "a function that is only defined": (
        "mlflow.start_run()\ndef f():\n    return 1\nfit(f)\nmlflow.end_run()\n",
        "with mlflow.start_run():\n    def f():\n        return 1\n    fit(f)\n",
    ),
    "a loop that is left": (
        "mlflow.start_run()\nfor x in y:\n    if fit(x):\n        break\n    continue\nmlflow.end_run()\n",
        "with mlflow.start_run():\n    for x in y:\n        if fit(x):\n            break\n        continue\n",
    ),
    "no newline at the end": (
        "mlflow.start_run()\nfit()\nmlflow.end_run()",
        "with mlflow.start_run():\n    fit()",
    ),
    "blank lines around the pair": (
        "mlflow.start_run()\n\nfit()\n\nmlflow.end_run()\n\nprint()\n",
        "with mlflow.start_run():\n    fit()\n\nprint()\n",
    ),
    "a blank line at the end of the file": (
        "mlflow.start_run()\nfit()\n\nmlflow.end_run()\n",
        "with mlflow.start_run():\n    fit()\n",
    ),
    "a blank line above the end alone": (
        "mlflow.start_run()\nfit()\n\nmlflow.end_run()\nprint()\n",
        "with mlflow.start_run():\n    fit()\n\nprint()\n",
    ),
    "a blank line before a function": (
        "mlflow.start_run()\n\ndef f(): return 1\nfit(f)\nmlflow.end_run()\n",
        "with mlflow.start_run():\n\n    def f(): return 1\n    fit(f)\n",
    ),
    "a text that is indented in another way": (
        "'''Trains.\n\n  python a.py\n'''\nmlflow.start_run()\nfit()\nmlflow.end_run()\n",
        "'''Trains.\n\n  python a.py\n'''\nwith mlflow.start_run():\n    fit()\n",
    ),
    "an import that is indented in another way": (
        "from b import (\n  c,\n)\nmlflow.start_run()\nfit()\nmlflow.end_run()\n",
        "from b import (\n  c,\n)\nwith mlflow.start_run():\n    fit()\n",
    ),
    "an exit that says that it failed": (
        "mlflow.start_run()\nif not fit():\n    sys.exit(1)\nmlflow.end_run()\n",
        "with mlflow.start_run():\n    if not fit():\n        sys.exit(1)\n",
    ),
    "an exit behind it": (
        "mlflow.start_run()\nfit()\nmlflow.end_run()\nsys.exit(0)\n",
        "with mlflow.start_run():\n    fit()\nsys.exit(0)\n",
    ),
    "the steps of the file": (
        "if x:\n  pass\nmlflow.start_run()\nfit()\nmlflow.end_run()\n",
        "if x:\n  pass\nwith mlflow.start_run():\n  fit()\n",
    ),
}


@pytest.mark.parametrize("before, after", PAIRS.values(), ids=PAIRS)
def test_a_pair_at_the_left_margin_becomes_a_with(guard, before, after):
    assert guard(IMPORT + before).text == IMPORT + after


def test_carriage_returns_and_tabs_stay(guard):
    source = b"import mlflow\r\nif x:\r\n\tmlflow.start_run()\r\n\tfit()\r\n\tmlflow.end_run()\r\n"
    after = "import mlflow\r\nif x:\r\n\twith mlflow.start_run():\r\n\t\tfit()\r\n"
    assert guard(source, unsafe=True).text == after


DOUBTS = {
    "in a function": (
        "def f():\n    mlflow.start_run()\n    fit()\n    mlflow.end_run()\n",
        "def f():\n    with mlflow.start_run():\n        fit()\n",
        "3: unsafe: a caller may go on with the run when it has caught an exception",
    ),
    "left early": (
        "def f():\n    mlflow.start_run()\n    if fit():\n        return\n    mlflow.end_run()\n",
        "def f():\n    with mlflow.start_run():\n        if fit():\n            return\n",
        "3: unsafe: the lines before end_run() may be left early, and the run then stays active",
    ),
    "left early from a loop": (
        "def f():\n    mlflow.start_run()\n    for x in y:\n        return fit(x)\n    mlflow.end_run()\n",
        "def f():\n    with mlflow.start_run():\n        for x in y:\n            return fit(x)\n",
        "3: unsafe: the lines before end_run() may be left early, and the run then stays active",
    ),
    "left early behind a loop": (
        "for a in b:\n    mlflow.start_run()\n    for x in y:\n        fit(x)\n    else:\n        break\n"
        "    mlflow.end_run()\n",
        "for a in b:\n    with mlflow.start_run():\n        for x in y:\n            fit(x)\n"
        "        else:\n            break\n",
        "3: unsafe: the lines before end_run() may be left early, and the run then stays active",
    ),
    "beside a function that exits": (
        "def f(): sys.exit()\nmlflow.start_run()\nf()\nmlflow.end_run()\n",
        "def f(): sys.exit()\nwith mlflow.start_run():\n    f()\n",
        "3: unsafe: a function of the file may end the process, and the run would be FAILED",
    ),
    "around a command": (
        "import click\n@click.command()\ndef f(): pass\nmlflow.start_run()\nf()\nmlflow.end_run()\n",
        "import click\n@click.command()\ndef f(): pass\nwith mlflow.start_run():\n    f()\n",
        "5: unsafe: a command of click ends the process, and the run would be FAILED",
    ),
    "beside another run": (
        "with mlflow.start_run():\n    pass\nmlflow.start_run()\nfit()\nmlflow.end_run()\n",
        "with mlflow.start_run():\n    pass\nwith mlflow.start_run():\n    fit()\n",
        "4: unsafe: the file begins or ends other runs",
    ),
}


@pytest.mark.parametrize("before, after, reason", DOUBTS.values(), ids=DOUBTS)
def test_what_is_not_proven_waits_for_unsafe(guard, before, after, reason):
    assert guard(IMPORT + before).text == IMPORT + before
    assert guard(IMPORT + before).skipped == [reason]
    assert guard(IMPORT + before, unsafe=True).text == IMPORT + after


OBSTACLES = {
    "a handler for what was left": (
        "def f():\n    mlflow.start_run()\n    fit()\n    mlflow.end_run()\n"
        "def g(h):\n    try:\n        h()\n    except ValueError:\n        mlflow.end_run('KILLED')\n",
        "3: the try in line 7 ends runs that were left, and would end another one",
    ),
    "an annotation": (
        "run: mlflow.ActiveRun = mlflow.start_run()\nfit()\nmlflow.end_run()\n",
        "2: the name of the run has an annotation, and that of a with has none",
    ),
    "another end": (
        "for x in y:\n    mlflow.start_run()\n    if fit():\n        mlflow.end_run('KILLED')\n"
        "        continue\n    mlflow.end_run()\n",
        "3: the run is ended between them as well",
    ),
    "a status": (
        "mlflow.start_run()\nfit()\nmlflow.end_run(status='FAILED')\n",
        "2: end_run() is given a status",
    ),
    "an exit": (
        "mlflow.start_run()\nif not fit():\n    sys.exit(0)\nmlflow.end_run()\n",
        "2: a process that ends well between them would leave the run as FAILED",
    ),
    "an exit without a code": (
        "mlflow.start_run()\nif not fit():\n    raise SystemExit\nmlflow.end_run()\n",
        "2: a process that ends well between them would leave the run as FAILED",
    ),
    "an exit with what a function returns": (
        "mlflow.start_run()\nsys.exit(fit())\nmlflow.end_run()\n",
        "2: a process that ends well between them would leave the run as FAILED",
    ),
    "a shared line": (
        "mlflow.start_run(); fit()\nmlflow.end_run()\n",
        "2: start_run() or end_run() shares its line with other statements",
    ),
}


@pytest.mark.parametrize("source, reason", OBSTACLES.values(), ids=OBSTACLES)
def test_what_has_no_with_stays_and_says_why(guard, source, reason):
    done = guard(IMPORT + source, unsafe=True)
    assert done.text == IMPORT + source
    assert done.skipped == [reason]


def test_an_import_that_would_be_unused_stands_in_the_way(guard):
    source = "from mlflow import start_run, end_run\nstart_run()\nfit()\nend_run()\n"
    done = guard(source, unsafe=True)
    assert (done.text, done.skipped) == (source, ["2: end_run is imported for this alone"])


def test_an_import_that_others_need_is_no_matter(guard):
    pair = "start_run()\nfit()\nend_run()\n"
    source = f"from mlflow import start_run, end_run\n{pair}print(end_run)\n"
    after = source.replace(pair, "with start_run():\n    fit()\n")
    assert guard(source, unsafe=True).text == after


def test_a_try_that_ends_the_run_it_began_is_no_matter(guard):
    other = "try:\n    mlflow.start_run()\n    fit()\nfinally:\n    mlflow.end_run()\n"
    source = "def f():\n    mlflow.start_run()\n    fit()\n    mlflow.end_run()\n"
    after = "def f():\n    with mlflow.start_run():\n        fit()\n"
    assert guard(IMPORT + source + other, unsafe=True).text == IMPORT + after + other


def test_a_try_that_ends_the_run_begun_before_it_is_no_matter(guard):
    other = "def g():\n    mlflow.start_run()\n    try:\n        fit()\n    finally:\n        mlflow.end_run()\n"
    source = "def f():\n    mlflow.start_run()\n    fit()\n    mlflow.end_run()\n"
    after = "def f():\n    with mlflow.start_run():\n        fit()\n"
    assert guard(IMPORT + source + other, unsafe=True).text == IMPORT + after + other


def test_a_run_within_another_one_ends_first(guard):
    source = (
        "mlflow.start_run()\nmlflow.start_run(nested=True)\nfit()\nmlflow.end_run()\n"
        "fit()\nmlflow.end_run()\n"
    )
    after = "with mlflow.start_run():\n    with mlflow.start_run(nested=True):\n        fit()\n    fit()\n"
    assert guard(IMPORT + source, unsafe=True).text == IMPORT + after


def test_a_run_stays_around_another_one_that_stays(guard):
    source = (
        "mlflow.start_run()\nself.run = mlflow.start_run(nested=True)\nfit()\nmlflow.end_run()\n"
        "mlflow.end_run()\n"
    )
    done = guard(IMPORT + source, unsafe=True)
    assert done.text == IMPORT + source
    assert done.skipped == ["2: another run is begun between them without a with"]


ONE_PAIR = f"{IMPORT}import b\nmlflow.start_run()\nb.fit()\nmlflow.end_run()\n"
GUARDED = f"{IMPORT}import b\nwith mlflow.start_run():\n    b.fit()\n"


def test_a_module_that_ends_runs_itself_makes_it_unsafe(guard):
    files = {"b.py": "import mlflow\ndef fit():\n    mlflow.end_run()\n    mlflow.start_run()\n"}
    done = guard(ONE_PAIR, files=files)
    reason = "3: unsafe: b.py, which the file loads, ends runs as well"
    assert (done.text, done.skipped) == (ONE_PAIR, [reason])
    assert guard(ONE_PAIR, files=files, unsafe=True).text == GUARDED


def test_a_module_that_may_end_the_process_makes_it_unsafe(guard):
    done = guard(ONE_PAIR, files={"b.py": "import sys\ndef fit():\n    sys.exit()\n"})
    reason = "3: unsafe: a function of b.py may end the process, and the run would be FAILED"
    assert (done.text, done.skipped) == (ONE_PAIR, [reason])


@pytest.mark.parametrize("line", ["from absl import app", "import absl.app", "import typer"])
def test_a_module_with_commands_that_end_the_process_makes_it_unsafe(guard, line):
    library = "typer" if "typer" in line else "absl"
    done = guard(ONE_PAIR, files={"b.py": f"{line}\ndef fit(): pass\n"})
    reason = f"3: unsafe: a command of {library} ends the process, and the run would be FAILED"
    assert (done.text, done.skipped) == (ONE_PAIR, [reason])


def test_a_module_that_only_names_a_command_line_is_no_matter(guard):
    files = {"b.py": "# a click, as typer has it\nfrom argparse import click\ndef fit(): pass\n"}
    assert guard(ONE_PAIR, files=files).text == GUARDED


@pytest.mark.parametrize("path", ["b.py", "c.py"])
def test_a_module_that_ends_the_process_elsewhere_is_no_matter(guard, path):
    ends = "import sys\nif __name__ == '__main__':\n    sys.exit()\n"
    ends += "def g(): sys.exit()\n" if path == "c.py" else ""
    files = {"b.py": "def fit(): pass\n", path: ends}
    assert guard(ONE_PAIR, files=files).text == GUARDED


def test_a_module_that_ends_runs_and_is_not_loaded_is_no_matter(guard):
    ends = "import mlflow\ndef f(): mlflow.end_run()\n"
    files = {"b.py": "def fit(): pass\n", "c.py": ends}
    assert guard(ONE_PAIR, files=files).text == GUARDED


RIGHT = [
    "with mlflow.start_run():\n    fit()\n",
    "mlflow.start_run()\ntry:\n    fit()\nfinally:\n    mlflow.end_run()\n",
    "mlflow.start_run()\nfit()\n",
    "run = mlflow.start_run()\nwatch(run)\nmlflow.end_run()\n",
]


@pytest.mark.parametrize("source", RIGHT)
def test_nothing_else_changes(guard, source):
    done = guard(IMPORT + source, unsafe=True)
    assert (done.text, done.skipped) == (IMPORT + source, [])


def test_pairs_one_after_the_other_change_together(guard):
    source = (
        "mlflow.start_run()\nfit()\nmlflow.end_run()\nmlflow.start_run()\nfit()\nmlflow.end_run()\n"
    )
    after = "with mlflow.start_run():\n    fit()\nwith mlflow.start_run():\n    fit()\n"
    assert guard(IMPORT + source, unsafe=True).text == IMPORT + after


def test_texts_stay_where_an_f_string_is_newer_than_the_interpreter(guard):
    newer = 'newer = f"{\n1}"\n'
    before = 'mlflow.start_run()\nfit(f"""\n {x}\n""", [\n 1])\nmlflow.end_run()\n'
    after = 'with mlflow.start_run():\n    fit(f"""\n {x}\n""", [\n     1])\n'
    assert guard(IMPORT + newer + before).text == IMPORT + newer + after


PAIR = IMPORT + "def f():\n    mlflow.start_run()\n    fit()\n    mlflow.end_run()\n"
WATCHED = {
    "who runs the script by its path": (
        "import runpy, sys\nclass Fake:\n    def start_run(self): pass\ndef test(monkeypatch):\n"
        "    monkeypatch.setitem(sys.modules, 'mlflow', Fake())\n    runpy.run_path('a.py')\n",
        "3: test_a.py:3 puts a double in the place of start_run",
    ),
    "who asks for the end": (
        "import a\ndef test(m): m.end_run.assert_called_once_with()\n",
        "3: test_a.py:2 asks how end_run is called",
    ),
    "who begins nothing": (
        "import a\ndef test(mocker): mocker.patch('mlflow.start_run', return_value=None)\n",
        "3: test_a.py:2 patches start_run",
    ),
}


@pytest.mark.parametrize("test, reason", WATCHED.values(), ids=WATCHED)
def test_a_pair_that_a_test_watches_stays(guard, test, reason):
    done = guard(PAIR, unsafe=True, files={"test_a.py": test})
    assert (done.text, done.skipped) == (PAIR, [reason])


@pytest.mark.parametrize(
    "given", ["request.addfinalizer(mlflow.end_run)", "stack.callback(mlflow.end_run)"]
)
def test_a_test_that_gives_the_end_of_runs_to_be_called_is_no_matter(guard, given):
    test = f"import a, mlflow\ndef test(request, stack):\n    {given}\n    a.f()\n"
    assert guard(PAIR, unsafe=True, files={"test_a.py": test}).skipped == []


def test_a_test_that_gives_a_double_to_be_asked_is_one_that_asks(guard):
    test = "import a\ndef test(m):\n    a.f()\n    check(m.end_run)\n"
    done = guard(PAIR, unsafe=True, files={"test_a.py": test})
    assert done.skipped == ["3: test_a.py:4 asks how end_run is called"]


def test_a_test_that_only_runs_it_is_no_matter(guard):
    done = guard(PAIR, unsafe=True, files={"test_a.py": "import a\ndef test(): a.f()\n"})
    assert done.skipped == []
    assert "with mlflow.start_run():" in done.text
