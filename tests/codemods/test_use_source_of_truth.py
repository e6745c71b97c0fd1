"""Plain copies of run logic become calls of the source of truth; all else is left alone."""

import re
import subprocess
import textwrap

import pytest

from trackfix.project.project import open_project
from trackfix.rewrite.codemod import load_codemods
from trackfix.rewrite.plan import make_plan

# A store in memory that both states of a tree are run against. Its newest run comes first.
STORE = {
    "store.py": """
        from types import SimpleNamespace as Some

        class Client:  # mlflow
            def __init__(self):
                self.made = []
                self.runs = [self.run("newest", {"study": "b"}), self.run("older", {"study": "a"})]

            def run(self, run_id, tags, experiment_id="1"):
                info = Some(run_id=run_id, experiment_id=experiment_id)
                return Some(info=info, data=Some(tags=tags))

            def get_experiment_by_name(self, name):
                return Some(experiment_id="1") if name in ("known", *self.made) else None

            def create_experiment(self, name):
                self.made.append(name)
                return "1"

            def search_runs(self, experiment_ids, filter_string="", run_view_type=1, max_results=9, order_by=None):
                assert list(experiment_ids) == ["1"]
                wanted = filter_string.split("'")[1] if filter_string else None
                found = [r for r in self.runs if wanted in (None, r.data.tags["study"])]
                return (found[::-1] if order_by and "ASC" in order_by[0] else found)[:max_results]

            def get_run(self, run_id):
                return next(run for run in self.runs if run.info.run_id == run_id)

            def create_run(self, experiment_id, start_time=None, tags=None, run_name=None):
                self.runs.insert(0, self.run(f"child {len(self.runs)}", tags, experiment_id))
                return self.runs[0]
    """
}
HEAD = "import mlflow.tracking\nfrom store import Client\n\n"
MLFLOW = {
    **STORE,
    "mlflow/__init__.py": "",
    "mlflow/tracking/__init__.py": "",
    "mlflow/utils/__init__.py": "",
    "mlflow/utils/mlflow_tags.py": 'MLFLOW_PARENT_RUN_ID = "mlflow.parentRunId"\n',
}
NEWEST = '''
    class NoRunError(LookupError):
        pass


    def find_newest(client, experiment_name, *, strict=True):
        """Find the newest mlflow run; the single source of truth."""
        experiment = client.get_experiment_by_name(experiment_name)
        if experiment is None:
            raise NoRunError(experiment_name)
        runs = client.search_runs([experiment.experiment_id], order_by=["start_time DESC"], max_results=1)
        if not runs:
            return None
        return runs[0].info.run_id
'''
NEWEST_RUN = NEWEST.replace("runs[0].info.run_id", "runs[0]")
BY_TAG = '''
    def find_of_study(mlflow_client, experiment_id, study):
        """The run of a study; the single source of truth for mlflow."""
        runs = mlflow_client.search_runs(
            [experiment_id], filter_string=f"tags.study = '{study}'", max_results=1
        )
        return runs[0].info.run_id
'''
CHILD = '''
    def create_child(client, parent_run_id):
        """A child run of mlflow; the single source of truth."""
        parent = client.get_run(parent_run_id)
        tags = {"mlflow.parentRunId": parent_run_id}
        return client.create_run(parent.info.experiment_id, tags=tags)
'''
EXPERIMENT = '''
    def ensure_experiment(name, client=None):
        """Get or create an mlflow experiment; the single source of truth."""
        client = client or object()
        experiment = client.get_experiment_by_name(name)
        if experiment is None:
            return client.create_experiment(name)
        return experiment.experiment_id
'''
IMPORT = HEAD.rstrip("\n") + "\n\nfrom lib.runs import {}\n\n"


@pytest.fixture(scope="session")
def use_source(apply):
    """Applies the codemod to ``app.py`` beside a source of truth in ``lib/runs.py``."""

    def run(source, app, unsafe=True, files=None, **options):
        tree = {"lib/__init__.py": "", "lib/runs.py": source, "app.py": app, **(files or {})}
        options = {"tests": True, "same": True, **options}
        # In a plain copy each line is part of what goes.
        return apply(
            tree, "use-source-of-truth", unsafe=unsafe, installed=MLFLOW, words={r"\w+"}, **options
        )

    return run


def app(body, test):
    return f"{HEAD}\n{body}\n\ndef test_it():\n    client = Client()\n    assert {test}\n"


