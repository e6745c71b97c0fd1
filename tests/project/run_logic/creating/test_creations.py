"""Places that create runs."""

import pytest

from trackfix.project.run_logic.creating.creations import CALLED, NESTED, STARTED
from trackfix.project.run_logic.fragments import Term

HEAD = "import mlflow\nclient = mlflow.MlflowClient()\n"


@pytest.mark.parametrize(
    "source",
    [
        "client.create_run(e, tags={'mlflow.parentRunId': p})",
        "from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID\n"
        "client.create_run(e, tags={MLFLOW_PARENT_RUN_ID: p})",
        "from pkg.keys import PARENT_RUN_ID\nclient.create_run(e, tags={PARENT_RUN_ID: p})",
        "tags = {}\ntags['mlflow.parentRunId'] = p\nclient.create_run(e, tags=tags)",
        "create = partial(client.create_run, e, tags={'mlflow.parentRunId': p})\ncreate()",
        "r = client.create_run(e)\nclient.set_tag(r.info.run_id, 'mlflow.parentRunId', p)",
        "with mlflow.start_run(nested=True):\n    mlflow.set_tag('mlflow.parentRunId', p)",
        "with mlflow.start_run(tags=dict(**more, **{'mlflow.parentRunId': p})):\n    pass",
    ],
)
def test_a_run_with_the_tag_of_its_parent_is_a_child(fragments_of, source):
    (found,) = fragments_of(HEAD + source, "create-run")
    assert {"child", "parent tag"} <= set(found.marks)


def test_a_child_that_is_started_has_the_tags_that_its_block_sets(fragments_of):
    source = (
        "with mlflow.start_run(run_name=n):\n    if new:\n        mlflow.set_tags({'a': 1, 'b': 2})\n"
        "        mlflow.set_tag('mlflow.parentRunId', p)\nmlflow.set_tag('c', 3)"
    )
    (found,) = fragments_of(HEAD + source, "create-run")
    assert found.terms == (Term("tag", "a"), Term("tag", "b"), Term("tag", "mlflow.parentRunId"))


def test_a_tag_that_tells_of_an_error_is_none_that_a_start_gives(fragments_of):
    source = (
        "with mlflow.start_run(nested=True):\n    mlflow.set_tags({'a': 1})\n    try:\n        run()\n"
        "        mlflow.set_tag('b', 2)\n    except E:\n        mlflow.set_tag('error', 3)"
    )
    (found,) = fragments_of(HEAD + source, "create-run")
    assert found.terms == (Term("tag", "a"), Term("tag", "b"))


CLASS = """\
class Sweep:
    def __init__(self, eid):
        self.c = {made}
    def trial(self, parent):
        return self.c.create_run(self.eid, tags={{'mlflow.parentRunId': parent}})
"""


def test_a_client_that_the_class_was_made_with_is_one(fragments_of):
    (found,) = fragments_of(CLASS.format(made="make_client()"), "create-run")
    assert found.function == "Sweep.trial"


@pytest.mark.parametrize("made", ["make_board()", "None"])
def test_what_else_the_class_was_made_with_is_none(fragments_of, made):
    assert fragments_of(CLASS.format(made=made), "create-run") == []


def test_what_else_a_creation_does_is_told(fragments_of):
    source = (
        "def f():\n    r = client.create_run(e, run_name='x',"
        " tags={'azureml.runType': 't', 'mlflow.parentRunId': p})\n"
        "    yield r\n    client.set_terminated(r.info.run_id)"
    )
    (found,) = fragments_of(HEAD + source, "create-run")
    assert found.marks == (
        "azure tags", "child", "context manager", "ended", "named", "parent tag",
    )  # fmt: skip


@pytest.mark.parametrize(
    "source",
    [
        "mlflow.start_run()",
        "with mlflow.start_run(run_name='x'):\n    mlflow.log_metric('a', 1)",
        "with mlflow.start_run(nested=True):\n    pass",
        "with mlflow.start_run(run_id=r, nested=True):\n    pass",
        "with mlflow.start_run(tags={'a': 'b'}):\n    pass",
        "mlflow.autolog()",
        "other = Pipeline()\nother.create_run(e)",
    ],
)
def test_a_plain_run_is_nothing(logic_of, source):
    assert logic_of(HEAD + source).fragments == ()


CREATED = (
    "import mlflow\nclient = mlflow.MlflowClient()\ndef {0}(e):\n"
    "    {1}\n    return client.create_run({2}, tags={{'a': 1, 'b': 2, 'c': 3}})\n"
)
BY_NAME = "e = client.get_experiment_by_name(e)"


def kinds(groups):
    return [(group.kind, len(group.copies)) for group in groups]


