"""Runs behind a version of a registered model."""

import pytest

from trackfix.project.run_logic.fragments import Term

HEAD = "import mlflow\nclient = mlflow.MlflowClient()\n"
CHAMPION = Term("alias", "champion")


@pytest.mark.parametrize(
    ("source", "term"),
    [
        (
            "v = client.get_model_version_by_alias(m, 'champion')\nr = client.get_run(v.run_id)",
            CHAMPION,
        ),
        (
            "v = client.get_model_version_by_alias(name=m, alias='champion')\n"
            "r = mlflow.get_run(run_id=v.run_id)",
            CHAMPION,
        ),
        (
            "r = client.get_run(client.get_model_version_by_alias(m, 'champion').run_id)",
            CHAMPION,
        ),
        (
            "def f(alias):\n    v = client.get_model_version_by_alias(m, alias)\n"
            "    return client.get_run(v.run_id)",
            Term("alias", "<:alias>"),
        ),
        (
            "from pkg.names import LIVE\nv = client.get_model_version_by_alias(m, LIVE)\n"
            "r = client.get_run(v.run_id)",
            Term("alias", "<pkg.names:LIVE>"),
        ),
        (
            "v = client.get_latest_versions(m, stages=['Production'])[0]\n"
            "r = client.get_run(v.run_id)",
            Term("stage", "Production"),
        ),
        (
            "found = client.get_latest_versions(m, ['Production'])\n"
            "r = client.get_run(found[0].run_id)",
            Term("stage", "Production"),
        ),
    ],
)
def test_the_run_of_a_version_is_found_by_what_it_is_asked_for(fragments_of, source, term):
    (found,) = fragments_of(HEAD + source, "find-run")
    assert (found.terms, found.taken, len(found.steps)) == ((term,), "run", 2)


@pytest.mark.parametrize(
    "source",
    [
        "v = client.get_model_version(m, 3)\nr = client.get_run(v.run_id)",
        "v = client.get_model_version_by_alias(m, 'champion')\nr = client.get_run(other.run_id)",
        "v = client.get_model_version_by_alias(m, 'champion')\nuse(v.version)",
        "v = client.get_latest_versions(m)[0]\nr = client.get_run(v.run_id)",
        "v = client.get_latest_versions(m, ['Production', 'Staging'])[0]\n"
        "r = client.get_run(v.run_id)",
        "def f(v):\n    return client.get_run(v.run_id)",
    ],
)
def test_what_is_asked_for_nothing_or_more_is_no_such_run(fragments_of, source):
    assert fragments_of(HEAD + source, "find-run") == []


def reader(name, alias, head=""):
    return (
        f"{head}from mlflow import MlflowClient\n\ndef {name}(model):\n    client = MlflowClient()\n"
        f"    version = client.get_model_version_by_alias(model, {alias})\n"
        "    return client.get_run(version.run_id)\n"
    )


def test_two_that_look_up_one_alias_are_paired_and_the_library_has_nothing_for_them(duplicates_of):
    names = "CHAMPION = 'champion'\n"
    one = reader("score", "'champion'")
    two = reader("drift", "CHAMPION", "from pkg.names import CHAMPION\n")
    found = duplicates_of({"pkg/names.py": names, "pkg/one.py": one, "pkg/two.py": two})
    (group,) = found.groups
    assert group.truth.home in ("pkg.one.score", "pkg.two.drift")


def reader_of(name, model):
    return reader(name, "'champion'").replace("alias(model", f"alias({model!r}")


def test_two_that_look_up_different_models_are_no_copies(duplicates_of):
    one, two = reader_of("one", "fraud"), reader_of("two", "churn")
    assert duplicates_of({"pkg/one.py": one, "pkg/two.py": two}).groups == ()
    same = duplicates_of({"pkg/one.py": one, "pkg/two.py": reader_of("two", "fraud")})
    assert len(same.groups) == 1


def test_two_that_look_up_different_aliases_are_no_copies(duplicates_of):
    files = {"pkg/one.py": reader("one", "'champion'"), "pkg/two.py": reader("two", "'shadow'")}
    assert duplicates_of(files).groups == ()
