"""What is done around a plain start of a run."""

import pytest

HEAD = "import mlflow\nfrom . import work\n"
TAGS = "mlflow.set_tag('{0}', 1)"


@pytest.fixture
def steps_of(fragments_of):
    """What is done around the runs that a source starts, without what any run has."""

    def read(source):
        found = [f for f in fragments_of(HEAD + source, "create-run") if f.marks == ("filled",)]
        return [sorted(t.key for t in f.terms if t.kind == "step") for f in found]

    return read


FOUR = ["set_tag('a')", "set_tag('b')", "set_tag('c')", "set_tag('d')"]


@pytest.mark.parametrize(
    "source",
    [
        "with mlflow.start_run():\n    " + "; ".join(map(TAGS.format, "abcd")),
        "with mlflow.start_run() as run:\n    for x in y:\n        "
        + "; ".join(map(TAGS.format, "abcd")),
        "run = mlflow.start_run()\n" + "\n".join(map(TAGS.format, "abcd")),
        "with mlflow.start_run():\n    mlflow.set_tags({'a': 1, 'b': 2})\n"
        "    log.set_tag('c', 3)\n    mlflow.set_tag(key='d', value=4)\n"
        "    mlflow.set_tags({'a': 1, 'b': 2})".replace("set_tags(", "set_tag("),
    ],
)
def test_what_is_written_to_a_run_is_told(steps_of, source):
    assert steps_of(source) == [FOUR]


def test_what_the_project_does_for_a_run_is_told(steps_of):
    source = (
        "def save(run):\n    pass\n"
        "class C:\n    def f(self):\n        with mlflow.start_run() as run:\n"
        "            self.run_id = run.info.run_id\n            save(run)\n"
        "            work.fill(run)\n            self.train()\n            sklearn.fit(run)"
    )
    assert steps_of(source) == [["fill(...)", "keeps its id as run_id", "save(...)", "train(...)"]]


def test_what_is_done_when_it_fails_is_told_apart(steps_of):
    source = (
        "try:\n    with mlflow.start_run():\n        mlflow.set_tag('a', 1)\n"
        "        try:\n            work.fill()\n        except ValueError:\n"
        "            mlflow.set_tag('b', 1)\nexcept Exception:\n    mlflow.set_tag('a', 2)"
    )
    assert steps_of(source) == [
        ["fill(...)", "set_tag('a')", "set_tag('a'), if it fails", "set_tag('b'), if it fails"]
    ]


@pytest.mark.parametrize(
    "source",
    [
        "with mlflow.start_run():\n    mlflow.autolog()",
        "with mlflow.start_run():\n    " + "; ".join(map(TAGS.format, "abc")),
        "with mlflow.start_run(run_name=n, nested=True):\n    mlflow.log_param('lr', 1)\n"
        "    mlflow.log_metric('val_loss', 1)\n    mlflow.log_metric('accuracy', 1)\n"
        "    mlflow.log_param('epochs', 1)\n    mlflow.sklearn.log_model(m, 'model')",
        "with mlflow.start_run():\n    pass\n" + "\n".join(map(TAGS.format, "abcd")),
        "mlflow.start_run()\n" + "x = 1\n" * 6 + "\n".join(map(TAGS.format, "abcd")),
        "with store.start_run():\n    " + "; ".join(map("x.set_tag('{0}', 1)".format, "abcd")),
        "with mlflow.start_run():\n    a.fit(); b.score(); c.plot(); numpy.mean(); print(1)",
    ],
)
def test_less_is_any_run(steps_of, source):
    assert steps_of(source) == []


FILLED = """
import mlflow

def {0}(self, data):
    with mlflow.start_run(run_name="{0}"):
        mlflow.set_tag("stage", "{0}")
        mlflow.log_param("rows", len(data))
        mlflow.log_artifact("{1}")
        mlflow.log_dict(self.plan, "{2}")
"""


def test_two_runs_that_are_filled_alike_are_a_group(duplicates_of):
    found = duplicates_of(
        {
            "pkg/a.py": FILLED.format("train", "plan.txt", "plan.json"),
            "pkg/b.py": FILLED.format("test", "plan.txt", "plan.json"),
        }
    )
    (group,) = found.groups
    assert group.kind == "create-run"
    assert [(c.fragment.function, c.score) for c in group.copies] == [("test", 1.0)]


def test_two_runs_that_are_filled_otherwise_are_none(duplicates_of):
    found = duplicates_of(
        {
            "pkg/a.py": FILLED.format("train", "plan.txt", "plan.json"),
            "pkg/b.py": FILLED.format("test", "errors.txt", "result.json"),
        }
    )
    assert found.groups == ()
