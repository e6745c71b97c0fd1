"""TRK402: runs that an entry point creates too early, and all that is not known to be one."""

import json

import pytest

from trackfix.project.settings.config import ConfigError

TREE = {
    "pkg/__init__.py": "",
    "pkg/setup.py": "import mlflow\ndef setup(uri): mlflow.set_tracking_uri(uri)\n",
    "pkg/train.py": "import mlflow\ndef train():\n    with mlflow.start_run(): pass\n",
    "good.py": "from pkg.setup import setup\nfrom pkg.train import train\nsetup('u')\ntrain()\n",
}
START = (
    "import os, sys, logging, mlflow\nfrom pkg.setup import setup\nfrom pkg.train import train\n"
)
GUARD = "if __name__ == '__main__':\n    main()\n"


@pytest.fixture
def early(check):
    """The findings in ``run.py`` with such a source, by line and message."""

    def run(source, path="run.py", **files):
        found = check("TRK402", {**TREE, **files, path: source})
        assert {f.path for f in found} <= {path}
        return [(f.line, f.message) for f in found]

    return run


EARLY = {
    "nothing at all": "train()\n",
    "set up too late": "train()\nsetup('u')\n",
    "only in the other branch": "if len(sys.argv) > 1:\n    setup('u')\nelse:\n    train()\n",
    "after a return of the set up": "def go():\n    if sys.argv:\n        return setup('u')\n    train()\ngo()\n",
    "in a loop": "for i in range(3):\n    train()\n    setup('u')\n",
    "after harmless calls": "logging.basicConfig()\nprint(len(sys.argv))\ntrain()\n",
    "after a method of a value": "args = sys.argv.copy()\nargs.append(1)\ntrain()\n",
    "directly": "with mlflow.start_run(): pass\n",
    "in a nested function": "def main():\n    def inner(): train()\n    inner()\n" + GUARD,
    "in a method": "class Job:\n    def go(self): self.fit()\n    def fit(self): train()\n    def __init__(self): self.go()\nJob()\n",
    "in a try": "try:\n    train()\nexcept ValueError:\n    setup('u')\n",
    "in a with": "with open('x') as file:\n    train()\n",
    "in an argument": "print(train())\n",
    "in a main of Hydra": "import hydra\nfrom omegaconf import OmegaConf\n@hydra.main(version_base=None)\ndef main(cfg):\n    OmegaConf.to_container(cfg)\n    train()\n"
    + GUARD,
    "in a command of click": "import click\n@click.command()\n@click.option('--a')\ndef main(a): train()\n"
    + GUARD,
    "a variable that is not MLflow's": "os.environ['A'] = '1'\ntrain()\n",
}


@pytest.mark.parametrize("source", EARLY.values(), ids=EARLY)
def test_a_run_before_the_setup_is_found(early, source):
    ((_, message),) = early(START + source)
    assert "creates a run before setup is called: " in message