REWRITES = {
    "the newest run of an experiment, its id kept": (
        NEWEST,
        """def job(mlflow_client, study):
    found = mlflow_client.get_experiment_by_name(study)
    hits = mlflow_client.search_runs([found.experiment_id], order_by=["attributes.start_time DESC"])
    run_id = hits[0].info.run_id
    return [run_id]
""",
        """def job(mlflow_client, study):
    run_id = find_newest(client=mlflow_client, experiment_name=study)
    return [run_id]
""",
        "job(client, 'known') == ['newest']",
        "find_newest",
    ),
    "returned, through more names": (
        NEWEST,
        """def job(mlflow_client, study):
    found = mlflow_client.get_experiment_by_name(name=study)
    ids = [found.experiment_id]

    hits = mlflow_client.search_runs(experiment_ids=ids, order_by=['start_time DESC'], max_results=1)
    first = hits[0]
    return first.info.run_id  # the newest
""",
        """def job(mlflow_client, study):
    return find_newest(client=mlflow_client, experiment_name=study)  # the newest
""",
        "job(client, 'known') == 'newest'",
        "find_newest",
    ),
    "in one expression, with a literal": (
        NEWEST,
        """def job(mlflow_client):
    return mlflow_client.search_runs([mlflow_client.get_experiment_by_name("known").experiment_id], order_by=["start_time DESC"])[0].info.run_id
""",
        """def job(mlflow_client):
    return find_newest(client=mlflow_client, experiment_name="known")
""",
        "job(client) == 'newest'",
        "find_newest",
    ),
    "the client of an object, and what comes after the run stays": (
        NEWEST_RUN,
        """class Job:
    def __init__(self, client):
        self.mlflow_client = client

    def run(self, study):
        found = self.mlflow_client.get_experiment_by_name(study)
        hits = self.mlflow_client.search_runs([found.experiment_id], order_by=["start_time desc"])
        return hits[0].info.run_id
""",
        """class Job:
    def __init__(self, client):
        self.mlflow_client = client

    def run(self, study):
        return find_newest(client=self.mlflow_client, experiment_name=study).info.run_id
""",
        "Job(client).run('known') == 'newest'",
        "find_newest",
    ),
    "a run by one tag": (
        BY_TAG,
        """def job(mlflow_client, experiment_id, key):
    query = f"tags.study = '{key}'"
    hits = mlflow_client.search_runs([experiment_id], query, max_results=1)
    return hits[0].info.run_id
""",
        """def job(mlflow_client, experiment_id, key):
    return find_of_study(mlflow_client=mlflow_client, experiment_id=experiment_id, study=key)
""",
        "job(client, '1', 'a') == 'older'",
        "find_of_study",
    ),
    "a run by one tag whose value is written out": (
        BY_TAG,
        """def job(mlflow_client, experiment_id):
    hits = mlflow_client.search_runs([experiment_id], "tags.study = 'a'", max_results=1)
    return hits[0].info.run_id
""",
        """def job(mlflow_client, experiment_id):
    return find_of_study(mlflow_client=mlflow_client, experiment_id=experiment_id, study='a')
""",
        "job(client, '1') == 'older'",
        "find_of_study",
    ),
    "a child run": (
        CHILD,
        """def job(mlflow_client, parent_id):
    parent = mlflow_client.get_run(parent_id)
    run = mlflow_client.create_run(
        parent.info.experiment_id,
        tags={"mlflow.parentRunId": parent_id},
    )
    run_id = run.info.run_id
    return run_id, run.data.tags
""",
        """def job(mlflow_client, parent_id):
    run = create_child(client=mlflow_client, parent_run_id=parent_id)
    run_id = run.info.run_id
    return run_id, run.data.tags
""",
        "job(client, 'older') == ('child 2', {'mlflow.parentRunId': 'older'})",
        "create_child",
    ),
    "an experiment, by if and else": (
        EXPERIMENT,
        """def job(mlflow_client, study):
    known = mlflow_client.get_experiment_by_name(study)
    if known is None:
        experiment_id = mlflow_client.create_experiment(study)
    else:
        experiment_id = known.experiment_id
    return experiment_id, mlflow_client.made
""",
        """def job(mlflow_client, study):
    experiment_id = ensure_experiment(name=study, client=mlflow_client)
    return experiment_id, mlflow_client.made
""",
        "job(client, 'new') == ('1', ['new']) == job(client, 'new')",
        "ensure_experiment",
    ),
    "an experiment, by a condition": (
        EXPERIMENT,
        """def job(mlflow_client, study):
    known = mlflow_client.get_experiment_by_name(study)
    return known.experiment_id if known else mlflow_client.create_experiment(study)
""",
        """def job(mlflow_client, study):
    return ensure_experiment(name=study, client=mlflow_client)
""",
        "job(client, 'new') == '1'",
        "ensure_experiment",
    ),
    "an experiment, by two returns": (
        EXPERIMENT,
        """def job(mlflow_client, study):
    known = mlflow_client.get_experiment_by_name(study)
    if known is not None:
        return known.experiment_id
    return mlflow_client.create_experiment(study)
""",
        """def job(mlflow_client, study):
    return ensure_experiment(name=study, client=mlflow_client)
""",
        "job(client, 'new') == '1'",
        "ensure_experiment",
    ),
}


@pytest.mark.parametrize("source, body, expected, test, name", REWRITES.values(), ids=REWRITES)
def test_plain_steps_become_a_call(use_source, source, body, expected, test, name):
    applied = use_source(source, app(body, test))
    assert applied["app.py"] == app(expected, test).replace(HEAD, IMPORT.format(name))


COPY = """def job(mlflow_client, study):
    found = mlflow_client.get_experiment_by_name(study)
    hits = mlflow_client.search_runs([found.experiment_id], order_by=["start_time DESC"])
    return hits[0].info.run_id
"""
CALL = """def job(mlflow_client, study):
    return find_newest(client=mlflow_client, experiment_name=study)
"""

# Copies with guards, which the source of truth has as well.