def test_the_tags_of_new_runs_are_a_set_where_the_runs_are_no_copies(duplicates_of):
    files = {f"{name}.py": CREATED.format(name, "pass", "e") for name in "ab"}
    assert kinds(duplicates_of(files).groups) == [("build-tags", 1)]


def test_the_tags_of_runs_that_are_copies_are_not_reported_again(duplicates_of):
    files = {f"{name}.py": CREATED.format(name, BY_NAME, "e.experiment_id") for name in "ab"}
    found = kinds(duplicates_of(files).groups)
    assert [kind for kind, _ in found] == ["create-run"]


def test_what_mlflow_shows_of_any_run_makes_no_set_alike(duplicates_of):
    keys = "{'mlflow.runName': 1, 'mlflow.note.content': 2, 'mlflow.parentRunId': 3, 'KEY': 4}"
    source = "import mlflow\ndef {0}(run):\n    mlflow.set_tags({1})\n"
    files = {f"{name}.py": source.format(name, keys.replace("KEY", name)) for name in "ab"}
    assert duplicates_of(files).groups == ()


@pytest.mark.parametrize("use", ["c = made()\n    c.create_run({})", "made().create_run({})"])
def test_what_a_function_of_the_file_returns_tells_a_client(fragments_of, use):
    source = f"import mlflow\ndef made():\n    return {{}}\ndef f(e):\n    {use.format('e')}\n"
    assert len(fragments_of(source.format("mlflow.MlflowClient('http://x')"), "create-run")) == 1
    assert fragments_of(source.format("Pipeline('http://x')"), "create-run") == []


@pytest.mark.parametrize(
    "source",
    [
        "def main():\n    c = mlflow.MlflowClient()\n    return f(c)\n{}",
        "def f(c: MlflowClient):\n    pass\n{}",
        "def f(c: 'mlflow.MlflowClient' = None):\n    pass\n{}",
    ],
)
def test_a_name_that_is_the_client_elsewhere_in_the_file_is_one(fragments_of, source):
    made = "def g(c, e, p):\n    return c.create_run(e, tags={'k': p})"
    (found,) = fragments_of("import mlflow\n" + source.format(made), "create-run")
    assert found.function == "g"
    assert fragments_of("import mlflow\n" + made, "create-run") == []


@pytest.mark.parametrize(
    "source",
    [
        "with mlflow.start_run(nested=True, tags={'k': 1}):\n    pass",
        "with mlflow.start_run(nested=True) as r:\n    mlflow.set_tags({'k': 1})",
        "with mlflow.start_run(nested=True):\n    mlflow.set_tag('k', 1)",
    ],
)
def test_a_nested_run_with_tags_is_told_by_them(fragments_of, source):
    (found,) = fragments_of(HEAD + source, "create-run")
    assert (found.terms, found.marks) == ((Term("tag", "k"),), ("child", NESTED))


@pytest.mark.parametrize(
    "source",
    [
        "with mlflow.start_run(nested=True):\n    pass\nmlflow.set_tag('k', 1)",
        "mlflow.start_run(nested=True)\nmlflow.set_tag('k', 1)",
        "with mlflow.start_run(nested=False, tags={'k': 1}):\n    pass",
        "with mlflow.start_run(tags={'k': 1}):\n    pass",
    ],
)
def test_other_plain_starts_are_none(fragments_of, source):
    assert fragments_of(HEAD + source, "create-run") == []


BY_CONSTANT = {"pkg/__init__.py": "", "pkg/keys.py": "UP = 'mlflow.parentRunId'\nKIND = 'kind'\n"}


@pytest.mark.parametrize(
    ("call", "marks"),
    [
        ("client.create_run(e, tags={UP: p, KIND: k})", [("child", "parent tag")]),
        ("mlflow.start_run(tags={UP: p})", [("child", "parent tag")]),
        ("mlflow.start_run(nested=True, tags={UP: p})", [("child", "parent tag")]),
        ("mlflow.start_run(nested=True, tags={KIND: k})", [("child", NESTED)]),
        ("mlflow.start_run(tags={KIND: k})", []),
        ("client.create_run(e, tags={KIND: k})", [()]),
    ],
)
def test_the_constant_of_another_module_may_be_the_tag_of_the_parent(duplicates_of, call, marks):
    source = f"from pkg.keys import KIND, UP\n{HEAD}{call}"
    logic = duplicates_of({**BY_CONSTANT, "pkg/use.py": source}).logic
    found = [piece.marks for file in logic for piece in file.fragments]
    assert found == marks


def test_what_is_given_a_tag_of_mlflow_is_a_client(fragments_of):
    source = "import mlflow\ndef f(c, e, p):\n    c.create_run(e, tags={'mlflow.parentRunId': p})"
    (found,) = fragments_of(source, "create-run")
    assert found.marks == ("child", "parent tag")
    assert fragments_of(source.replace("mlflow.parent", "parent"), "create-run") == []


