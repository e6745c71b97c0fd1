"""Sources of truth that make their own client, ask for several things, or call a helper."""

import re

import pytest

# A store that clients share, which reads the filters that these tests write.
MLFLOW = {
    "mlflow/__init__.py": """
        from mlflow.tracking import MlflowClient
        def get_experiment_by_name(name): return MlflowClient().get_experiment_by_name(name)
        def create_experiment(name): return MlflowClient().create_experiment(name)
    """,
    "mlflow/entities/__init__.py": "class ViewType:\n    ACTIVE_ONLY, ALL = 1, 3\n",
    "mlflow/tracking/__init__.py": """
        import re
        from types import SimpleNamespace as Some

        RUNS = [
            {"study": "b", "stage": "prod", "status": "FINISHED"},
            {"study": "a", "stage": "dev", "status": "FINISHED"},
            {"study": "a", "stage": "prod", "status": "FAILED"},
            {"study": "a", "stage": "prod", "status": "FINISHED"},
        ]
        MADE = ["known"]

        class MlflowClient:
            def __init__(self, uri=None):
                assert uri is None

            def get_experiment_by_name(self, name):
                return Some(experiment_id=str(MADE.index(name))) if name in MADE else None

            def create_experiment(self, name):
                MADE.append(name)
                return str(len(MADE) - 1)

            def search_runs(
                self, experiment_ids, filter_string="", run_view_type=1, max_results=9, order_by=None
            ):
                assert run_view_type == 1
                asked = re.findall(r"([a-z]+)[`]? = '(.*?)'", filter_string)
                found = [
                    Some(info=Some(run_id=str(number)))
                    for number, run in enumerate(RUNS)
                    if experiment_ids == ["0"] and all(run[key] == value for key, value in asked)
                ]
                return found[:max_results]
    """,
}
FILES = {
    "lib/__init__.py": "",
    "lib/keys.py": """
        from enum import Enum
        STUDY = "study"
        STAGE = "stage"
        class Keys:
            STUDY = "study"
        class Kinds(str, Enum):
            STUDY = "study"
    """,
    "lib/clients.py": """
        from mlflow.tracking import MlflowClient
        def get_client(): return MlflowClient()
        def experiment_id_of(name):
            return get_client().get_experiment_by_name(name).experiment_id
    """,
}
HEAD = "from mlflow.tracking import MlflowClient\n"
FINDER = '''
    from mlflow.tracking import MlflowClient
    from lib.keys import STUDY

    def find_of_study(experiment_id, study):
        """The run of a study; the single source of truth for mlflow."""
        client = MlflowClient()
        runs = client.search_runs(
            [experiment_id], filter_string=f"tags.`{STUDY}` = '{study}'", max_results=1
        )
        return runs[0].info.run_id if runs else None
'''
COPY = """
def job(experiment, key):
    client = MlflowClient()
    hits = client.search_runs([experiment], f"tags.study = '{key}'", max_results=1)
    return hits[0].info.run_id if hits else None
"""
CALL = """
def job(experiment, key):
    return find_of_study(experiment_id=experiment, study=key)
"""
TEST = """
def test_it():
    assert [job("0", key) for key in ("a", "b", "none")] == ["1", "0", None]
"""
IMPORT = "from lib.runs import find_of_study\n"
FACTORY = FINDER.replace("from mlflow.tracking import Mlf", "from lib.clients import Mlf").replace(
    "MlflowClient", "get_client"
)
OF_BOTH = FINDER.replace("study):", "study, stage):").replace(
    "'{study}'", "'{study}' and tags.stage = '{stage}' and attributes.status = 'FINISHED'"
)
BOTH = COPY.replace("key)", "key, stage)")
BOTH_CALL = CALL.replace("key)", "key, stage)", 1).replace("study=key", "study=key, stage=stage")
BOTH_TEST = TEST.replace('"0", key)', '"0", key, "prod")').replace('["1"', '["3"')
OF_NAME = FINDER.replace(
    "STUDY\n", "STUDY\n    from lib.clients import experiment_id_of\n"
).replace("experiment_id,", "name,")
OF_NAME = OF_NAME.replace("[experiment_id]", "[experiment_id_of(name)]")
BY_NAME = FINDER.replace("experiment_id,", "name,").replace(
    "        runs", "        known = client.get_experiment_by_name(name)\n        runs"
)
BY_NAME = BY_NAME.replace("[experiment_id]", "[known.experiment_id]")
MIXED = COPY.replace("    hits", "    known = mlflow.get_experiment_by_name(experiment)\n    hits")
MIXED = "import mlflow\n" + HEAD + MIXED.replace("[experiment]", "[known.experiment_id]")