NEWEST_OR_NONE = NEWEST.replace("raise NoRunError(experiment_name)", "return None")
NEWEST_OR_ERROR = NEWEST.replace(
    "raise NoRunError(experiment_name)", "raise KeyError(experiment_name)"
)
OF_STUDY_OR_NONE = BY_TAG.replace(
    "        return", "        if not runs:\n            return None\n        return"
)
OF_STUDY_CALL = "find_of_study(mlflow_client=mlflow_client, experiment_id=experiment_id, study=key)"
OF_STUDY = """def job(mlflow_client, experiment_id, key):
    key = key.strip()
    hits = mlflow_client.search_runs([experiment_id], f"tags.study = '{key}'", max_results=1)
"""
GUARDED = {
    "both by if": (
        NEWEST_OR_NONE,
        """def job(mlflow_client, study):
    found = mlflow_client.get_experiment_by_name(study)
    if not found:
        return None
    hits = mlflow_client.search_runs([found.experiment_id], order_by=["start_time DESC"], max_results=1)
    if len(hits) == 0:
        return None
    return hits[0].info.run_id
""",
        CALL,
        "(job(client, 'known'), job(client, 'new')) == ('newest', None)",
    ),
    "within each other, and the end of the function": (
        NEWEST_OR_NONE,
        """def job(mlflow_client, study):
    found = mlflow_client.get_experiment_by_name(study)
    if found is not None:
        hits = mlflow_client.search_runs([found.experiment_id], order_by=["start_time DESC"])
        if hits:
            newest = hits[0]
            return newest.info.run_id
""",
        CALL,
        "(job(client, 'known'), job(client, 'new')) == ('newest', None)",
    ),
    "an error": (
        NEWEST_OR_ERROR,
        """def job(mlflow_client, study):
    found = mlflow_client.get_experiment_by_name(study)
    if found is None:
        raise KeyError(f"no {study}")
    hits = mlflow_client.search_runs([found.experiment_id], order_by=["start_time DESC"])
    return hits[0].info.run_id if hits else None
""",
        CALL,
        "job(client, 'known') == 'newest'",
    ),
    "a condition, and what comes before": (
        OF_STUDY_OR_NONE,
        OF_STUDY + "    return hits[0].info.run_id if hits else None\n",
        OF_STUDY.rpartition("    hits")[0] + f"    return {OF_STUDY_CALL}\n",
        "[job(client, '1', key) for key in (' a', 'none')] == ['older', None]",
    ),
    "a condition, and what comes after": (
        OF_STUDY_OR_NONE,
        OF_STUDY + "    run_id = hits[0].info.run_id if hits else None\n    return [run_id]\n",
        OF_STUDY.rpartition("    hits")[0] + f"    run_id = {OF_STUDY_CALL}\n    return [run_id]\n",
        "[job(client, '1', key) for key in (' a', 'none')] == [['older'], [None]]",
    ),
}  # fmt: skip


@pytest.mark.parametrize("source, body, expected, test", GUARDED.values(), ids=GUARDED)
def test_steps_with_the_guards_of_the_source_become_a_call(
    use_source, source, body, expected, test
):
    name = "find_newest" if "find_newest" in expected else "find_of_study"
    applied = use_source(source, app(body, test))
    assert applied["app.py"] == app(expected, test).replace(HEAD, IMPORT.format(name))
    ((_, note),) = [note for file in applied.plan.files for note in file.notes]
    assert note == f"call {name} from lib.runs"


def test_the_note_says_what_a_guard_does_not_cover(use_source):
    guarded = COPY.replace("    return", "    if not hits:\n        return None\n    return")
    applied = use_source(NEWEST, app(guarded, "job(client, 'known') == 'newest'"))
    ((_, note),) = [note for file in applied.plan.files for note in file.notes]
    assert note.endswith(
        "lib.runs; without an experiment it raises NoRunError, where AttributeError was raised"
    )


OTHER_GUARDS = {
    "none where the source fails": (
        BY_TAG,
        OF_STUDY + "    return hits[0].info.run_id if hits else None\n",
        "without a run it returns None, but find_of_study fails as the steps do",
    ),
    "none where the source fails, in a function that returns": (
        BY_TAG,
        OF_STUDY + "    if not hits:\n        return\n    return hits[0].info.run_id\n",
        "without a run it returns None, but find_of_study fails as the steps do",
    ),
    "an error of its own": (
        NEWEST,
        "class NoRunError(Exception): pass\n\n"
        + COPY.replace("    hits", "    if not found:\n        raise NoRunError\n    hits"),
        "NoRunError may be another one there",
    ),
    "another error": (
        NEWEST_OR_ERROR,
        COPY.replace("    hits", "    if not found:\n        raise ValueError\n    hits"),
        "without an experiment it raises ValueError, but find_newest raises KeyError",
    ),
    "another value": (
        OF_STUDY_OR_NONE,
        OF_STUDY + "    return hits[0].info.run_id if hits else ''\n",
        "not plainly the run id that is returned",
    ),
    "a line for the log": (
        OF_STUDY_OR_NONE,
        OF_STUDY + "    if not hits:\n        print(key)\n        return None\n    return hits[0].info.run_id\n",
        "does more than the plain steps",
    ),
    "a switch": (
        OF_STUDY_OR_NONE,
        OF_STUDY + "    if not hits or key == 'x':\n        return None\n    return hits[0].info.run_id\n",
        "does not return all that it finds",
    ),
    "a name of the module": (
        OF_STUDY_OR_NONE,
        "hits = []\n\n" + OF_STUDY.replace("    hits", "    global hits\n    hits")
        + "    if not hits:\n        return None\n    return hits[0].info.run_id\n",
        "not plainly the run id that is returned",
    ),
    "a comment": (
        OF_STUDY_OR_NONE,
        OF_STUDY + "    if not hits:  # new\n        return None\n    return hits[0].info.run_id\n",
        "a comment stands among the steps",
    ),
    "more behind it": (
        OF_STUDY_OR_NONE,
        OF_STUDY + "    if not hits:\n        return None\n    run_id = hits[0].info.run_id\n"
        "    return [run_id]\n",
        "not plainly the run id that is returned",
    ),
    "a value that is made on the way": (
        OF_STUDY_OR_NONE,
        """def job(mlflow_client, experiment_id, key):
    ids = [experiment_id]
    value = key
    hits = mlflow_client.search_runs(ids, f"tags.study = '{value}'", max_results=1)
    if not hits:
        return None
    return hits[0].info.run_id
""",
        "what it is asked with is made among the steps",
    ),
    "an asynchronous function": (
        OF_STUDY_OR_NONE,
        f"async {OF_STUDY}    if not hits:\n        return None\n    return hits[0].info.run_id\n",
        "asynchronous",
    ),
}  # fmt: skip


@pytest.mark.parametrize("source, body, reason", OTHER_GUARDS.values(), ids=OTHER_GUARDS)
def test_guards_that_the_source_has_not_stay(use_source, source, body, reason):
    applied = use_source(source, app(body, "client"))
    assert applied.changed == {}
    assert any(re.search(reason, line) for line in applied.skipped), applied.skipped