@pytest.mark.parametrize(
    "later",
    [
        "client.set_tag(r.info.run_id, 'k', 1)",
        "i = r.info.run_id\nclient.set_tag(i, 'k', 1)",
        "i = None\nif r:\n    i = r.info.run_id\nclient.set_tag(i, 'k', 1)",
        "client.set_tags(r.info.run_id, {'k': 1})",
    ],
)
def test_a_tag_that_is_set_on_the_new_run_is_one_of_it(fragments_of, later):
    (found,) = fragments_of(f"{HEAD}r = client.create_run(e)\n{later}", "create-run")
    assert found.terms == (Term("tag", "k"),)


@pytest.mark.parametrize(
    "later",
    [
        "client.set_tag(other, 'k', 1)",
        "i = r.info.run_id\ni = s\nclient.set_tag(i, 'k', 1)",
        "client.set_tags(s.info.run_id, {'k': 1})",
    ],
)
def test_a_tag_of_another_run_is_none_of_the_new_one(fragments_of, later):
    (found,) = fragments_of(f"{HEAD}r = client.create_run(e)\n{later}", "create-run")
    assert found.terms == ()


@pytest.mark.parametrize("name", ["f'bench-{m}'", "'bench-%s' % m", "'bench-' + m"])
def test_the_words_of_a_built_name_are_told(fragments_of, name):
    for call in (
        f"client.create_run(e, run_name={name})",
        f"client.create_run(e, 0, {{}}, {name})",
        f"client.create_run(e, tags={{'k': 1, 'mlflow.runName': {name}}})",
        f"tags = dict(k=1)\n    tags['mlflow.runName'] = {name}\n    client.create_run(e, tags=tags)",
    ):
        (found,) = fragments_of(f"{HEAD}def f(e, m):\n    {call}", "create-run")
        assert f"{CALLED}bench-*" in found.marks


@pytest.mark.parametrize("name", ["name", "f't{n:04d}'", "f'{a}-{b}'"])
def test_a_name_of_no_words_tells_none(fragments_of, name):
    (found,) = fragments_of(f"{HEAD}client.create_run(e, run_name={name})", "create-run")
    assert found.marks == ("named",)


OPTIONS = """
def f(root):
    options = {"run_name": "prepare"}
    options["tags"] = {"k": 1}
    if root:
        options.update(parent_run_id=root)
    mlflow.start_run(**options)
"""


def test_what_options_give_a_start_counts(fragments_of):
    (found,) = fragments_of(HEAD + OPTIONS, "create-run")
    assert found.terms == (Term("tag", "k"),)
    assert found.marks == (f"{CALLED}prepare", "child", "named")
    late = OPTIONS.replace("    mlflow.start_run(**options)\n", "").replace(
        "    if root", "    mlflow.start_run(**options)\n    if root"
    )
    assert fragments_of(HEAD + late, "create-run") == []


FILLED = """
def f(name, x):
    e = client.create_experiment(name)
    with mlflow.start_run({given}):
        for part in ("a", "b"):
            mlflow.set_tag("k." + part, x)
"""


def test_a_run_of_its_own_with_a_name_and_tags_may_do_what_a_creation_does(fragments_of):
    given = "experiment_id=e, run_name=f'bench {x}'"
    (found,) = fragments_of(HEAD + FILLED.format(given=given), "create-run")
    assert found.terms == (Term("tag", "k.a"), Term("tag", "k.b"))
    assert found.marks == (f"{CALLED}bench *", "named", STARTED)


@pytest.mark.parametrize(
    "given", ["experiment_id=e", "run_name='bench'", "experiment_id=e, run_name=x"]
)
def test_a_start_without_an_experiment_or_a_name_in_words_is_plain(fragments_of, given):
    assert fragments_of(HEAD + FILLED.format(given=given), "create-run") == []


TAGGED = "{before}\nmlflow.start_run(run_name=f'{{x}}-v{{y}}', tags={tags})"
FOUR = "{'a': x, 'b': x, 'c': x, 'd': x}"


def test_many_tags_tell_a_start_in_the_experiment_that_is_made_the_active_one(fragments_of):
    source = TAGGED.format(before="mlflow.set_experiment('bench')", tags=FOUR)
    (found,) = fragments_of(HEAD + source, "create-run")
    assert (found.experiment, found.marks) == ("name", ("named", STARTED))
    assert found.terms == tuple(Term("tag", key) for key in "abcd")


@pytest.mark.parametrize(
    ("before", "tags"),
    [("mlflow.set_experiment('bench')", "{'a': x, 'b': x, 'c': x}"), ("use(x)", FOUR)],
)
def test_a_start_with_few_tags_or_in_any_experiment_is_plain(fragments_of, before, tags):
    source = TAGGED.format(before=before, tags=tags)
    assert fragments_of(HEAD + source, "create-run") == []
