"""Which pieces go into one group."""

import pytest

TAGS = """
TAG_STAGE = "acme.stage"

def {}(data, sha):
    return {{TAG_STAGE: "train", "acme.data": data, "acme.sha": sha, "acme.host": "h"}}
"""
BY_HAND = """
import mlflow
from pkg.keys import TAG_STAGE

def tags_for(data, sha):
    t = {}
    t[TAG_STAGE] = "watch"
    t["acme.data"] = data
    t["acme.sha"] = sha
    t["acme.host"] = "h"
    return t
"""


def places(duplicates):
    return [(c.fragment.path, c.fragment.function) for g in duplicates.groups for c in g.copies]


def test_who_makes_the_tags_of_a_run_need_not_name_mlflow(duplicates_of):
    user = "from pkg.keys import build_run_tags\nimport mlflow\nmlflow.set_tags(build_run_tags(1, 2))\n"
    files = {"pkg/__init__.py": "", "pkg/keys.py": TAGS.format("build_run_tags"), "pkg/b.py": user}
    assert places(duplicates_of({**files, "pkg/a.py": BY_HAND})) == [("pkg/a.py", "tags_for")]


@pytest.mark.parametrize(
    ("host", "found"), [("acme.host", [("pkg/keys.py", "build_tags")]), ("acme.node", [])]
)
def test_tags_of_who_knows_what_count_where_all_are_the_same(duplicates_of, host, found):
    tags = TAGS.format("build_tags").replace("acme.host", host)
    files = {"pkg/__init__.py": "", "pkg/keys.py": tags, "pkg/a.py": BY_HAND}
    assert places(duplicates_of(files)) == found


def test_who_completes_the_tags_of_another_function_builds_no_copy(duplicates_of):
    more = (
        "import mlflow\nfrom pkg.keys import build_run_tags\n\ndef tags_for(data, sha):\n"
        "    tags = build_run_tags(data, sha)\n    tags['acme.more'] = 'x'\n    return tags\n"
    )
    files = {"pkg/__init__.py": "", "pkg/keys.py": TAGS.format("build_run_tags") + more}
    assert duplicates_of({**files, "pkg/a.py": more}).groups == ()


def test_who_completes_the_tags_of_a_copy_builds_no_other_copy(duplicates_of):
    more = "\ndef tags_for(data, sha):\n    return {**run_tags(data, sha), 'acme.more': 'x'}\n"
    one, two = TAGS.format("build_run_tags"), TAGS.format("run_tags")
    files = {"pkg/__init__.py": "", "pkg/keys.py": one, "pkg/a.py": two + more}
    files["pkg/use.py"] = "from pkg.keys import build_run_tags\nbuild_run_tags(1, 2)\n"
    (group,) = duplicates_of(files).groups
    assert [copy.fragment.function for copy in group.copies] == ["run_tags"]


def test_a_run_with_the_tags_of_another_function_builds_no_copy(duplicates_of):
    source = (
        "class Sweep:\n    def _origin(self):\n"
        "        return {'prov.sha': sha(), 'prov.user': user(), 'prov.host': host()}\n\n"
        "    def parent(self):\n        tags = {'sweep.role': 'parent', **self._origin()}\n"
        "        return self.client.create_run(self.experiment_id, tags=tags)\n"
    )
    assert duplicates_of({"sweep.py": "import mlflow\n" + source}).groups == ()


def test_what_is_unpacked_into_the_tags_of_a_run_is_built_for_it(duplicates_of):
    job = (
        "import mlflow\n\ndef origin():\n    return dict(sha=sha(), job=job(), host=host())\n\n"
        "def start(d):\n    mlflow.start_run(tags={'data': d, **origin()})\n"
    )
    other = (
        "import mlflow\n\ndef context_tags():\n"
        "    tags = {'sha': sha(), 'job': job(), 'host': host()}\n    return tags\n"
    )
    (group,) = duplicates_of({"job.py": job, "context.py": other}).groups
    functions = [group.truth.name, *(copy.fragment.function for copy in group.copies)]
    assert sorted(functions) == ["context_tags", "origin"]


