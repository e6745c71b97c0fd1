"""Which function is the source of truth."""

import textwrap

import pytest

from trackfix.project.run_logic.groups.truths import Truth
from trackfix.project.settings.config import ConfigError

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


BEST = """
def {name}(client, e):  # mlflow
    return client.search_runs([e], order_by=["metrics.loss ASC"], max_results=1)[0].info.run_id
"""
CREATES_CHILD = """
import mlflow
def {name}(client: mlflow.MlflowClient, parent):
    above = client.get_run(parent)
    tags = {{"mlflow.parentRunId": parent}}
    return client.create_run(above.info.experiment_id, tags=tags)
"""
CREATES_ALONE = """
import mlflow
def {name}(client: mlflow.MlflowClient, name, stage):
    experiment = client.get_experiment_by_name(name)
    tags = {{"a.stage": stage, "a.model": name}}
    return client.create_run(experiment.experiment_id, run_name=name, tags=tags)
"""


@pytest.mark.parametrize(
    "job, named, copied",
    [("find-run", finder("named"), BEST), ("create-run", CREATES_ALONE, CREATES_CHILD)],
)
def test_a_setting_does_not_count_for_another_job_than_its_function_does(truth, job, named, copied):
    setting = f'[tool.trackfix]\nsources-of-truth = {{ {job} = "pkg.runs:named" }}\n'
    copies = {f"pkg/{name}.py": copied.format(name=name) for name in ("one", "two")}
    files = {"pkg/runs.py": named.format(name="named"), **copies, "pyproject.toml": setting}
    assert truth(files)[0] not in ("pkg.runs.named", "runs.named")


def test_a_setting_counts_where_a_parent_may_be_left_out(truth):
    setting = '[tool.trackfix]\nsources-of-truth = { create-run = "pkg.runs:named" }\n'
    copies = {f"pkg/{name}.py": CREATES_ALONE.format(name=name) for name in ("one", "two")}
    named = CREATES_CHILD.format(name="named")
    files = {"pkg/runs.py": named, **copies, "pyproject.toml": setting}
    assert truth(files) == ("pkg.runs.named", "named by the setting sources-of-truth")


@pytest.mark.parametrize(
    "home, message",
    [
        ("pkg.two:find", "there is no 'find' in pkg.two"),
        ("pkg.two:Finder.find", "there is no 'Finder.find' in pkg.two"),
        ("pkg.finder:find", "there is no module pkg.finder"),
    ],
)
def test_a_setting_that_names_what_a_package_of_the_project_has_not_is_an_error(
    truth, home, message
):
    setting = f'[tool.trackfix]\nsources-of-truth = {{ find-run = "{home}" }}\n'
    with pytest.raises(ConfigError, match=f"sources-of-truth 'find-run': {message}$"):
        truth({**ONE, **TWO, "pyproject.toml": setting})


@pytest.mark.parametrize("home", ["pkg:two", "pkg.two:Finder.find", "pkg.two:made"])
def test_a_setting_may_name_what_is_handed_on_a_method_or_a_value(truth, home):
    setting = f'[tool.trackfix]\nsources-of-truth = {{ find-run = "{home}" }}\n'
    more = "made = print\n\n\nclass Finder:\n    def find(self): ...\n"
    files = {"pkg/__init__.py": "from pkg.two import two\n", **ONE}
    files["pkg/two.py"] = TWO["pkg/two.py"] + more
    assert truth({**files, "pyproject.toml": setting})[0] == home.replace(":", ".")


def test_then_a_docstring_that_claims_it(truth):
    home, why = truth({**ONE, "pkg/two.py": finder("two", "The single source of truth.")})
    assert (home, why) == ("pkg.two.two", "its docstring calls it the single source of truth")


def test_then_the_callers_in_other_files(truth):
    home, why = truth({**ONE, **TWO, "pkg/use.py": "from pkg.two import two\ntwo(1, 2)\n"})
    assert (home, why) == ("pkg.two.two", "it has most callers: 1 other file")


@pytest.mark.parametrize(
    "use",
    ["from pkg import two\ntwo.two(1, 2)\n", "import pkg.two\n\npkg.two.two(1, 2)\n"],
    ids=["from-its-package", "by-its-module"],
)
def test_callers_by_the_module_count_as_well(truth, use):
    home, why = truth({**ONE, **TWO, "pkg/use.py": use})
    assert (home, why) == ("pkg.two.two", "it has most callers: 1 other file")


def test_what_others_take_from_the_module_is_no_call_of_the_function(truth):
    use = {"pkg/use.py": "import pkg.two\npkg.two.three(1, 2)\nother.two(1, 2)\n"}
    assert truth({**ONE, **TWO, **use})[0] == "trackfix.tracking.find_mlflow_run"


def test_a_method_of_that_name_may_be_that_of_another_class(truth):
    methods = "class Runs:\n" + textwrap.indent(finder("two"), "    ").replace(
        "(client", "(self, client"
    )
    use = {"pkg/use.py": "import pkg.two as module\nother.two(1, 2)\n"}
    assert truth({**ONE, "pkg/two.py": methods, **use})[0] == "trackfix.tracking.find_mlflow_run"


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


ASKED = """
from mlflow import MlflowClient


def {name}(experiment_id, key):
    found = f"tags.study_key = '{{key}}'"
    runs = MlflowClient().search_runs([experiment_id], found, max_results=1)
    return {gives}
"""