@pytest.fixture(scope="session")
def use_source(apply):
    """Applies the codemod to ``app.py`` beside a source of truth in ``lib/runs.py``."""

    def run(source, app, files=None):
        tree = {**FILES, "lib/runs.py": source, "app.py": app, **(files or {})}
        return apply(
            tree,
            "use-source-of-truth",
            unsafe=True,
            tests=True,
            installed=MLFLOW,
            words={r"\w+"},
            may_go={"MlflowClient", "get_client", "Keys", "ViewType", "eid"},
        )

    return run


REWRITES = {
    "a client that is kept": (FINDER, HEAD + COPY + TEST, IMPORT + CALL + TEST),
    "a client without a name": (
        FINDER,
        HEAD + COPY.replace("    client = MlflowClient()\n", "").replace("client.", HEAD[-13:-1] + "().") + TEST,
        IMPORT + CALL + TEST,
    ),
    "a client by an attribute of the module": (
        FINDER,
        "import mlflow\n" + COPY.replace("MlflowClient()", "mlflow.MlflowClient()") + TEST,
        IMPORT + CALL + TEST,
    ),
    "a client that is imported late": (
        FINDER,
        COPY.replace("    client =", "    " + HEAD + "\n    client =") + TEST,
        CALL.replace("    return", "    " + IMPORT + "\n    return") + TEST,
    ),
    "a client that is asked more": (
        FINDER,
        HEAD + COPY.replace("    hits", "    print(client)\n    hits") + TEST,
        HEAD + "\n" + IMPORT + CALL.replace("    return", "    client = MlflowClient()\n    print(client)\n    return") + TEST,
    ),
    "a client of one factory": (
        FACTORY,
        "from lib.clients import get_client\n" + COPY.replace("MlflowClient", "get_client") + TEST,
        IMPORT + CALL + TEST,
    ),
    "a client that the source is given": (
        FINDER.replace("(experiment_id", "(client, experiment_id").replace("        client = MlflowClient()\n", ""),
        HEAD + COPY.replace("    client = MlflowClient()\n", "").replace("client.", HEAD[-13:-1] + "().") + TEST,
        HEAD + "\n" + IMPORT + CALL.replace("(experiment_id", "(client=MlflowClient(), experiment_id") + TEST,
    ),
    "several conditions, in another order": (
        OF_BOTH,
        HEAD
        + BOTH.replace(
            "tags.study = '{key}'",
            "status = 'FINISHED' AND tags.stage = '{stage}' AND tags.`study` = '{key}'",
        )
        + BOTH_TEST,
        IMPORT + BOTH_CALL + BOTH_TEST,
    ),
    "several conditions, put together with a sign for each": (
        OF_BOTH,
        HEAD
        + BOTH.replace(
            "f\"tags.study = '{key}'\"",
            "\"tags.study = '%s' and tags.stage = '%s' and status = 'FINISHED'\" % (key, stage)",
        )
        + BOTH_TEST,
        IMPORT + BOTH_CALL + BOTH_TEST,
    ),
    "a condition that is formatted": (
        FINDER,
        HEAD + COPY.replace("f\"tags.study = '{key}'\"", "\"tags.study = '{}'\".format(key)") + TEST,
        IMPORT + CALL + TEST,
    ),
    "a condition that is formatted before a guard": (
        FINDER,
        HEAD
        + COPY.replace("f\"tags.study = '{key}'\"", "\"tags.study = '{}'\".format(key)").replace("    return hits[0].info.run_id if hits else None", "    if not hits:\n        return None\n    return hits[0].info.run_id")
        + TEST,
        IMPORT + CALL + TEST,
    ),
    "a key that is a constant of a class": (
        FINDER,
        HEAD + "from lib.keys import Keys\n" + COPY.replace("tags.study", "tags.{Keys.STUDY}") + TEST,
        IMPORT + CALL + TEST,
    ),
    "the view that a search has by itself": (
        FINDER,
        HEAD + "from mlflow.entities import ViewType\n" + COPY.replace(", max", ", ViewType.ACTIVE_ONLY, max") + TEST,
        IMPORT + CALL + TEST,
    ),
    "an experiment by a helper": (
        OF_NAME,
        HEAD
        + "from lib.clients import experiment_id_of as eid\n"
        + COPY.replace("    hits", "    e = eid(experiment)\n    hits").replace("[experiment]", "[e]")
        + TEST.replace('"0"', '"known"', 1),
        IMPORT + CALL.replace("experiment_id=", "name=") + TEST.replace('"0"', '"known"', 1),
    ),
    "the module and a client that ask one store": (
        BY_NAME,
        MIXED + TEST.replace('"0"', '"known"', 1),
        IMPORT + CALL.replace("experiment_id=", "name=") + TEST.replace('"0"', '"known"', 1),
    ),
}  # fmt: skip