def test_a_name_that_the_file_has_already_is_used(use_source):
    head = "from lib.runs import find_newest as newest\n\n"
    applied = use_source(
        NEWEST, head + app(COPY, "job(client, 'known') == newest(client, 'known')")
    )
    assert "    return newest(client=mlflow_client, experiment_name=study)\n" in applied["app.py"]
    assert applied["app.py"].count("import") == 3


def test_a_copy_in_the_file_of_the_source_needs_no_import(use_source, d):
    applied = use_source(d(NEWEST) + "\n\n" + COPY, "import mlflow.tracking\n")
    assert applied["lib/runs.py"] == d(NEWEST) + "\n\n" + CALL


def test_a_package_of_relative_imports_gets_a_relative_one(use_source):
    files = {"lib/job.py": f"from .other import x\n\n\n# mlflow\n{COPY}", "lib/other.py": "x = 1\n"}
    applied = use_source(NEWEST, "import mlflow.tracking\n", files=files)
    assert applied["lib/job.py"] == (
        f"from .other import x\nfrom .runs import find_newest\n\n\n# mlflow\n{CALL}"
    )


@pytest.mark.parametrize(
    "head, both",
    [
        ('"""Of mlflow."""\n\n\n', '"""Of mlflow."""\n\nfrom lib.runs import find_newest\n\n\n'),
        ("# mlflow\n", "# mlflow\nfrom lib.runs import find_newest\n\n\n"),
    ],
)
def test_a_file_without_imports_gets_its_first_one(use_source, head, both):
    applied = use_source(NEWEST, "import mlflow.tracking\n", files={"job.py": head + COPY})
    assert applied["job.py"] == both + CALL


def test_a_file_without_imports_gets_all_that_it_needs(use_source):
    source = {"lib/child.py": "import mlflow.tracking\n\n" + textwrap.dedent(CHILD)}
    both = "# mlflow\n" + COPY + "\n\n" + CHILD_COPY.replace("job", "split")
    applied = use_source(NEWEST, "import mlflow.tracking\n", files={**source, "job.py": both})
    assert applied["job.py"].startswith(
        "# mlflow\nfrom lib.child import create_child\nfrom lib.runs import find_newest\n\n\n"
        + CALL
    )


TRIED = "try:\n    import mlflow\nexcept ImportError:\n    mlflow = None\n\n\n"


@pytest.mark.parametrize("head", ["", "import os\n\n"])
def test_a_file_that_does_without_mlflow_imports_nothing_that_needs_it(use_source, head):
    needing = f"import mlflow.tracking\n\n{textwrap.dedent(NEWEST)}"
    assert use_source(needing, f"{head}{TRIED}{COPY}").changed == {}
    doing_without = f"{TRIED}{textwrap.dedent(NEWEST)}"
    assert "find_newest" in use_source(doing_without, f"{head}{TRIED}{COPY}")["app.py"]


LATE = "    import mlflow.tracking\n"
LATE_IMPORTS = {
    "of MLflow": (LATE, f"{LATE}\n    from lib.runs import find_newest\n"),
    "of a module beside the source": (
        "    from lib.clients import connect  # mlflow\n",
        "    from lib.clients import connect  # mlflow\n    from lib.runs import find_newest\n",
    ),
}


@pytest.mark.parametrize("late, both", LATE_IMPORTS.values(), ids=LATE_IMPORTS)
def test_a_function_that_imports_late_has_the_import_too(use_source, late, both):
    head, rest = COPY.split("\n", 1)
    files = {"lib/clients.py": "def connect(): ...\n"}
    start = f"from store import Client\n\n\n{head}\n"
    applied = use_source(NEWEST, f"{start}{late}\n{rest}", files=files)
    called = CALL.split("\n", 1)[1]
    assert applied["app.py"] == f"{start}{both}\n{called}"


def test_the_import_stays_at_the_top_beside_one_of_mlflow(use_source):
    head, rest = COPY.split("\n", 1)
    applied = use_source(NEWEST, f"{HEAD}\n{head}\n{LATE}\n{rest}")
    assert applied["app.py"].startswith(IMPORT.format("find_newest"))


def test_line_ends_and_what_stands_around_stay(use_source):
    body = app("# before\n" + COPY + "# after", "job(client, 'known') == 'newest'")
    applied = use_source(NEWEST, body.replace("\n", "\r\n").encode())
    expected = app("# before\n" + CALL + "# after", "job(client, 'known') == 'newest'")
    expected = expected.replace(HEAD, IMPORT.format("find_newest"))
    assert applied.after["app.py"] == expected.replace("\n", "\r\n").encode()


def test_two_copies_in_one_file_share_an_import(use_source):
    other = COPY.replace("job", "task").replace("found", "known")
    applied = use_source(NEWEST, app(f"{COPY}\n\n{other}", "job(client, 'known') == 'newest'"))
    assert applied["app.py"].count("find_newest(client=") == 2
    assert applied["app.py"].count("import find_newest") == 1


def test_the_note_says_what_happens_when_nothing_is_found(use_source):
    applied = use_source(NEWEST, app(COPY, "job(client, 'known') == 'newest'"))
    assert [file.notes for file in applied.plan.files] == [
        (
            (
                7,
                "call find_newest from lib.runs; "
                "without an experiment it raises NoRunError, where AttributeError was raised; "
                "without a run it returns None, where IndexError was raised",
            ),
        )
    ]


def test_git_applies_the_diff_with_its_notes(use_source, tmp_path):
    from trackfix.report import diff

    applied = use_source(NEWEST, app(COPY, "job(client, 'known') == 'newest'"))
    notes = {file.path: file.notes for file in applied.plan.files}
    text = diff.render(applied.plan.changes, colour=False, notes=notes)
    assert text.startswith(b"# app.py:7: call find_newest from lib.runs; without an experiment")
    (tmp_path / "app.py").write_bytes(applied.before["app.py"])
    subprocess.run(["git", "apply", "-"], input=text, cwd=tmp_path, check=True)
    assert (tmp_path / "app.py").read_bytes() == applied.after["app.py"]