NEW = """
import mlflow

def {}(client, name, data, sha):
    e = client.create_experiment(name)
    tags = {{"acme.stage": "t", "acme.data": data, "acme.sha": sha, "acme.host": "h"}}
    return client.create_run(e, tags=tags, run_name=f"bench {{sha}}")
"""


def test_the_tags_of_new_runs_that_are_copies_are_only_copies_of_what_builds_them_alone(
    duplicates_of,
):
    files = {"pkg/a.py": NEW.format("one"), "pkg/b.py": NEW.format("two")}
    assert [group.kind for group in duplicates_of(files).groups] == ["create-run"]
    files["pkg/tags.py"] = TAGS.format("make_tags")
    created, built = duplicates_of(files).groups
    assert (created.kind, built.kind, built.truth.name) == ("create-run", "build-tags", "make_tags")
    assert [copy.fragment.function for copy in built.copies] == ["one", "two"]
    # Who only sets such tags on a run of its own is not there to build them for others.
    files["pkg/tags.py"] = (
        "import mlflow\n\ndef fill(data, sha):\n    mlflow.set_tags("
        "{'acme.stage': 't', 'acme.data': data, 'acme.sha': sha, 'acme.host': 'h'})\n"
    )
    assert [group.kind for group in duplicates_of(files).groups] == ["create-run"]


def test_tags_of_two_who_know_nothing_of_mlflow_are_none_of_runs(duplicates_of):
    files = {f"pkg/{name}.py": TAGS.format("build_tags") for name in "ab"}
    assert places(duplicates_of({"pkg/__init__.py": "", **files})) == []


def test_what_else_a_function_does_of_a_kind_is_in_no_group(duplicates_of):
    child = "client.create_run(e, tags={'mlflow.parentRunId': p, 'k': v})"
    source = "import mlflow\nclient = mlflow.MlflowClient()\ndef {}(e, p, v):\n    x = {}\n    {}\n"
    other = "client.create_run(e, run_name='group')"
    files = {
        "a.py": source.format("one", child, f"y = {other}"),
        "b.py": source.format("two", child, "return x"),
    }
    (group,) = duplicates_of(files).groups
    assert [(copy.fragment.path, copy.fragment.line) for copy in group.copies] == [
        ("a.py", 4),
        ("b.py", 4),
    ]


def test_two_sets_of_tags_in_one_function_are_two_jobs(duplicates_of):
    one = "import mlflow\n\ndef {0}(x):\n    mlflow.set_tags({1})\n"
    site, fold = "{'site': x, 'scanner': x, 'field': x}", "{'study': x, 'task': x, 'fold': x}"
    both = (
        f"import mlflow\n\ndef main(x):\n    mlflow.set_tags({site})\n    mlflow.set_tags({fold})\n"
    )
    found = duplicates_of(
        {"a.py": both, "b.py": one.format("b", site), "c.py": one.format("c", fold)}
    )
    groups = [{c.fragment.path for c in g.copies} | {g.truth.path} for g in found.groups]
    assert sorted(map(sorted, groups)) == [["a.py", "b.py"], ["a.py", "c.py"]]


NEWEST = """
def {name}(client, e):
    runs = client.search_runs([e], "tags.team = 'x'", order_by=["start_time DESC"])
    return runs[0].info.run_id
"""
BEST = """
def {name}(client, e):
    runs = client.search_runs([e], "tags.team = 'x'", order_by=["metrics.f1 DESC"])
    return runs[0].info.run_id
"""
SCRIPT = """
import mlflow
client = mlflow.MlflowClient()
newest = client.search_runs(["1"], "tags.team = 'x'", order_by=["start_time DESC"])[0]
{between}
best = client.search_runs(["1"], "tags.team = 'x'", order_by=["metrics.f1 DESC"])[0]
print(newest.info.run_id, best.info.run_id)
"""


def jobs(duplicates):
    """The functions of the project in each group."""
    found = []
    for group in duplicates.groups:
        truth = {group.truth.name} if group.truth.path else set()
        found.append(sorted(truth | {copy.fragment.function for copy in group.copies}))
    return sorted(found)