@pytest.mark.parametrize("source, app, expected", REWRITES.values(), ids=REWRITES)
def test_a_copy_with_a_client_of_its_own_becomes_a_call(use_source, source, app, expected):
    assert use_source(source, app)["app.py"] == expected.lstrip("\n")


EXPERIMENT = '''
    import mlflow

    def ensure_experiment(name):
        """Get or create an mlflow experiment; the single source of truth."""
        experiment = mlflow.get_experiment_by_name(name)
        if experiment is None:
            return mlflow.create_experiment(name)
        return experiment.experiment_id
'''
ENSURED = """import mlflow

def job(study):
    known = mlflow.get_experiment_by_name(study)
    if known is None:
        eid = mlflow.create_experiment(study)
    else:
        eid = known.experiment_id
    return [eid]

def test_it():
    assert (job("known"), job("new"), job("new")) == (["0"], ["1"], ["1"])
"""


BY_CLASS = EXPERIMENT.replace("mlflow.", "MlflowClient().").replace("import mlflow", HEAD.strip())


@pytest.mark.parametrize("source", [EXPERIMENT, BY_CLASS], ids=["module", "class"])
def test_an_experiment_by_the_module_of_mlflow_becomes_a_call(use_source, source):
    applied = use_source(source, ENSURED)["app.py"]
    assert "def job(study):\n    eid = ensure_experiment(name=study)\n    return [eid]" in applied
    assert "import mlflow\n" not in applied


def test_a_module_of_the_project_is_not_that_of_mlflow(use_source):
    wrapper = "import mlflow\ndef get_experiment_by_name(name): return None\n"
    wrapper += "def create_experiment(name): return mlflow.create_experiment(f'my-{name}')\n"
    app = ENSURED.partition("def test_it")[0].replace("import", "from lib import wrapper as")
    applied = use_source(EXPERIMENT, app, {"lib/wrapper.py": wrapper})
    assert applied.changed == {}
    assert applied.skipped == ["app.py:4: it asks the module lib.wrapper, not MLflow"]


def test_two_copies_that_share_a_constant_and_the_class_leave_no_import_of_them(use_source):
    first = COPY.replace("tags.study", "tags.{Keys.STUDY}")
    twice = first + first.replace("job", "other")
    applied = use_source(FINDER, HEAD + "from lib.keys import Keys\n" + twice + TEST)["app.py"]
    assert applied == IMPORT + CALL + CALL.replace("job", "other") + TEST