# What is left alone, with the reason.

STAYS = {
    "a guard of the experiment": (
        COPY.replace("    hits", "    if found is None:\n        return\n    hits"),
        "without an experiment it returns None, but find_newest raises NoRunError",
    ),
    "runs that are counted, too": (
        COPY.replace("    return", "    print(len(hits))\n    return"),
        "more than the plain steps",
    ),
    "a statement between": (
        COPY.replace("    return", "    print(study)\n    return"),
        "other statements stand between",
    ),
    "a comment": (COPY.replace("    return", "    # the newest\n    return"), "a comment stands"),
    "a comment behind a step": (COPY.replace('DESC"])', 'DESC"])  # newest'), "a comment stands"),
    "steps on one line": (
        "def job(mlflow_client, study):\n    found = mlflow_client.get_experiment_by_name(study); hits = mlflow_client.search_runs([found.experiment_id], order_by=['start_time DESC'])\n    return hits[0].info.run_id\n",
        "share a line",
    ),
    "a status": (
        COPY.replace("], order_by", "], \"attributes.status = 'FINISHED'\", order_by"),
        "it asks for a status of its own",
    ),
    "all runs viewed": (
        COPY.replace("], order_by", "], run_view_type=3, order_by"),
        "which runs to view",
    ),
    "unpacked arguments": (COPY.replace("name(study)", "name(*[study])"), "unpacked"),
    "a name that a call makes": (
        COPY.replace("name(study)", "name(str(study))"),
        "more than a value",
    ),
    "two clients": (
        COPY.replace("(mlflow_client, study)", "(mlflow_client, study, other_client=None)").replace(
            "hits = mlflow_client", "hits = other_client"
        ),
        "two expressions give the client",
    ),
    "a search in a lambda": (
        "def with_retries(call):\n    return call()\n\n"
        + COPY.replace(
            "= mlflow_client.search", "= with_retries(lambda: mlflow_client.search"
        ).replace('"])', '"]))'),
        "it stands in a lambda",
    ),
    "a run that is picked otherwise": (
        COPY.replace("hits[0]", "next(iter(hits))"),
        r"it does not take the first run by \[0\]",
    ),
    "the run itself": (COPY.replace(".info.run_id", ""), "not the run id"),
    "a step that is bound again": (
        COPY.replace("    return", "    hits = list(hits)\n    return"),
        "not plainly the run id that is returned",
    ),
    "a step that an inner function reads": (
        COPY.replace("    return", "    inner = lambda: hits\n    return"),
        "a function in it may use the steps",
    ),
    "a name that means something else": (
        "def find_newest(): pass\n\n" + COPY,
        "find_newest means something else",
    ),
    "a star import": ("from os.path import *\n\n" + COPY, "a star import may bind find_newest"),
    "an import on a condition": (
        "try:\n    from lib.runs import find_newest\nexcept ImportError:\n    find_newest = None\n\n"
        + COPY,
        "find_newest",
    ),
    "an order that nothing else uses": (
        'ORDER = ["start_time DESC"]\n\n' + COPY.replace('["start_time DESC"]', "ORDER"),
        "newest run alone",
    ),
}


@pytest.mark.parametrize("body, reason", STAYS.values(), ids=STAYS)
def test_all_else_stays_and_the_reason_is_told(use_source, body, reason):
    applied = use_source(NEWEST, app(body, "client"))
    assert applied.changed == {}
    assert any(re.search(reason, line) for line in applied.skipped), applied.skipped


NO_COPIES = {
    "the oldest": COPY.replace('DESC"]', 'ASC"]'),
    "a filter that only a run tells": COPY.replace("], order_by", "], **more, order_by"),
}


@pytest.mark.parametrize("body", NO_COPIES.values(), ids=NO_COPIES)
def test_what_is_no_copy_is_not_asked_about(use_source, body):
    applied = use_source(NEWEST, "more = {}\n\n" + app(body, "client"))
    assert (applied.changed, applied.skipped) == ({}, [])


SOURCES = {
    "does more": (
        NEWEST.replace(
            "        return runs", "        client.set_tag(runs[0], 'a', 'b')\n        return runs"
        ),
        "it calls set_tag, too",
    ),
    "has several ways": (
        NEWEST.replace("return None", "runs = client.search_runs([experiment.experiment_id])"),
        "several ways|another function",
    ),
    "returns something else": (
        NEWEST.replace("return runs[0].info.run_id", "return runs[0].info.run_id, experiment"),
        "returns something else",
    ),
    "takes no client": (
        NEWEST.replace("client, experiment", "experiment").replace(
            "        experiment =", "        client = make_client()\n        experiment ="
        ),
        "its client is none of its parameters",
    ),
    "needs more": (NEWEST.replace("strict=True", "strict"), "find_newest needs strict, too"),
    "is decorated": (
        NEWEST.replace("    def find", "    @print\n    def find"),
        "decorated or asynchronous",
    ),
    "is asynchronous": (NEWEST.replace("    def find", "    async def find"), "asynchronous"),
    "changes what it is given": (
        NEWEST.replace(
            "        experiment =",
            "        experiment_name = experiment_name + '!'\n        experiment =",
        ),
        "it changes experiment_name",
    ),
}


@pytest.mark.parametrize("source, reason", SOURCES.values(), ids=SOURCES)
def test_a_source_of_truth_that_is_no_plain_function_is_not_called(use_source, source, reason):
    applied = use_source(source, app(COPY, "client"), same=False)
    assert applied.changed == {}
    assert any(re.search(reason, line) for line in applied.skipped), applied.skipped