def test_the_best_run_of_a_finder_is_another_job_than_its_newest(duplicates_of):
    both = "import mlflow\n" + NEWEST.format(name="one") + BEST.format(name="two")
    files = {
        "pkg/a.py": both + "def pick(c, e, how):\n    return one(c, e) if how else two(c, e)\n"
    }
    files["pkg/b.py"] = "import mlflow\n" + NEWEST.format(name="newest_run")
    files["pkg/c.py"] = "import mlflow\n" + BEST.format(name="best_run")
    assert jobs(duplicates_of(files)) == [["best_run", "two"], ["newest_run", "one"]]


def test_each_search_of_a_script_is_a_job_of_its_own(duplicates_of):
    tag = "other = client.search_runs(['1'], \"tags.kind = 'y'\", order_by=['start_time DESC'])[0]"
    files = {"pkg/a.py": SCRIPT.format(between=tag + "\nprint(other.info.run_id)")}
    files["pkg/b.py"] = "import mlflow\n" + NEWEST.format(name="newest_run")
    files["pkg/c.py"] = "import mlflow\n" + NEWEST.format(name="of_kind").replace(
        "team = 'x'", "kind = 'y'"
    )
    files["pkg/d.py"] = "import mlflow\n" + BEST.format(name="best_run")
    assert jobs(duplicates_of(files)) == [["", "best_run"], ["", "newest_run"], ["", "of_kind"]]


def test_the_searches_of_a_script_are_no_copies_of_each_other(duplicates_of):
    again = "if newest is None:\n    newest = client.search_runs(\n        ['2'], \"tags.team = 'x'\", order_by=['start_time DESC'])[0]"
    assert duplicates_of({"pkg/a.py": SCRIPT.format(between=again)}).groups == ()


DEPLOY = """
import mlflow


class {name}:
    def register(self):
        with mlflow.start_run():
            mlflow.pyfunc.log_model("model", python_model={model})
            mlflow.log_params({{"engine": self.engine, "host": self.host, "command": self.command}})
            mlflow.set_tag("endpoint", self.endpoint)
"""


@pytest.mark.parametrize("base", ["Deploy", "deploy.Deploy"])
def test_what_is_overridden_is_never_told_to_call_its_override(duplicates_of, base):
    longer = "        mlflow.log_text(self.engine, 'engine.txt')\n" * 3
    files = {
        "pkg/__init__.py": "",
        "pkg/deploy.py": DEPLOY.format(name="Deploy", model="self.model"),
        "pkg/compat.py": DEPLOY.format(name=f"CompatDeploy({base})", model="self.path") + longer,
    }
    (group,) = duplicates_of(files).groups
    assert (group.truth.name, group.truth.chosen) == ("Deploy.register", "the others override it")
    assert [copy.fragment.function for copy in group.copies] == ["CompatDeploy.register"]


def test_a_method_of_the_same_name_in_another_class_may_be_the_one_to_call(duplicates_of):
    longer = "        mlflow.log_text(self.engine, 'engine.txt')\n" * 3
    files = {
        "pkg/__init__.py": "",
        "pkg/deploy.py": DEPLOY.format(name="Deploy", model="self.model"),
        "pkg/serve.py": DEPLOY.format(name="Serve(Base)", model="self.path") + longer,
    }
    (group,) = duplicates_of(files).groups
    assert group.truth.name == "Serve.register"
    assert group.truth.chosen == "the largest of several that are alike"


VERSION_TAGS = """
import mlflow

def publish(client, name, version, data, sha):
    client.set_model_version_tag(name, version, "acme.data", data)
    client.set_model_version_tag(name, version, "acme.sha", sha)
    client.set_model_version_tag(name, version, "acme.stage", "prod")
"""
RUN_TAGS = """
import mlflow

def train(data, sha, tags):
    mlflow.set_tags({{"acme.data": data, "acme.sha": sha, "acme.stage": "train"{}}})
"""


@pytest.mark.parametrize(("more", "count"), [("", 1), (', "acme.host": "h"', 0)])
def test_tags_of_a_model_are_those_of_a_run_where_all_are_the_same(duplicates_of, more, count):
    files = {"pkg/__init__.py": "", "pkg/publish.py": VERSION_TAGS}
    found = duplicates_of({**files, "pkg/train.py": RUN_TAGS.format(more)})
    assert len(places(found)) == count
