"""Which function is the source of truth."""

import pytest

FINDER = '''
def {name}(client, name):
    """{doc}"""
    experiment = client.get_experiment_by_name(name)  # mlflow
    runs = client.search_runs([experiment.experiment_id], order_by=["start_time DESC"])
    {more}
    return runs[0].info.run_id
'''


def finder(name, doc="Text.", more="pass"):
    return FINDER.format(name=name, doc=doc, more=more)


@pytest.fixture
def truth(duplicates_of):
    """Name and reason of the only group's source of truth."""

    def read(files):
        (group,) = duplicates_of({"pkg/__init__.py": "", **files}).groups
        return group.truth.home, group.truth.chosen

    return read


ONE, TWO = {"pkg/one.py": finder("one")}, {"pkg/two.py": finder("two")}


def test_a_setting_comes_first(truth):
    setting = '[tool.trackfix]\nsources-of-truth = { find-run = "pkg.two:two" }\n'
    claims = {"pkg/one.py": finder("one", "The single source of truth.")}
    home, why = truth({**claims, **TWO, "pyproject.toml": setting})
    assert (home, why) == ("pkg.two.two", "named by the setting sources-of-truth")


def test_a_setting_may_name_what_is_not_in_the_project(truth):
    setting = '[tool.trackfix]\nsources-of-truth = { find-run = "lib.runs:find" }\n'
    assert truth({**ONE, **TWO, "pyproject.toml": setting})[0] == "lib.runs.find"


def test_then_a_docstring_that_claims_it(truth):
    home, why = truth({**ONE, "pkg/two.py": finder("two", "The single source of truth.")})
    assert (home, why) == ("pkg.two.two", "its docstring calls it the single source of truth")


def test_then_the_callers_in_other_files(truth):
    home, why = truth({**ONE, **TWO, "pkg/use.py": "from pkg.two import two\ntwo(1, 2)\n"})
    assert (home, why) == ("pkg.two.two", "it has most callers: 1 other file")


ENSURE = """
def {name}(client, name):
    found = client.get_experiment_by_name(name)  # mlflow
    experiment_id = found.experiment_id if found else client.create_experiment(name)
    {then}
"""
RUN = "run = client.create_run(experiment_id, run_name=name)\n    return run.info.run_id"
CREATES = ENSURE.format(name="main", then=RUN)
RETURNS = ENSURE.format(name="ensure", then="return experiment_id")


def test_but_not_of_a_function_that_goes_on_to_another_job(truth):
    use = {"pkg/use.py": "from pkg.job import main\nmain(1, 2)\n"}
    home, why = truth({"pkg/job.py": CREATES, "pkg/experiments.py": RETURNS, **use})
    assert (home, why) == ("pkg.experiments.ensure", "its name and place say that it is for all")


def test_callers_count_for_a_function_that_does_nothing_else(truth):
    use = {"pkg/use.py": "from pkg.job import ensure\nensure(1, 2)\n"}
    again = RETURNS.replace("ensure", "resolve_experiment")
    home, _ = truth({"pkg/job.py": RETURNS, "pkg/experiments.py": again, **use})
    assert home == "pkg.job.ensure"


def test_then_name_and_place(truth):
    home, why = truth({**ONE, "pkg/finder.py": finder("find_run")})
    assert (home, why) == ("pkg.finder.find_run", "its name and place say that it is for all")


def test_then_size(truth):
    larger = finder("find_larger", more="print(1)\n    print(2)")
    home, why = truth({"pkg/finder.py": finder("find_run"), "pkg/search.py": larger})
    assert (home, why) == ("pkg.search.find_larger", "the largest of several that are alike")


def test_else_the_tracking_library_has_one(truth):
    home, why = truth({**ONE, **TWO})
    assert home == "trackfix.tracking.find_mlflow_run"
    assert why == "nothing in the project is made for it"


def test_what_the_library_has_not_is_no_source_of_truth(truth):
    tags = "import mlflow\ndef {0}():\n    return {{'a': 1, 'mlflow.user': 2, 'c': 3}}\n"
    home, why = truth({"pkg/a.py": tags.format("a"), "pkg/b.py": tags.format("b")})
    assert (home, why) == ("pkg.a.a", "the largest of several that are alike")


def test_a_private_function_is_none(truth):
    private = finder("_find_run", more="print(1)\n    print(2)")
    assert truth({"pkg/finder.py": private, **ONE})[0] == "trackfix.tracking.find_mlflow_run"