def test_nothing_is_called_as_a_safe_fix(use_source):
    applied = use_source(NEWEST, app(COPY, "client"), unsafe=False)
    assert applied.changed == {}
    assert applied.skipped == ["app.py:7: unsafe: what happens when nothing is found may change"]


def test_no_import_cycle_is_closed(use_source):
    source = "from app import Client\n\n\n" + NEWEST.replace("\n    ", "\n")
    applied = use_source(source, app(COPY, "client"))
    assert applied.changed == {}
    assert applied.skipped == ["app.py:7: importing lib.runs here would close an import cycle"]


def test_no_script_is_run_by_an_import(use_source):
    source = NEWEST.replace("\n    ", "\n") + "\n\nprint(find_newest)\n"
    applied = use_source(source, app(COPY, "client"))
    assert applied.changed == {}
    assert applied.skipped == ["app.py:7: lib/runs.py would run if it were imported"]


def test_a_script_that_is_imported_already_runs_anyway(use_source):
    source = NEWEST.replace("\n    ", "\n") + "\n\nprint(find_newest)\n"
    head = "from lib.runs import NoRunError\n\n"
    applied = use_source(source, head + app(COPY, "NoRunError and job(client, 'known')"))
    assert (
        "    return find_newest(client=mlflow_client, experiment_name=study)\n" in applied["app.py"]
    )


def test_a_source_of_truth_outside_of_the_project_is_not_called(use_source):
    body = COPY.replace("job", "task").replace("found", "known")
    tree = app(f"{COPY}\n\n{body}", "client")
    applied = use_source("x = 1\n", tree)
    assert applied.changed == {}
    assert applied.skipped[0].endswith("trackfix.tracking.find_mlflow_run is not in the project")


def test_tags_that_are_built_stay(use_source):
    source = """
        def build_tags(study, fold, trial):
            \"\"\"The tags of an mlflow run; the single source of truth.\"\"\"
            return {"a.study": study, "a.fold": fold, "a.trial": trial, "mlflow.note": ""}
    """
    body = (
        "def job(s, f, t):\n"
        '    tags = {"a.study": s, "a.fold": f, "a.trial": t, "mlflow.note": ""}\n'
        "    return tags\n"
    )
    applied = use_source(source, app(body, "client"))
    assert applied.changed == {}
    assert [line.partition(": ")[2] for line in applied.skipped] == [
        "there is no plain shape of it"
    ]


def test_what_stands_outside_of_a_function_stays(use_source):
    body = (
        "client = Client()\n"
        "found = client.get_experiment_by_name('known')\n"
        "hits = client.search_runs([found.experiment_id], order_by=['start_time DESC'])\n"
        "newest = hits[0].info.run_id\n"
    )
    applied = use_source(NEWEST, app(body, "client"))
    assert applied.changed == {}
    assert applied.skipped == ["app.py:7: it stands outside of a function"]


def test_files_that_are_held_back_stay(tmp_path):
    (tmp_path / "runs.py").write_text(textwrap.dedent(NEWEST))
    (tmp_path / "app.py").write_text(f"import mlflow\n{COPY}")
    (codemod,) = load_codemods(("use-source-of-truth",))
    frozen = {codemod.name: {"app.py": "so"}}
    plan = make_plan(open_project(tmp_path), [codemod], unsafe=True, frozen=frozen)
    assert plan.files == ()
    assert [s.reason for s in plan.skipped] == ["the file is held back: so"]


# What the source of truth does beyond the plain steps.

GUARD = """        if not runs:
            return None
"""
PLAIN_SOURCES = {
    "nothing by a condition": NEWEST.replace(GUARD, "").replace("run_id\n", "run_id if runs else None\n"),
    "nothing by the end of the function": NEWEST.replace(GUARD, "").replace(
        "        return runs[0].info.run_id", "        if runs:\n            return runs[0].info.run_id"
    ),
    "nothing by a count": NEWEST.replace("not runs", "len(runs) == 0"),
    "a run in a name": NEWEST.replace(GUARD, "").replace(
        "        return runs[0].info.run_id",
        "        run = runs[0] if runs else None\n"
        "        if run is None:\n            return None\n        return run.info.run_id",
    ),
    "a flag that is off": NEWEST.replace("strict=True", "strict=False").replace(
        GUARD, GUARD.replace("return", "if strict:\n                raise KeyError\n            return")
    ),
    "a line for the log": "    import logging\n\n    log = logging.getLogger(__name__)\n\n"
    + NEWEST.replace("return None", 'log.info("none of %s", experiment_name)\n            return None'),
    "a client of its own where none is given": NEWEST.replace(
        '"""\n', '"""\n        if client is None:\n            client = make_client()\n'
    ),
}  # fmt: skip


@pytest.mark.parametrize("source", PLAIN_SOURCES.values(), ids=PLAIN_SOURCES)
def test_the_note_says_what_each_plain_source_does_without_a_run(use_source, source):
    applied = use_source(source, app(COPY, "job(client, 'known') == 'newest'"))
    ((_, note),) = [note for file in applied.plan.files for note in file.notes]
    assert note.split("; ") == [
        "call find_newest from lib.runs",
        "without an experiment it raises NoRunError, where AttributeError was raised",
        "without a run it returns None, where IndexError was raised",
    ]


def test_the_note_says_that_another_error_is_raised(use_source):
    source = NEWEST.replace(GUARD, "        run = runs[0] if runs else None\n")
    source = source.replace("return runs[0]", "return run")
    applied = use_source(source, app(COPY, "job(client, 'known') == 'newest'"))
    ((_, note),) = [note for file in applied.plan.files for note in file.notes]
    assert note.endswith("without a run it raises AttributeError, where IndexError was raised")


def test_the_note_says_that_an_assertion_fails(use_source):
    source = NEWEST.replace(GUARD, "        assert runs\n")
    applied = use_source(source, app(COPY, "job(client, 'known') == 'newest'"))
    ((_, note),) = [note for file in applied.plan.files for note in file.notes]
    assert note.endswith("without a run it raises AssertionError, where IndexError was raised")