def test_who_only_asks_whether_there_is_a_run_is_no_source_of_truth_for_finding_it(truth):
    exists = ASKED.format(name="find_run_if_any", gives="bool(runs)")
    finds = ASKED.format(name="of_key", gives="runs[0]")
    use = "from pkg.finder import find_run_if_any\nfind_run_if_any(1, 2)\n"
    files = {"pkg/finder.py": exists, "pkg/keys.py": finds, "pkg/use.py": use}
    assert truth(files)[0] == "pkg.keys.of_key"


def test_two_that_only_ask_are_told_the_finder_of_the_tracking_library(truth):
    files = {
        f"pkg/{name}.py": ASKED.format(name=name, gives="bool(runs)") for name in ("one", "two")
    }
    assert truth(files)[0] == "trackfix.tracking.find_mlflow_run"


def test_then_name_and_place(truth):
    home, why = truth({**ONE, "pkg/finder.py": finder("find_run")})
    assert (home, why) == ("pkg.finder.find_run", "its name and place say that it is for all")


def test_then_size(truth):
    larger = finder("find_larger", more="print(1)\n    print(2)")
    home, why = truth({"pkg/finder.py": finder("find_run"), "pkg/search.py": larger})
    assert (home, why) == ("pkg.search.find_larger", "the largest of several that are alike")


INLINE = """
import mlflow
def main(name):
    print("start")
    print("go on")
    experiment = mlflow.get_experiment_by_name(name)
    runs = mlflow.MlflowClient().search_runs([experiment.experiment_id], order_by=["start_time DESC"])
    print("found")
    print("load")
    print("report")
    print("done")
    print("end")
    print(runs[0].info.run_id)
"""


def test_then_the_only_function_that_is_made_for_it(truth):
    home, why = truth({**ONE, "pkg/job.py": INLINE})
    assert (home, why) == ("pkg.one.one", "no other function is made for it alone")


ON_MANY_LINES = """
import mlflow
def {name}(client, name, station):
    {more}
    experiment = client.get_experiment_by_name(name)
    return client.create_run(
        experiment.experiment_id,
        run_name=name,
        tags={{
            "station": station,
            "stage": "fit",
        }},
    )
"""


def test_all_lines_of_a_call_count_as_the_job(truth):
    one = ON_MANY_LINES.format(name="one", more="print(1)\n    print(2)")
    job = ON_MANY_LINES.format(name="job", more="print(1)\n" + "    print(2)\n" * 12)
    home, why = truth({"pkg/one.py": one, "pkg/job.py": job})
    assert (home, why) == ("pkg.one.one", "no other function is made for it alone")


def test_a_docstring_does_not_count_as_more_that_a_function_does(truth):
    home, _ = truth({"pkg/one.py": finder("one", "Text.\n" * 20), "pkg/job.py": INLINE})
    assert home == "pkg.one.one"


@pytest.mark.parametrize(
    "files",
    [
        {"pkg/one.py": finder("_one"), "pkg/job.py": INLINE},
        {
            "pkg/one.py": "def make():\n" + textwrap.indent(finder("one"), "    "),
            "pkg/job.py": INLINE,
        },
        {"pkg/one.py": finder("one").replace("def", "@app.command()\ndef"), "pkg/job.py": INLINE},
        {
            "pkg/one.py": finder("one").replace("return", "result ="),
            "pkg/job.py": INLINE,
        },
        {"one.py": finder("one"), "job.py": INLINE},
    ],
    ids=[
        "private",
        "inside-another",
        "registered",
        "gives-nothing",
        "of-a-script",
    ],
)
def test_else_the_tracking_library_has_one(truth, files):
    home, why = truth(files)
    assert home == "trackfix.tracking.find_mlflow_run"
    assert why == "nothing in the project is made for it"


def test_of_two_of_a_kind_none_is_the_best(truth):
    home, why = truth({**ONE, **TWO})
    assert home == "trackfix.tracking.find_mlflow_run"
    assert why == "several functions of the project are made for it, and none is the best"


def test_a_cached_function_is_one_to_call(truth):
    cached = finder("one").replace("def", "@functools.cache\ndef")
    assert truth({"pkg/one.py": cached, "pkg/job.py": INLINE})[0] == "pkg.one.one"


def test_a_module_that_others_import_is_no_script(truth):
    files = {"one.py": finder("one"), "job.py": INLINE, "use.py": "from one import CONSTANT\n"}
    assert truth(files)[0] == "one.one"


def test_what_the_library_has_not_is_no_source_of_truth(truth):
    tags = "import mlflow\ndef {0}():\n    return {{'a': 1, 'mlflow.user': 2, 'c': 3}}\n"
    home, why = truth({"pkg/a.py": tags.format("a"), "pkg/b.py": tags.format("b")})
    assert (home, why) == ("pkg.a.a", "the largest of several that are alike")


@pytest.mark.parametrize(
    ("truth", "call"),
    [
        (
            Truth("trackfix.tracking", "find_mlflow_run", ""),
            "find_mlflow_run(..., strict=False).run_id",
        ),
        (Truth("trackfix.tracking", "create_child_run", ""), "create_child_run(...)"),
        (Truth("their.runs", "find_mlflow_run", ""), "find_mlflow_run(...)"),
        (Truth("own.runs", "find_mlflow_run", "", "own/runs.py"), "find_mlflow_run()"),
        (Truth("own.runs", "f", "", "own/runs.py", parameters=("a",)), "f(...)"),
        (Truth("own.runs", "f", "", "own/runs.py", 1, 2, ("a", "b"), ("a",)), "f(a=...)"),
    ],
)
def test_a_call_is_told_as_the_function_takes_it(truth, call):
    assert truth.call == call