def test_an_import_that_another_file_uses_stays(use_source):
    taker = "from app import MlflowClient\n\nKIND = MlflowClient\n"
    applied = use_source(FINDER, HEAD + COPY + TEST, {"taker.py": taker})["app.py"]
    assert applied == HEAD + "\n" + IMPORT + CALL + TEST


# What is left alone, with the reason.

LATE = {
    "lib/stores.py": "def choose(): pass\n",
    "lib/late.py": 'STUDY = "study"\nif __debug__:\n    STUDY = "stage"\n',
}
STAYS = {
    "a client of another maker": (FACTORY, HEAD + COPY, "find_of_study has a client of its own"),
    "a client that is given": (
        FINDER,
        COPY.replace("(experiment", "(client, experiment").replace("    client = MlflowClient()\n", ""),
        "find_of_study has a client of its own",
    ),
    "a client with an argument": (
        FINDER,
        HEAD + COPY.replace("MlflowClient()", "MlflowClient(None)"),
        "find_of_study has a client of its own",
    ),
    "a client of the source with an argument": (
        FINDER.replace("MlflowClient()", "MlflowClient(None)"),
        HEAD + COPY,
        "its client is none of its parameters",
    ),
    "two clients": (
        FINDER.replace("= client.search", "= MlflowClient(None).search"),
        HEAD + COPY,
        "client",
    ),
    "the module and a client of a factory": (
        BY_NAME,
        MIXED.replace(HEAD, "from lib.clients import get_client\n").replace("MlflowC", "get_c"),
        "two expressions give the client",
    ),
    "the module, where another store may have been chosen": (
        BY_NAME,
        MIXED.replace("    known", "    mlflow.set_tracking_uri(key)\n    known"),
        "line 6 may choose another store than that of client",
    ),
    "a store that is chosen between": (
        FINDER,
        HEAD + "from lib import stores\n" + COPY.replace("    hits", "    stores.choose()\n    hits"),
        "line 6 may choose another store than that of client",
    ),
    "all runs": (
        FINDER,
        HEAD + "from mlflow.entities import ViewType\n" + COPY.replace(", max", ", ViewType.ALL, max"),
        "which runs to view",
    ),
    "a member of an enumeration for a text": (
        FINDER,
        HEAD + "from lib.keys import Kinds\n" + COPY.replace("tags.study", "tags.{Kinds.STUDY}"),
        "asks for other tags",
    ),
    "a key that is bound again": (
        FINDER,
        HEAD + "from lib.late import STUDY\n" + COPY.replace("tags.study", "tags.{STUDY}"),
        "asks for other tags",
    ),
    "no status, where the source asks for one": (
        OF_BOTH,
        HEAD + BOTH.replace("'{key}'", "'{key}' and tags.stage = '{stage}'"),
        "asks for no status",
    ),
    "a key that only a run tells": (
        FINDER,
        HEAD + COPY.replace("tags.study", "tags.{experiment}"),
        "the key of its tag is not known|other tags",
    ),
    "a sum with what must be a text": (
        FINDER,
        HEAD + COPY.replace("f\"tags.study = '{key}'\"", "\"tags.study = '\" + key + \"'\""),
        "its filter is made elsewhere",
    ),
    "an experiment by another helper": (
        OF_NAME,
        HEAD
        + "def experiment_id_of(name):\n    return name\n"
        + COPY.replace("[experiment]", "[experiment_id_of(experiment)]"),
        "its experiment comes from elsewhere",
    ),
}  # fmt: skip


@pytest.mark.parametrize("source, app, reason", STAYS.values(), ids=STAYS)
def test_all_else_stays_and_the_reason_is_told(use_source, source, app, reason):
    applied = use_source(source, app, LATE)
    assert applied.changed == {}
    assert any(re.search(reason, line) for line in applied.skipped), applied.skipped


DOUBLES = {
    "of the class": '@patch("app.MlflowClient")\n',
    "of an attribute": '@patch.object(app, "MlflowClient")\n',
}


