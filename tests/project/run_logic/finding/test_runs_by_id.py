"""Runs by a given id, with what is done where there is none."""

import textwrap

import pytest

from trackfix.project.run_logic.fragments import Term

HEAD = "import sys\nimport mlflow\nclient = mlflow.MlflowClient()\n"
ASKED = """
def f(run_id):
    try:
        run = client.get_run(run_id)
    except Exception as error:
        print(f"no run {run_id}: {error}")
        {way}
    return run.data.metrics
"""


def source_of(text, way="raise LookupError(run_id)"):
    return HEAD + textwrap.dedent(text).replace("{way}", way)


@pytest.mark.parametrize(
    ("way", "told"),
    [
        ("raise LookupError(run_id) from error", "raises LookupError"),
        ("raise errors.NotFound(run_id)", "raises NotFound"),
        ("raise typer.Exit(1)", "raises Exit(1)"),
        ("raise HTTPException(status_code=404, detail=str(error))", "raises HTTPException(404)"),
        ("raise HTTPException(HTTPStatus.GONE)", "raises HTTPException(HTTPStatus.GONE)"),
        ("raise SystemExit(1)", "exits"),
        ("raise SystemExit", "exits"),
        ("sys.exit(1)", "exits"),
        ("return None", "returns None"),
        ("return", "returns None"),
    ],
)
def test_a_run_by_a_given_id_is_told_by_what_is_done_without_it(fragments_of, way, told):
    (found,) = fragments_of(source_of(ASKED, way), "find-run")
    assert found.terms == (Term("id", "given", told),)
    assert (found.first, found.last, found.taken) == (6, 10, "run")
    assert [step.line for step in found.steps] == [7, 10]


@pytest.mark.parametrize(
    "source",
    [
        ASKED.replace("client.get_run(run_id)", "mlflow.get_run(run_id=run_id)"),
        ASKED.replace("get_run(run_id)", "get_run(self.config.run_id)"),
        ASKED.replace("run = client", "return client").replace("    return run.data.metrics", ""),
        ASKED.replace("{way}", "{way}\n    except KeyError:\n        {way}"),
    ],
)
def test_how_it_is_asked_for_does_not_matter(fragments_of, source):
    (found,) = fragments_of(source_of(source), "find-run")
    assert found.terms == (Term("id", "given", "raises LookupError"),)


@pytest.mark.parametrize(
    ("source", "way"),
    [
        (ASKED, "raise"),
        (ASKED, "raise error"),
        (ASKED, "run = None"),
        (ASKED, "return {}"),
        (ASKED, "log(error)"),
        (ASKED.replace("try:", "with quiet():").partition("    except")[0], ""),
        (ASKED.replace("get_run(run_id)", "get_run(latest(run_id))"), "return None"),
        (ASKED.replace("        run =", "        log(run_id)\n        run ="), "return None"),
        (ASKED.replace("    except", "        a(run)\n        b(run)\n    except"), "return None"),
        (ASKED.replace("{way}", "{way}\n    except KeyError:\n        return None"), "sys.exit(1)"),
    ],
)
def test_a_plain_question_or_one_of_several_outcomes_is_no_such_run(fragments_of, source, way):
    assert fragments_of(source_of(source, way), "find-run") == []


def files_with(*ways):
    return {f"{'ab'[place]}.py": source_of(ASKED, way) for place, way in enumerate(ways)}


def test_two_that_do_the_same_without_a_run_are_copies(duplicates_of):
    found = duplicates_of(files_with("raise LookupError(run_id)", "raise LookupError('gone')"))
    (group,) = found.groups
    assert [(c.fragment.path, c.score) for c in group.copies] == [("b.py", 1.0)]


@pytest.mark.parametrize(
    "ways",
    [("raise LookupError(run_id)", "return None"), ("raise Problem(404)", "raise Problem(502)")],
)
def test_two_that_do_different_things_without_a_run_are_none(duplicates_of, ways):
    assert not duplicates_of(files_with(*ways)).groups


OTHERS = (
    "import mlflow\nimport kfp\nfrom kfp.client import Client\n"
    "from databricks.sdk import WorkspaceClient\n"
)
OF_OBJECT = """
class Jobs:
    def __init__(self):
        self.client = kfp.Client()

    def f(self, run_id):
        try:
            run = self.client.get_run(run_id)
        except Exception:
            {way}
        return run.data.metrics
"""


@pytest.mark.parametrize(
    "source",
    [
        "client = kfp.Client(host=HOST)\n" + ASKED,
        "client = Client()\n" + ASKED,
        "client = WorkspaceClient()\n" + ASKED.replace("client.", "client.jobs."),
        ASKED.replace("f(run_id)", "f(run_id, client: kfp.Client | None = None)"),
        OF_OBJECT,
    ],
)
def test_a_run_of_another_library_is_none_of_mlflow(fragments_of, source):
    source = OTHERS + source.replace("{way}", "return None")
    assert fragments_of(source, "find-run") == []
    ours = source.replace("kfp.Client", "MlflowClient").replace("WorkspaceClient()", "connect()")
    assert len(fragments_of(ours.replace("= Client()", "= connect()"), "find-run")) == 1
