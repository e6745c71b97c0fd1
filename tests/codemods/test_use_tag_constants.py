"""use-tag-constants: literals of tag keys become constants, or stay."""

import pytest


@pytest.fixture
def use(mend_calls):
    def run(source, **options):
        return mend_calls("use-tag-constants", source, **options)

    return run


IN_FILE = {
    "a key": ("mlflow.set_tag('a.b', 1)\n", "mlflow.set_tag(TAG_A, 1)\n"),
    "a key of a dict": ("mlflow.set_tags({'a.b': 1, 'c': 2})\n", "mlflow.set_tags({TAG_A: 1, 'c': 2})\n"),
    "within a function": (
        "def f(run):\n    return run.data.tags['a.b']\n",
        "def f(run):\n    return run.data.tags[TAG_A]\n",
    ),
    "twice on a line": (
        "mlflow.set_tag('a.b', mlflow.get_run('r').data.tags.get('a.b'))\n",
        "mlflow.set_tag(TAG_A, mlflow.get_run('r').data.tags.get(TAG_A))\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("before, after", IN_FILE.values(), ids=IN_FILE)
def test_a_constant_of_the_file_is_put_in(use, before, after):
    start = "import mlflow\n\nTAG_A = 'a.b'\n\n"
    assert use(start + before).text == start + after


def test_the_constant_of_another_module_is_imported_if_unsafe_is_allowed(use):
    source = "import mlflow\nfrom pkg.other import x\n\nmlflow.set_tag('a.b', x)\n"
    files = {
        "pkg/__init__.py": "",
        "pkg/other.py": "x = 1\n",
        "pkg/tags.py": "class Tags:\n    A = 'a.b'\n",
    }
    done = use(source, files=files)
    assert done.text == source
    assert done.skipped == ["4: unsafe: the file would load pkg.tags"]
    done = use(source, files=files, unsafe=True)
    assert sorted(done.text.splitlines()[:3]) == [
        "from pkg.other import x",
        "from pkg.tags import Tags",
        "import mlflow",
    ]
    assert done.text.endswith("\n\nmlflow.set_tag(Tags.A, x)\n")


TAGS = {"pkg/__init__.py": "", "pkg/tags.py": "TAG_A = 'a.b'\nTAG_B = 'b'\n"}


def test_a_file_that_imports_the_module_already_takes_one_more_name_of_it(use):
    done = use(
        "import mlflow\nfrom pkg.tags import TAG_B\n\nmlflow.set_tag('a.b', TAG_B)\n", files=TAGS
    )
    assert done.text == (
        "import mlflow\nfrom pkg.tags import TAG_A, TAG_B\n\nmlflow.set_tag(TAG_A, TAG_B)\n"
    )


@pytest.mark.parametrize(
    "start, after",
    [
        (
            "import mlflow\nfrom pkg.runs import end as stop\nfrom pkg.runs import start\n",
            "from pkg.tags import TAG_A, TAG_B\n",
        ),
        (
            "import mlflow\nfrom pkg.runs import end\nfrom pkg.runs import start\n",
            "from pkg.tags import TAG_A\nfrom pkg.tags import TAG_B\n",
        ),
    ],
    ids=["one of them under another name", "each on a line"],
)
def test_names_of_one_module_stand_apart_where_others_do(use, start, after):
    files = {**TAGS, "pkg/runs.py": "def end(): pass\ndef start(): pass\n"}
    done = use(
        f"{start}\nmlflow.set_tag('a.b', 'b')\nmlflow.set_tag('b', 1)\n", files=files, unsafe=True
    )
    assert done.text.startswith(f"{start}{after}\n")


def test_a_file_that_imports_the_constant_already_needs_no_import(use):
    start = "import mlflow\nfrom pkg.tags import TAG_A\n\ndef f(run):\n"
    done = use(f"{start}    return run.data.tags[TAG_A] or run.data.tags['a.b']\n", files=TAGS)
    assert done.text == f"{start}    return run.data.tags[TAG_A] or run.data.tags[TAG_A]\n"


def test_a_constant_of_mlflow_that_is_imported_already_is_safe(use):
    start = "import mlflow\nfrom mlflow.utils.mlflow_tags import MLFLOW_USER\n\n"
    assert use(f"{start}mlflow.set_tag('mlflow.user', 1)\n").text == (
        f"{start}mlflow.set_tag(MLFLOW_USER, 1)\n"
    )


@pytest.mark.parametrize(
    "start, tags, reason",
    [
        ("from pkg.tags import TAG_B\n", "import a\nTAG_A = 'a.b'\nTAG_B = 'b'\n", "unsafe: pkg.tags loads the file in turn"),
        ("def g():\n    from pkg.tags import TAG_B\n", TAGS["pkg/tags.py"], "unsafe: the file would load pkg.tags"),
        ("if mlflow:\n    from pkg.tags import TAG_A\n", TAGS["pkg/tags.py"], "TAG_A is not imported in every case"),
    ],
)  # fmt: skip
def test_an_import_that_proves_nothing_keeps_the_literal(use, start, tags, reason):
    source = f"import mlflow\n{start}mlflow.set_tag('a.b', 1)\n"
    done = use(source, files={**TAGS, "pkg/tags.py": tags})
    line = source.count("\n")
    assert (done.text, done.skipped) == (source, [f"{line}: {reason}"])


def test_a_cycle_keeps_one_literal_and_not_those_beside_it(use):
    files = {**TAGS, "pkg/tags.py": "import a\nTAG_A = 'a.b'\n", "pkg/b.py": "TAG_B = 'b'\n"}
    done = use("import mlflow\nmlflow.set_tags({'a.b': 1, 'b': 1})\n", files=files, unsafe=True)
    assert done.text == (
        "import mlflow\n\nfrom pkg.b import TAG_B\nmlflow.set_tags({'a.b': 1, TAG_B: 1})\n"
    )
    assert [reason.partition(": ")[2] for reason in done.skipped] == [
        "pkg.tags loads the file in turn"
    ]


def test_the_constant_of_a_script_stays_there(use):
    source = "import mlflow\nmlflow.set_tag('a.b', 1)\n"
    done = use(source, files={"run.py": "TAG_A = 'a.b'\nprint(TAG_A)\n"}, unsafe=True)
    assert (done.text, done.skipped) == (source, ["2: run would run if it were imported"])


def test_the_constant_of_a_script_that_only_defines_is_imported(use):
    source = "import mlflow\nmlflow.set_tag('a.b', 1)\n"
    guarded = "TAG_A = 'a.b'\nif __name__ == '__main__':\n    print(TAG_A)\n"
    done = use(source, files={"run.py": guarded}, unsafe=True)
    assert "mlflow.set_tag(TAG_A, 1)" in done.text


def test_a_constant_that_is_imported_further_down_is_not_there_yet(use):
    source = "import mlflow\nmlflow.set_tag('a.b', 1)\nfrom pkg.tags import TAG_A\n"
    done = use(source, files=TAGS, unsafe=True)
    assert (done.text, done.skipped) == (source, ["2: TAG_A is imported further down"])


def test_the_constants_of_mlflow_are_imported_beside_it(use):
    source = "import mlflow\n\nmlflow.set_tags({'mlflow.user': 'a', 'mlflow.runName': 'b'})\n"
    assert use(source, unsafe=True).text == (
        "import mlflow\nfrom mlflow.utils.mlflow_tags import MLFLOW_RUN_NAME, MLFLOW_USER\n\n"
        "mlflow.set_tags({MLFLOW_USER: 'a', MLFLOW_RUN_NAME: 'b'})\n"
    )


OBSTACLES = {
    "defined later": ("import mlflow\nmlflow.set_tag('a.b', 1)\nTAG_A = 'a.b'\n", "2: TAG_A is defined further down"),
    "bound again": ("import mlflow\nTAG_A = 'a.b'\nTAG_A = TAG_A.upper()\nmlflow.set_tag('a.b', 1)\n", "4: TAG_A is bound more than once"),
    "another meaning": ("import mlflow\nTAG_A = 'a.b'\ndef f(TAG_A):\n    mlflow.set_tag('a.b', 1)\n", "4: TAG_A means something else here"),
    "no import at the top": ("def f():\n    import mlflow\n    mlflow.set_tag('mlflow.user', 1)\n", "3: the file doesn't import MLflow at its top"),
}  # fmt: skip


@pytest.mark.parametrize("source, reason", OBSTACLES.values(), ids=OBSTACLES)
def test_what_stands_in_the_way_is_said(use, source, reason):
    done = use(source, unsafe=True)
    assert (done.text, done.skipped) == (source, [reason])


RIGHT = [
    "import mlflow\nTAG_A = 'a.b'\nmlflow.set_tag(TAG_A, 'a.b')\n",
    "import mlflow\nmlflow.set_tag('a.b', 1)\n",
    "import mlflow\nTAG_A = 'a.b'\nmlflow.log_param('a.b', 1)\n",
]


@pytest.mark.parametrize("source", RIGHT)
def test_all_else_stays(use, source):
    done = use(source, unsafe=True)
    assert (done.text, done.skipped) == (source, [])
