"""Runs behind a version of a registered model."""

import pytest

from trackfix.project.run_logic.fragments import Term

HEAD = "import mlflow\nclient = mlflow.MlflowClient()\n"
CHAMPION = Term("alias", "champion")
BY_VERSION = "key=lambda v: int(v.version)"
LISTED = "found = client.search_model_versions(f\"name='{m}'\")\n"


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
            "def f(config):\n    v = client.get_model_version_by_alias(m, config.model.alias)\n"
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
        (
            "v = client.get_registered_model(m).aliases['champion']\n"
            "r = client.get_run(client.get_model_version(m, v).run_id)",
            CHAMPION,
        ),
        (
            "model = client.get_registered_model(m)\nv = model.aliases.get('champion')\n"
            "run_id = client.get_model_version(m, v).run_id\nr = client.get_run(run_id)",
            CHAMPION,
        ),
        (
            f"{LISTED}live = [v for v in found if v.current_stage == 'Production']\n"
            f"v = max(live, {BY_VERSION})\nr = client.get_run(v.run_id)",
            Term("stage", "Production"),
        ),
        (
            f"{LISTED}live = [v for v in found if v.current_stage == 'Production']\n"
            "r = client.get_run(live[0].run_id)",
            Term("stage", "Production"),
        ),
        (
            f"{LISTED}live = [v for v in found if stage == v.current_stage]\n"
            f"v = sorted(live, {BY_VERSION})[-1]\nr = client.get_run(v.run_id)",
            Term("stage", "<:stage>"),
        ),
        (
            f"{LISTED}v = next((v for v in found if v.current_stage == 'Production'), None)\n"
            "r = client.get_run(v.run_id)",
            Term("stage", "Production"),
        ),
        (
            f"{LISTED}v = next(\n    v for v in found\n    if v.current_stage == 'Production'\n)\n"
            "r = client.get_run(v.run_id)",
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
        "v = numbers.get('champion')\nr = client.get_run(client.get_model_version(m, v).run_id)",
        f"{LISTED}for v in [v for v in found if v.current_stage == 'Production']:\n"
        "    r = client.get_run(v.run_id)",
        f"{LISTED}v = [v for v in found if v.current_stage != 'Production'][0]\n"
        "r = client.get_run(v.run_id)",
        f"{LISTED}v = [v for v in found if v.current_stage == 'Production'][place]\n"
        "r = client.get_run(v.run_id)",
        "v = [v for v in rows if v.current_stage == 'Production'][0]\nr = client.get_run(v.run_id)",
        f"{LISTED}v = max([v for v in found if v.tags.get('a')], {BY_VERSION})\n"
        "r = client.get_run(v.run_id)",
    ],
)
def test_what_is_asked_for_nothing_or_more_is_no_such_run(fragments_of, source):
    assert fragments_of(HEAD + source, "find-run") == []


@pytest.mark.parametrize(
    "source",
    [
        f"{LISTED}v = max(found, {BY_VERSION})\nr = client.get_run(v.run_id)",
        f"{LISTED}v = max(found, {BY_VERSION}, default=None)\nr = client.get_run(v.run_id)",
        f"{LISTED}v = sorted(found, {BY_VERSION})[-1]\nr = client.get_run(v.run_id)",
        f"{LISTED}v = sorted(found, {BY_VERSION}, reverse=True)[0]\nr = client.get_run(v.run_id)",
        f"{LISTED}found = sorted(found, {BY_VERSION})\nr = client.get_run(found[-1].run_id)",
        f"{LISTED}i = max(found, {BY_VERSION}).run_id\nr = client.get_run(i)",
        f"found = all_versions(client, m)\nv = max(found, {BY_VERSION})\nr = client.get_run(v.run_id)",
        "v = client.search_model_versions(q, order_by=['version_number DESC'], max_results=1)[0]\n"
        "r = client.get_run(v.run_id)",
    ],
)
def test_the_run_of_the_newest_version_is_found(fragments_of, source):
    (found,) = fragments_of(HEAD + source, "find-run")
    assert (found.terms, found.taken) == ((Term("version", "newest"),), "run")


@pytest.mark.parametrize(
    "source",
    [
        f"{LISTED}v = found[0]\nr = client.get_run(v.run_id)",
        f"{LISTED}v = min(found, {BY_VERSION})\nr = client.get_run(v.run_id)",
        f"{LISTED}v = max(found, key=lambda v: v.name)\nr = client.get_run(v.run_id)",
        f"{LISTED}v = sorted(found, {BY_VERSION})[0]\nr = client.get_run(v.run_id)",
        f"{LISTED}v = max(rows, {BY_VERSION})\nr = client.get_run(v.run_id)",
        f"{LISTED}for v in found:\n    r = client.get_run(v.run_id)",
        f"{LISTED}v = asked(n) if n else max(found, {BY_VERSION})\nr = client.get_run(v.run_id)",
        "v = client.search_model_versions(q, order_by=['version_number ASC'])[0]\n"
        "r = client.get_run(v.run_id)",
    ],
)
def test_the_run_of_any_other_version_is_no_such_run(fragments_of, source):
    assert fragments_of(HEAD + source, "find-run") == []


@pytest.mark.parametrize(
    "source",
    [
        "def f(m):\n    v = live(m)\n    if v is None:\n        v = max(all_versions(m), {key})\n"
        "    return client.get_run(v.run_id)\n"
        "def live(m):\n    return client.get_model_version_by_alias(m, 'champion')",
        "def f(m):\n    try:\n        v = client.get_model_version_by_alias(m, 'champion')\n"
        "    except MlflowException:\n        v = max(all_versions(m), {key})\n"
        "    return client.get_run(v.run_id)",
    ],
)
def test_one_may_be_asked_for_where_there_is_no_other(fragments_of, source):
    (found,) = fragments_of(HEAD + source.replace("{key}", BY_VERSION), "find-run")
    assert found.terms == (CHAMPION, Term("version", "newest"))


BY_STAGE = """
def f(m, label):
    i = None
    try:
        i = client.get_model_version_by_alias(m, label).run_id
    except {caught}
        for v in client.get_latest_versions(m, {stages}):
            i = v.run_id
    return client.get_run(i)
"""


def test_a_loop_may_go_through_the_only_version_of_a_stage(fragments_of):
    source = BY_STAGE.format(caught="MlflowException:", stages="[label]")
    (found,) = fragments_of(HEAD + source, "find-run")
    assert found.terms == (Term("alias", "<:alias>"), Term("stage", "<:stage>"))


@pytest.mark.parametrize(
    ("caught", "stages"),
    [
        ("MlflowException:", "[label, 'Staging']"),
        ("KeyError:\n        i = newest(m)\n    except MlflowException:", "[label]"),
        ("KeyError:\n        i = given.run_id\n    except MlflowException:", "[label]"),
    ],
)
def test_a_run_that_may_be_another_ones_is_no_such_run(fragments_of, caught, stages):
    source = BY_STAGE.format(caught=caught, stages=stages)
    assert fragments_of(HEAD + source, "find-run") == []


def test_what_the_caller_chooses_is_the_same_whatever_it_is_called(fragments_of):
    found = [fragments_of(reader("f", alias), "find-run") for alias in ("label", "self.alias")]
    assert found[0][0].terms == found[1][0].terms == (Term("alias", "<:alias>"),)


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