SILENT = {
    "set up before": "setup('u')\ntrain()\n",
    "set up in a called function": "def prepare(): setup('u')\nprepare()\ntrain()\n",
    "set up in a with": "with open('x'):\n    setup('u')\ntrain()\n",
    "maybe set up": "if sys.argv:\n    setup('u')\ntrain()\n",
    "maybe set up in a loop": "for a in sys.argv:\n    setup(a)\ntrain()\n",
    "maybe set up before an error": "try:\n    setup('u')\nexcept OSError: pass\ntrain()\n",
    "set up in an argument": "print(setup('u'))\ntrain()\n",
    "set up by a short circuit": "sys.argv and setup('u')\ntrain()\n",
    "by MLflow itself": "mlflow.set_experiment('e')\ntrain()\n",
    "by the environment": "os.environ['MLFLOW_TRACKING_URI'] = 'u'\ntrain()\n",
    "by the environment, perhaps": "os.environ.update(dict(a='1'))\ntrain()\n",
    "by the environment of some name": "os.environ[sys.argv[1]] = '1'\ntrain()\n",
    "by the library": "from trackfix.tracking import setup_mlflow\nsetup_mlflow('e')\ntrain()\n",
    "an unknown function": "import company\ncompany.boot()\ntrain()\n",
    "an unknown function by name": "from dotenv import load_dotenv\nload_dotenv()\ntrain()\n",
    "a function of an unknown package below another": "import company\ncompany.ml.prepare()\ntrain()\n",
    "a function of an unknown module": "from company import ml\nml.prepare()\ntrain()\n",
    "a dynamic call": "{'a': setup}['a']('u')\ntrain()\n",
    "called back": "list(map(setup, ['u']))\ntrain()\n",
    "a parameter that is called": "def go(hook):\n    hook()\n    train()\ngo(lambda: setup('u'))\n",
    "a method that may set up": "def go(job):\n    job.setup()\n    train()\ngo(sys)\n",
    "a method with a telling name": "def go(job):\n    job.initialise()\n    train()\ngo(sys)\n",
    "code from a string": "exec(open('boot.py').read())\ntrain()\n",
    "what Hydra makes": "import hydra\ndef main(cfg):\n    hydra.utils.instantiate(cfg)\n    train()\n"
    + GUARD,
    "a group of commands that sets up": "import click\n@click.group()\ndef main(): setup('u')\n@main.command()\ndef go(): train()\n"
    + GUARD,
    "a task of a workflow engine": "from prefect import task\n@task\ndef go(): train()\ngo()\n",
    "a main of a workflow engine that nothing names": "from prefect import flow\n@flow\ndef main(): train()\n",
    "a decorator": "import company\n@company.task\ndef go(): train()\ngo()\n",
    "no run at all": "print('hello')\n",
    "no call of it": "print(train)\n",
    "a client of its own": "mlflow.MlflowClient(tracking_uri='u').create_run('1')\n",
    "an existing run": "mlflow.start_run(run_id='1')\n",
    "an existing run by position": "mlflow.start_run(sys.argv[1])\n",
    "arguments that are not known": "mlflow.start_run(**dict())\n",
    "a library function with a store": "from trackfix.tracking import create_run_safe\ncreate_run_safe('e', tracking_uri='u')\n",
}


@pytest.mark.parametrize("source", SILENT.values(), ids=SILENT)
def test_it_is_silent_after_a_setup_and_where_it_cannot_tell(early, source):
    assert early(START + source) == []


def test_the_message_gives_the_calls_and_the_place_the_last_one_in_the_file(check):
    source = START + "def main():\n    train()\n" + GUARD
    (found,) = check("TRK402", {**TREE, "run.py": source})
    assert found.message == (
        "the script creates a run before setup is called: "
        "main → train → mlflow.start_run (pkg/train.py:3)"
    )
    assert (found.line, found.column, found.end_line, found.end_column) == (5, 5, 5, 12)
    assert [(r.path, r.line) for r in found.related] == [("run.py", 7), ("pkg/train.py", 3)]


def test_a_project_in_which_nothing_is_ever_set_up_does_otherwise(check):
    tree = {path: text for path, text in TREE.items() if path != "good.py"}
    assert check("TRK402", {**tree, "run.py": START + "train()\n"}) == []


def test_a_script_that_sets_the_uri_itself_shows_no_way_of_the_project(check):
    good = "import mlflow\nmlflow.set_tracking_uri('u')\nmlflow.start_run()\n"
    bad = "import mlflow\nmlflow.start_run()\n"
    assert check("TRK402", {"good.py": good, "bad.py": bad}) == []


@pytest.mark.parametrize(
    "path, text",
    [
        ("Makefile", "train:\n\tMLFLOW_TRACKING_URI=u python run.py\n"),
        (".env", "MLFLOW_EXPERIMENT_NAME=e\n"),
        ("README.md", "export MLFLOW_TRACKING_URI\n"),
        ("MLproject", "name: x\n"),
    ],
)
def test_where_the_environment_is_set_outside_it_is_silent(early, path, text):
    assert early(START + "train()\n", **{path: text}) == []


def test_what_an_imported_module_sets_up_counts(early):
    settings = {"pkg/settings.py": "import mlflow\nmlflow.set_experiment('e')\n"}
    train = "from pkg import settings\n" + TREE["pkg/train.py"]
    assert early(START + "train()\n", **settings, **{"pkg/train.py": train}) == []


def test_a_context_manager_that_may_set_up_counts(early):
    session = {
        "pkg/session.py": "import mlflow\nclass Session:\n"
        "    def __enter__(self): mlflow.set_experiment('e')\n    def __exit__(self, *a): ...\n"
    }
    source = START + "from pkg.session import Session\nwith Session():\n    train()\n"
    assert early(source, **session) == []