MORE = {
    "errors that it catches": (
        NEWEST.replace("        runs =", "        try:\n            runs =").replace(
            GUARD, "        except Exception:\n            return None\n"
        ),
        "it catches errors",
    ),
    "a status": (
        NEWEST.replace(GUARD, GUARD.replace("not runs", "not runs or runs[0].info.status != 'F'")),
        "does not return all that it finds",
    ),
    "several runs": (
        NEWEST.replace(GUARD, "        if len(runs) > 1:\n            raise NoRunError\n"),
        "does not return all that it finds",
    ),
    "a deleted experiment": (
        NEWEST.replace("is None:", "is None or experiment.lifecycle_stage == 'deleted':"),
        "does not return all that it finds",
    ),
    "a switch": (
        NEWEST.replace('"""\n', '"""\n        if OFFLINE:\n            return None\n'),
        "does not return all that it finds",
    ),
    "a tag of the experiment": (
        NEWEST.replace(GUARD, "        client.set_experiment_tag(experiment.experiment_id, 'a', 'b')\n"),
        "it calls set_experiment_tag, too",
    ),
    "a function of its own": (
        NEWEST.replace(GUARD, "        audit(experiment_name)\n"),
        "it calls audit, too",
    ),
    "a cache": (
        NEWEST.replace(GUARD, "        CACHE[experiment_name] = runs[0]\n"),
        "it keeps more than",
    ),
}  # fmt: skip


@pytest.mark.parametrize("source, reason", MORE.values(), ids=MORE)
def test_a_source_of_truth_that_does_more_is_not_called(use_source, source, reason):
    applied = use_source(source, app(COPY, "client"), same=False)
    assert applied.changed == {}
    assert any(re.search(reason, line) for line in applied.skipped), applied.skipped


CHILD_COPY = """def job(mlflow_client, parent_id):
    parent = mlflow_client.get_run(parent_id)
    run = mlflow_client.create_run(parent.info.experiment_id, tags={"mlflow.parentRunId": parent_id})
    return run
"""


def test_tags_that_are_not_written_at_once_stay(use_source):
    body = CHILD_COPY.replace(
        "    run =", '    tags = {}\n    tags["mlflow.parentRunId"] = parent_id\n    run ='
    ).replace('tags={"mlflow.parentRunId": parent_id}', "tags=tags")
    applied = use_source(CHILD, app(body, "client"))
    assert applied.changed == {}
    assert applied.skipped == ["app.py:9: its tags are not written at once"]


def test_a_tag_that_is_compared_in_code_stays(use_source):
    body = """def job(mlflow_client, experiment_id, study):
    for run in mlflow_client.search_runs([experiment_id]):
        if run.data.tags["study"] == study:
            return run.info.run_id
"""
    applied = use_source(BY_TAG, app(body, "client"))
    assert applied.changed == {}
    assert applied.skipped == ["app.py:6: it compares runs in code, too"]


NAMED = CHILD.replace("parent_run_id):", "parent_run_id, name=None):").replace(
    "tags=tags", "tags=tags, run_name=name"
)
OWN_NAMES = {
    "by default": NAMED.replace("name=None", 'name="child"'),
    "where none is given": NAMED.replace("        tags =", '        name = name or "child"\n        tags ='),
    "in any case": CHILD.replace("tags=tags", 'tags=tags, run_name="child"'),
}  # fmt: skip


@pytest.mark.parametrize("source", OWN_NAMES.values(), ids=OWN_NAMES)
def test_no_run_gets_a_name_that_it_had_not(use_source, source):
    applied = use_source(source, app(CHILD_COPY, "client"))
    assert applied.changed == {}
    assert any("has a run name of its own" in line for line in applied.skipped), applied.skipped


def test_a_source_that_can_name_runs_is_called_without_a_name(use_source):
    applied = use_source(NAMED, app(CHILD_COPY, "job(client, 'older')"))
    assert "create_child(client=mlflow_client, parent_run_id=parent_id)\n" in applied["app.py"]


def test_no_child_is_created_by_a_source_that_may_refuse(use_source):
    source = CHILD.replace(
        "        tags", '        if parent.info.status != "RUNNING":\n            return None\n        tags', 1
    )  # fmt: skip
    applied = use_source(source, app(CHILD_COPY, "client"))
    assert applied.changed == {}
    assert any("does not return all" in line for line in applied.skipped), applied.skipped