@pytest.mark.parametrize("line", DOUBLES.values(), ids=DOUBLES)
def test_a_client_that_a_test_replaces_is_still_made_here(use_source, line):
    test = f"""
from unittest.mock import patch
import app

{line}def test_job(made):
    made.return_value.search_runs.return_value = []
    assert app.job("0", "a") is None
"""
    applied = use_source(FINDER, HEAD + COPY + TEST, {"test_app.py": test})
    assert applied.changed == {}
    assert applied.skipped == ["app.py:5: test_app.py:4 patches MlflowClient"]


# The store that is asked.

KEPT = COPY.replace("    hits", "    print(client)\n    hits")
CHOSEN = {
    "in the open": KEPT.replace("    hits", "    stores.choose()\n    hits"),
    "around the search": KEPT.replace(
        "    hits", "    with stores.chosen():\n      hits", 1
    ).replace("    return", "      return"),
    "in the environment": KEPT.replace(
        "    hits", "    os.environ['STORE'] = experiment\n    hits"
    ),
    "behind the search, in a loop": """
def job(experiment, keys):
    client = MlflowClient()
    for key in keys:
        hits = client.search_runs([experiment], f"tags.study = '{key}'", max_results=1)
        yield hits[0].info.run_id if hits else None
        stores.choose()
    print(client)
""",
}


@pytest.mark.parametrize("copy", CHOSEN.values(), ids=CHOSEN)
def test_a_client_that_may_be_of_another_store_is_asked_still(use_source, copy):
    app = f"import os\nfrom lib import stores\n{HEAD}{copy}"
    stores = "from contextlib import nullcontext as chosen\ndef choose(): pass\n"
    applied = use_source(FINDER, app, {"lib/stores.py": stores})
    assert applied.changed == {}
    assert "may choose another store than that of client" in applied.skipped[0]


def test_a_client_that_serves_a_loop_stays_beside_the_call(use_source):
    app = """
def job(experiment, keys):
    client = MlflowClient()
    found = []
    for key in keys:
        hits = client.search_runs([experiment], f"tags.study = '{key}'", max_results=1)
        found.append(hits[0].info.run_id if hits else None)
    print(client, len(found))
    return found

def test_it():
    assert job("0", ["a", "none"]) == ["1", None]
"""
    applied = use_source(FINDER, HEAD + app)["app.py"]
    assert "found.append(find_of_study(experiment_id=experiment, study=key))" in applied
    assert "client = MlflowClient()" in applied


def test_a_client_that_gives_a_value_stays(use_source):
    applied = use_source(FINDER, HEAD + COPY.replace("{key}", "{client.__module__}"))
    assert applied.changed == {}
    assert applied.skipped == ["app.py:5: what it is asked with is read from client"]


@pytest.mark.parametrize("line", ["keys.STUDY = name", 'setattr(keys, "STUDY", name)'])
def test_a_constant_that_another_file_may_set_is_not_taken_for_its_text(use_source, line):
    source = FINDER.replace("{STUDY}", "study")
    app = HEAD + "from lib import keys\n" + COPY.replace("tags.study", "tags.{keys.STUDY}")
    setter = f"from lib import keys\n\ndef choose(name):\n    {line}\n"
    applied = use_source(source, app, {"setter.py": setter})
    assert applied.changed == {}
    assert applied.skipped == ["app.py:6: it asks for other tags"]


SETTINGS = 'import mlflow\nSTUDY = "study"\nmlflow.set_tracking_uri("here")\n'
BY_FUNCTION = 'from lib.store import choose\nSTUDY = "study"\nchoose()\n'
STORE = 'import mlflow\n\ndef choose():\n    mlflow.set_tracking_uri("here")\n'
LOADED = {
    "no more": (
        FINDER.replace("{STUDY}", "study").replace("from lib.keys import STUDY", ""),
        HEAD + "from lib.settings import STUDY\n" + COPY.replace("tags.study", "tags.{STUDY}"),
    ),
    "from now on": (FINDER.replace("lib.keys", "lib.settings"), HEAD + COPY),
}