def test_a_property_that_may_set_up_counts(early):
    job = {
        "pkg/job.py": "import mlflow\nclass Job:\n    @property\n"
        "    def store(self): mlflow.set_experiment('e')\n"
    }
    assert early(START + "from pkg.job import Job\nJob().store\ntrain()\n", **job) == []


def test_a_main_that_nothing_calls_is_an_entry_point_but_no_other_function(early):
    assert len(early(START + "def main():\n    train()\n")) == 1
    assert early(START + "def other():\n    train()\n") == []


def test_a_main_that_others_may_import_is_none(early):
    user = {"user.py": "from run import main\nfrom pkg.setup import setup\nsetup('u')\nmain()\n"}
    assert early(START + "def main():\n    train()\n", **user) == []


def test_a_module_that_others_import_is_no_script(early):
    user = {"user.py": "import mod\n"}
    assert early(START + "train()\n", path="mod.py", **user) == []


def test_tests_are_no_entry_points(early):
    assert early(START + "train()\n", path="tests/test_run.py") == []


def test_a_console_script_is_an_entry_point(early):
    pyproject = {"pyproject.toml": '[project.scripts]\nchurn = "pkg.cli:train_it"\n'}
    user = {"user.py": "import pkg.cli\n"}
    source = START + "def train_it():\n    train()\n"
    ((line, message),) = early(source, path="pkg/cli.py", **pyproject, **user)
    assert line == 5
    assert message.startswith("the command churn, train_it creates a run before setup is called")


def test_a_notebook_is_an_entry_point(early):
    cells = [
        {
            "cell_type": "code",
            "source": [line],
            "metadata": {},
            "outputs": [],
            "execution_count": None,
        }
        for line in (START, "train()")
    ]
    text = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    ((_, message),) = early(text, path="look.ipynb")
    assert message.startswith("the notebook creates a run")


def test_settings_name_entry_points_setups_and_creations(check):
    setting = """
        [tool.trackfix]
        entry-points = ["flows:flow"]
        setup-functions = ["company.ml:boot"]
        sources-of-truth = { create-run = "company.ml:new_run" }
    """
    good = "from company.ml import boot, new_run\nboot()\nnew_run()\n"
    flows = "from company.ml import new_run\ndef flow():\n    new_run()\n"
    tree = {"pyproject.toml": setting, "good.py": good, "flows.py": flows, "a.py": "import flows\n"}
    (found,) = check("TRK402", tree)
    assert (found.path, found.line) == ("flows.py", 3)
    assert found.message == "an entry point, flow creates a run before boot is called: new_run"


@pytest.mark.parametrize(
    "decorator, count",
    [
        ("from kfp import dsl\n@dsl.component(base_image='x')\n", 1),
        ("from airflow.decorators import task\n@task\n", 1),
        ("import prefect\n@prefect.flow\n", 1),
        ("from company import flow\n@flow\n", 0),
        ("from prefect import flow\nfrom company import tracked\n@flow\n@tracked\n", 0),
    ],
)
def test_what_runs_a_named_entry_point_may_be_a_workflow_engine(early, decorator, count):
    setting = {"pyproject.toml": '[tool.trackfix]\nentry-points = ["flows:flow_it"]\n'}
    source = START + decorator + "def flow_it():\n    train()\n"
    assert len(early(source, path="flows.py", **setting)) == count


def test_a_script_that_calls_a_named_entry_point_of_a_workflow_engine_cannot_tell(early):
    setting = {"pyproject.toml": '[tool.trackfix]\nentry-points = ["run:flow_it"]\n'}
    source = START + "from prefect import flow\n@flow\ndef flow_it():\n    train()\nflow_it()\n"
    ((line, message),) = early(source, **setting)
    assert (line, message.partition(" creates")[0]) == (7, "an entry point, flow_it")


@pytest.mark.parametrize("key", ["entry-points", "setup-functions"])
def test_a_function_that_is_not_there_is_an_error(check, key):
    setting = f'[tool.trackfix]\n{key} = ["pkg.setup:gone"]\n'
    with pytest.raises(ConfigError) as error:
        check("TRK402", {**TREE, "pyproject.toml": setting})
    assert (
        str(error.value)
        == f"pyproject.toml: [tool.trackfix] {key}: there is no 'gone' in pkg.setup"
    )


def test_functions_that_call_each_other_come_to_an_end(early):
    source = START + "def a(n):\n    b(n)\ndef b(n):\n    a(n)\n    train()\na(1)\n"
    assert len(early(source)) == 1