ENSURE_COPY = """def job(mlflow_client, study):
    known = mlflow_client.get_experiment_by_name(study)
    return known.experiment_id if known else mlflow_client.create_experiment(study)
"""
RESOLVERS = {
    "creates it on request": EXPERIMENT.replace("client=None", "client=None, create=False").replace(
        "            return client", "            if not create:\n                return None\n            return client"
    ),
    "refuses deleted ones": EXPERIMENT.replace(
        "        return experiment.",
        "        if experiment.lifecycle_stage == 'deleted':\n            raise KeyError\n        return experiment.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("source", RESOLVERS.values(), ids=RESOLVERS)
def test_a_source_that_does_not_resolve_each_experiment_is_not_called(use_source, source):
    applied = use_source(source, app(ENSURE_COPY, "client"))
    assert applied.changed == {}
    assert applied.skipped


def test_a_source_that_creates_unless_it_is_told_otherwise_is_called(use_source):
    source = RESOLVERS["creates it on request"].replace("create=False", "create=True")
    applied = use_source(source, app(ENSURE_COPY, "job(client, 'new') == '1'"))
    assert "ensure_experiment(name=study, client=mlflow_client)" in applied["app.py"]


# Where the statement that reads the answer does something else before, or may not read it.

LATER = {
    "a loop asks each time": "    while study and hits[0].info.run_id:\n        study = None\n",
    "a condition of a loop": "    while hits[0].info.run_id:\n        return 1\n",
    "only on some condition": "    return hits[0].info.run_id if study == 'x' else None\n",
    "only where a value is true": "    return study == 'x' and hits[0].info.run_id\n",
    "after a call": "    return mlflow_client.create_experiment(study), hits[0].info.run_id\n",
    "as a place for what a call gives": (
        "    KEPT[hits[0].info.run_id] = mlflow_client.create_experiment(study)\n"
    ),
    "only when it fails": "    assert study, hits[0].info.run_id\n",
}
HITS = COPY.rpartition("    return")[0]


@pytest.mark.parametrize("body", LATER.values(), ids=LATER)
def test_no_search_moves_behind_something_else(use_source, body):
    applied = use_source(NEWEST, app(HITS + body, "client"))
    assert applied.changed == {}
    assert any("before the last step" in line for line in applied.skipped), applied.skipped


AT_ONCE = {
    "before a call": "    return hits[0].info.run_id, mlflow_client.create_experiment(study)\n",
    "as an argument": "    return str(hits[0].info.run_id)\n",
    "as the question": "    return 1 if hits[0].info.run_id else mlflow_client.create_experiment('x')\n",
    "as the first of two": "    return hits[0].info.run_id or mlflow_client.create_experiment('x')\n",
    "of a loop": "    for letter in hits[0].info.run_id:\n        return letter\n",
}


@pytest.mark.parametrize("body", AT_ONCE.values(), ids=AT_ONCE)
def test_a_search_moves_to_where_its_answer_is_read_at_once(use_source, body):
    applied = use_source(NEWEST, app(HITS + body, "job(client, 'known')"))
    assert "find_newest(client=mlflow_client, experiment_name=study)" in applied["app.py"]


# Where somebody waits for the errors by which the plain steps fail.

INDENTED = textwrap.indent(COPY.split("\n", 1)[1], "    ")
CAUGHT = {
    "by its name": f"    try:\n{INDENTED}    except IndexError:\n        return 'none'\n",
    "with others": (
        f"    try:\n{INDENTED}    except (AttributeError, KeyError):\n        return 'none'\n"
    ),
    "with all": f"    try:\n{INDENTED}    except:\n        return 'none'\n",
    "around a condition": (
        "    try:\n        if study:\n"
        + textwrap.indent(INDENTED, "    ")
        + "    except Exception:\n        return 'none'\n"
    ),
    "in one line": f"    with suppress(IndexError):\n{INDENTED}",
}
NOT_CAUGHT = {
    "errors of MLflow": f"    try:\n{INDENTED}    except MlflowException:\n        raise\n",
    "nothing": f"    try:\n{INDENTED}    finally:\n        print()\n",
    "the errors of others": (
        "    try:\n        int(study)\n    except ValueError:\n" + INDENTED + "    return None\n"
    ),
}
CATCHING = "from contextlib import suppress\n\nclass MlflowException(Exception): pass\n\n"
CATCHING += "def job(mlflow_client, study):\n"


@pytest.mark.parametrize("body", CAUGHT.values(), ids=CAUGHT)
def test_an_error_that_is_caught_is_still_raised(use_source, body):
    applied = use_source(NEWEST, app(CATCHING + body, "job(client, 'known') == 'newest'"))
    assert applied.changed == {}
    assert any("errors of its steps are caught" in line for line in applied.skipped)


@pytest.mark.parametrize("body", NOT_CAUGHT.values(), ids=NOT_CAUGHT)
def test_other_handlers_stand_in_no_way(use_source, body):
    applied = use_source(NEWEST, app(CATCHING + body, "job(client, 'known') == 'newest'"))
    assert "return find_newest(client=mlflow_client, experiment_name=study)" in applied["app.py"]


def test_a_source_that_fails_as_the_steps_do_may_be_called_where_errors_are_caught(use_source):
    source = NEWEST.replace(GUARD, "").replace(
        "        if experiment is None:\n            raise NoRunError(experiment_name)\n", ""
    )
    body = app(CATCHING + CAUGHT["by its name"], "job(client, 'known') == 'newest'")
    assert "        return find_newest(" in use_source(source, body)["app.py"]


QUOTED = """def job(mlflow_client, experiment_id, key):
    hits = mlflow_client.search_runs([experiment_id], f'tags.study = "{key}"', max_results=1)
    return hits[0].info.run_id
"""


def test_values_that_the_quotes_of_the_source_would_break_are_not_handed_over(use_source):
    applied = use_source(BY_TAG, app(QUOTED, "client"))
    assert applied.changed == {}
    assert any("break its quotes" in line for line in applied.skipped), applied.skipped


@pytest.mark.parametrize(
    "query",
    [
        "tags.kind = 'a'",
        "tags.study != 'a'",
        "tags.study LIKE 'a'",
        "params.study = 'a'",
        "tags.study = 'a' and tags.kind = 'b'",
    ],
)
def test_another_question_is_not_handed_over(use_source, query):
    applied = use_source(
        BY_TAG, app(QUOTED.replace("""f'tags.study = "{key}"'""", f'"{query}"'), "client")
    )
    assert applied.changed == {}


def test_a_value_that_the_source_has_written_out_is_no_other_one(use_source):
    source = BY_TAG.replace("'{study}'", "'b'")
    copy = QUOTED.replace("""f'tags.study = "{key}"'""", "\"tags.study = 'a'\"")
    assert use_source(source, app(copy, "client")).changed == {}


def test_a_value_between_the_same_quotes_is_handed_over(use_source):
    source = BY_TAG.replace("""f"tags.study = '{study}'\"""", """f'tags.study = "{study}"\'""")
    applied = use_source(source, app(QUOTED, "client"))
    assert applied["app.py"].count(", study=key)") == 1