@pytest.mark.parametrize("settings", [SETTINGS, BY_FUNCTION], ids=["itself", "by a function"])
@pytest.mark.parametrize("when", LOADED)
def test_no_module_that_sets_mlflow_up_is_loaded_more_or_less(use_source, when, settings):
    source, app = LOADED[when]
    applied = use_source(source, app, {"lib/settings.py": settings, "lib/store.py": STORE})
    assert applied.changed == {}
    reason = f"app.py:.: lib/settings.py, which sets MLflow up, would be loaded {when}"
    assert re.fullmatch(reason, applied.skipped[0]), applied.skipped


def test_a_module_that_chooses_a_store_when_it_is_asked_to_may_be_loaded(use_source):
    settings = SETTINGS.replace("mlflow.set", "def choose(): mlflow.set")
    applied = use_source(*LOADED["from now on"], {"lib/settings.py": settings})
    assert applied["app.py"] == IMPORT + CALL


# What tests, and others, have of the file.

GIVEN = (
    FINDER.replace("(experiment_id", "(client, experiment_id").replace(
        "        client = MlflowClient()\n", ""
    ),
    "import mlflow\n"
    + COPY.replace("(experiment", "(client, experiment").replace(
        "    client = MlflowClient()\n", ""
    ),
)
OF_CALLS = {
    "a class": "class Fake:\n    def search_runs(self, ids, query, max_results): pass\n",
    "an answer that is made": "def test(c): c.search_runs.side_effect = lambda ids, *rest: []\n",
    "a question": "def test(c): c.search_runs.assert_called_with(['0'])\n",
}


@pytest.mark.parametrize("test", OF_CALLS.values(), ids=OF_CALLS)
def test_a_double_that_knows_how_it_is_called_is_called_so_still(use_source, test):
    applied = use_source(*GIVEN, {"test_app.py": "import app\n" + test})
    assert applied.changed == {}
    assert re.match(r"app.py:4: test_app.py:\d .* search_runs", applied.skipped[0])


def test_a_double_that_only_answers_is_asked_by_the_call(use_source):
    test = "import app\ndef test(c): c.search_runs.return_value = []\n"
    applied = use_source(*GIVEN, {"test_app.py": test})
    assert "find_of_study(client=client" in applied["app.py"]


BY_MODULE = COPY.replace("MlflowClient", "clients.get_client")
BY_HELPER = COPY.replace("[experiment]", "[experiment_id_of(experiment)]")
ELSEWHERE = {
    "a factory, at home": (
        FACTORY,
        "from lib import clients\n" + BY_MODULE,
        '@patch("lib.clients.get_client")\ndef test(made): pass\n',
        "patches get_client",
    ),
    "a helper": (
        OF_NAME,
        HEAD + "from lib.clients import experiment_id_of\n" + BY_HELPER,
        '@patch("app.experiment_id_of")\ndef test(made): pass\n',
        "patches experiment_id_of",
    ),
    "a constant": (
        FINDER,
        HEAD + "from lib.keys import STUDY\n" + COPY.replace("tags.study", "tags.{STUDY}"),
        'def test(monkeypatch): monkeypatch.setattr(app, "STUDY", "stage")\n',
        "puts a double in the place of STUDY",
    ),
    "a constant that something else reads": (
        FINDER,
        HEAD
        + "from lib.keys import STUDY\n"
        + COPY.replace("tags.study", "tags.{STUDY}")
        + "print(STUDY)\n",
        'def test(monkeypatch): monkeypatch.setattr(app, "STUDY", "stage")\n',
        "puts a double in the place of STUDY",
    ),
    "the module of MLflow": (
        BY_NAME,
        MIXED,
        '@patch("mlflow.get_experiment_by_name")\ndef test(known): pass\n',
        "patches get_experiment_by_name",
    ),
    "the class, by getattr": (FINDER, HEAD + COPY, "C = getattr(app, 'MlflowClient')\n", "may"),
}


@pytest.mark.parametrize("source, app, test, reason", ELSEWHERE.values(), ids=ELSEWHERE)
def test_what_a_test_replaces_is_looked_up_still(use_source, source, app, test, reason):
    test = "from unittest.mock import patch\nimport app\n\n" + test
    applied = use_source(source, app, {"test_app.py": test})
    assert applied.changed == {}
    assert re.match(rf"app.py:\d+: test_app.py:4 .*{reason}", applied.skipped[0]), applied.skipped


def test_an_import_that_a_star_import_may_take_stays(use_source):
    taker = "from app import *\n\nKIND = MlflowClient\n"
    applied = use_source(FINDER, HEAD + COPY, {"taker.py": taker})
    assert applied.changed == {}
    assert applied.skipped == ["app.py:5: taker.py may use MlflowClient of this module"]


def test_an_import_that_a_doctest_uses_stays(use_source):
    copy = COPY.replace(":\n", ':\n    """The run: `>>> job(MlflowClient, 1)`"""\n', 1)
    applied = use_source(FINDER, HEAD + copy)
    assert applied.changed == {}
    assert applied.skipped == ["app.py:6: app.py:4 runs code that uses MlflowClient"]


def test_a_script_that_may_not_find_the_source_does_not_call_it(use_source):
    applied = use_source(FINDER, "", {"scripts/find.py": HEAD + COPY})
    assert applied.changed == {}
    assert applied.skipped == ["scripts/find.py:5: it may not be able to import lib.runs"]


def test_a_script_that_imports_what_stands_beside_the_source_calls_it(use_source):
    script = "import lib.keys\n" + HEAD + COPY + "print(lib.keys.STAGE)\n"
    applied = use_source(FINDER, "", {"scripts/find.py": script})
    assert CALL in applied["scripts/find.py"]


# Clients that nobody asks any more.

LOOP = """
def job(experiment, keys):
    client = MlflowClient()

    found = []
    for key in keys:
        hits = client.search_runs([experiment], f"tags.study = '{key}'", max_results=1)
        found.append(hits[0].info.run_id if hits else None)
    return found

def test_it():
    assert job("0", ["a", "none"]) == ["1", None]
"""
SHARED = """
def job(name, key):
    client = MlflowClient()
    known = client.get_experiment_by_name(name)
    if known is None:
        eid = client.create_experiment(name)
    else:
        eid = known.experiment_id
    hits = client.search_runs([eid], f"tags.study = '{key}'", max_results=1)
    return hits[0].info.run_id if hits else None

def test_it():
    assert job("known", "a") == "1"
"""
BOTH_SOURCES = FINDER + EXPERIMENT.replace("import mlflow", "").replace(
    "experiment = mlflow.", "client = MlflowClient()\n        experiment = client."
).replace("mlflow.create", "client.create")


def test_a_client_before_a_loop_goes_if_nobody_asks_it_any_more(use_source):
    applied = use_source(FINDER, HEAD + LOOP)["app.py"]
    assert "MlflowClient" not in applied
    assert "        found.append(find_of_study(experiment_id=experiment, study=key))" in applied


def test_a_client_goes_with_the_last_of_its_copies(use_source):
    applied = use_source(BOTH_SOURCES, HEAD + SHARED)["app.py"]
    assert "MlflowClient" not in applied
    assert "    eid = ensure_experiment(name=name)\n    return find_of_study(" in applied


def test_a_client_that_shares_its_line_with_a_comment_is_asked_still(use_source):
    applied = use_source(FINDER, HEAD + LOOP.replace("Client()\n", "Client()  # ours\n", 1))
    assert applied.changed == {}
    assert applied.skipped == ["app.py:8: nothing else uses client"]


def test_a_client_that_is_made_in_a_try_is_asked_still(use_source):
    tried = "    try:\n        client = MlflowClient()\n        print()\n    except OSError:\n        return 0\n"
    applied = use_source(FINDER, HEAD + COPY.replace("    client = MlflowClient()\n", tried))
    assert applied.changed == {}
    assert applied.skipped == ["app.py:9: client is made in a block of its own"]
