"""Runs that are taken up again."""

import pytest

from trackfix.project.run_logic.creating.resumed_runs import KEPT_IN_FILE
from trackfix.project.run_logic.fragments import Term

HEAD = "import mlflow\nclient = mlflow.MlflowClient()\n"


@pytest.mark.parametrize(
    "source",
    [
        "def f(self):\n    if self._run_id:\n        return self._run_id\n"
        "    run = mlflow.active_run()\n    return run.info.run_id",
        "def f(run_id):\n    return run_id or mlflow.active_run().info.run_id",
        "def f(run_id):\n    return run_id if run_id else mlflow.active_run().info.run_id",
    ],
)
def test_the_own_run_else_the_active_one_is_found(fragments_of, source):
    (found,) = fragments_of(HEAD + source, "find-run")
    assert (found.experiment, found.terms) == ("active", (Term("id", "own"),))


ENSURED = (
    "def f(state):\n    if state.run_id is None:\n        run = mlflow.start_run()\n"
    "        state.run_id = run.info.run_id\n    client.log_artifact(state.run_id, path)"
)
NAMED = (
    "with mlflow.start_run(nested=True, run_name=f'{parent}_child_{n}') as run:\n"
    "    ids.append(run.info.run_id)"
)
ACTIVATED = (
    "def f(r):\n    if mlflow.active_run():\n        mlflow.start_run(run_id=r, nested=True)\n"
    "    else:\n        mlflow.start_run(run_id=r)"
)


@pytest.mark.parametrize(
    ("source", "mark"),
    [
        (ENSURED, "if there is none"),
        (NAMED, "named child"),
        (ACTIVATED, "resumes"),
        ("self.run = mlflow.start_run(run_name=n)\nmlflow.end_run()", "ended at once"),
        (
            "run = mlflow.active_run()\nif run is None:\n    run = mlflow.start_run()\nuse(run)",
            "active or new",
        ),
        ("run = mlflow.active_run() or mlflow.start_run()\nuse(run)", "active or new"),
    ],
)
def test_each_has_a_mark_of_its_own(fragments_of, source, mark):
    (found,) = fragments_of(HEAD + source, "create-run")
    assert found.marks == (mark,)


def test_the_name_of_a_child_may_be_told_before(fragments_of):
    source = (
        "if parent:\n    name = f'{parent}_child_{n}'\nelse:\n    name = None\n"
        + NAMED.replace("f'{parent}_child_{n}'", "name")
    )
    (found,) = fragments_of(HEAD + source, "create-run")
    assert found.terms == (Term("name", "", "*_child_*"),)


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n    return mlflow.active_run().info.run_id",
        "def f(run_id):\n    return run_id",
        "def f():\n    run = mlflow.active_run()\n    return run.info.run_id if run else None",
        ENSURED.replace("    client.log_artifact(state.run_id, path)", "    pass"),
        ENSURED.replace("(state)", "(self)").replace("state.", "self."),
        ENSURED.replace("state.run_id is None", "state.dry"),
        NAMED.replace("    ids.append(run.info.run_id)", "    pass"),
        NAMED.replace("f'{parent}_child_{n}'", "name"),
        NAMED.replace("nested=True, ", ""),
        ACTIVATED.replace(", nested=True", ""),
        "if not mlflow.active_run():\n    mlflow.start_run()",
    ],
)
def test_a_plain_run_is_nothing(logic_of, source):
    assert logic_of(HEAD + source).fragments == ()


@pytest.mark.parametrize(
    "source",
    [
        "if mlflow.active_run() is None:\n    mlflow.start_run()",
        "run = mlflow.active_run()\nif run is None:\n    other = mlflow.start_run()\nuse(run)",
        "run = mlflow.start_run()\nuse(run)\nmlflow.active_run()",
        "run = mlflow.active_run()\nrun = mlflow.start_run()\nuse(run)",
        "run = mlflow.active_run() or mlflow.start_run()",
        "run = mlflow.start_run()\nfit()\nmlflow.end_run()",
        "mlflow.start_run()\nmlflow.end_run()",
        "run = keep(mlflow.start_run())\nmlflow.end_run()",
    ],
)
def test_a_run_that_is_not_taken_from_both_or_lives_on_is_a_plain_one(fragments_of, source):
    assert fragments_of(HEAD + source, "create-run") == []


GIVEN = (
    "import mlflow\ndef {0}(n):\n    run = mlflow.active_run() or mlflow.start_run({1})\n"
    "    return run.info.run_id\n"
)


@pytest.mark.parametrize(
    ("other", "copies"), [("run_name=n", 1), ("", 0), ("run_name=n, nested=True", 0)]
)
def test_a_new_run_must_be_given_the_same(duplicates_of, other, copies):
    files = {"a.py": GIVEN.format("a", "run_name='x'"), "b.py": GIVEN.format("b", other)}
    assert sum(len(group.copies) for group in duplicates_of(files).groups) == copies


RESUMED = (
    "import mlflow\ndef {0}(cfg, run_id):\n    if {1}:\n"
    "        return mlflow.start_run(run_id=run_id).info.run_id\n"
    "    return mlflow.start_run(run_name={2}).info.run_id\n"
)
CALLED = "f'{cfg.model}-{cfg.data}'"


@pytest.mark.parametrize(
    ("test", "name", "is_alike"),
    [
        ("run_id is not None", "'-'.join((cfg.model, cfg.data))", True),
        ("run_id", "self.cfg.model + '-' + self.cfg.data", True),
        ("run_id", "cfg.name", True),
        ("run_id", "None", True),
        ("run_id", "'dvc'", False),
        ("run_id", "f'unet-{cfg.data}'", True),
        ("run_id", "f'unet-{cfg.seed}'", False),
        ("run_id", "'unet-x'", False),
        ("run_id", "f'unet-of-{cfg.model}'", False),
        ("run_id", "f'{cfg.model}-{cfg.seed}'", False),
        ("cfg.resume", CALLED, False),
        ("run_id != cfg.old", CALLED, False),
    ],
)
def test_runs_that_are_resumed_or_made_anew_are_alike_unless_their_names_differ(
    duplicates_of, test, name, is_alike
):
    files = {
        "a.py": RESUMED.format("a", "run_id", CALLED),
        "b.py": RESUMED.format("b", test, name),
    }
    assert bool(duplicates_of(files).groups) == is_alike


@pytest.mark.parametrize(
    ("made", "is_alike"),
    [
        ("mlflow.start_run(run_name=cfg.name)", False),
        ("mlflow.start_run()", False),
        ("mlflow.start_run(experiment_id=cfg.experiment)", True),
        ("client.create_run(cfg.experiment)", True),
    ],
)
def test_runs_that_are_resumed_or_plainly_started_are_no_run_logic(duplicates_of, made, is_alike):
    source = (
        "import mlflow\nclient = mlflow.MlflowClient()\ndef {0}(cfg, run_id):\n"
        "    if run_id:\n        return mlflow.start_run(run_id=run_id)\n    return {1}\n"
    )
    files = {"a.py": source.format("a", made), "b.py": source.format("b", made)}
    assert bool(duplicates_of(files).groups) == is_alike


@pytest.mark.parametrize(
    "source",
    [
        "if not run_id:\n    run = mlflow.start_run()\nelse:\n    run = mlflow.start_run(run_id)",
        "if 'ID' in os.environ:\n    mlflow.start_run(os.environ['ID'])\nelse:\n    mlflow.start_run()",
        "def f(given):\n    if given:\n        client.update_run(given, status='RUNNING')\n        return given\n"
        "    return client.create_run('1').info.run_id",
        "if self.run_id is None:\n    mlflow.start_run(nested=True)\nelse:\n    mlflow.start_run(run_id=self.run_id)",
        "old = find()\nif old is not None:\n    mlflow.start_run(run_id=old.info.run_id)\nelse:\n    mlflow.start_run()",
        "if found:\n    mlflow.start_run(found[0].info.run_id)\nelse:\n    mlflow.start_run()",
        "if (old := find()) is not None:\n    mlflow.start_run(run_id=old.info.run_id)\nelse:\n    mlflow.start_run()",
        "mlflow.start_run(run_id=run_id, run_name=None if run_id else name)",
        "mlflow.start_run(run_id=old, run_name=name if old is None else None)",
        "given = {'run_id': i} if i else {'run_name': name}\nmlflow.start_run(nested=True, **given)",
        "mlflow.start_run(**({'run_name': name} if not i else {'run_id': i}))",
        "mlflow.start_run(**(dict(run_name=name) if not i else dict(run_id=i)))",
        "given = {}\nif i is not None:\n    given['run_id'] = i\nelse:\n    given['run_name'] = name\n"
        "mlflow.start_run(**given)",
    ],
)
def test_a_run_may_be_resumed_in_several_ways(fragments_of, source):
    found = fragments_of(HEAD + source, "create-run")
    assert ("resumed or new",) in [fragment.marks for fragment in found]


@pytest.mark.parametrize(
    "source",
    [
        "if kept.exists():\n    mlflow.start_run(run_id=kept.read_text())\nelse:\n    mlflow.start_run()",
        "if os.path.isfile(kept):\n    with open(kept) as f:\n        found = f.read()\n    mlflow.start_run(run_id=open(kept).read())\nelse:\n    mlflow.start_run()",
        "try:\n    mlflow.start_run(run_id=open(kept).read())\nexcept FileNotFoundError:\n    mlflow.start_run()",
    ],
)
def test_the_id_of_a_run_may_lie_in_a_file(fragments_of, source):
    found = fragments_of(HEAD + source, "create-run")
    assert (KEPT_IN_FILE,) in [fragment.marks for fragment in found]


@pytest.mark.parametrize(
    "source",
    [
        "if data.exists():\n    mlflow.start_run(run_id=kept.read_text())\nelse:\n    mlflow.start_run()",
        "try:\n    mlflow.start_run(run_id=kept)\nexcept MlflowException:\n    mlflow.start_run()",
        "try:\n    mlflow.start_run(run_id=open(kept).read())\nexcept FileNotFoundError:\n    pass",
    ],
)
def test_other_files_and_errors_say_nothing_of_it(fragments_of, source):
    found = fragments_of(HEAD + source, "create-run")
    assert (KEPT_IN_FILE,) not in [fragment.marks for fragment in found]


@pytest.mark.parametrize(
    "source",
    [
        "if run_id:\n    mlflow.start_run(run_id=run_id)",
        "if run_id:\n    mlflow.start_run(run_id=run_id)\n    mlflow.start_run(nested=True)",
        "if run_id:\n    mlflow.start_run(run_id=run_id)\nelse:\n    mlflow.start_run(run_id=other)",
        "if resume:\n    mlflow.start_run(run_id=run_id)\nelse:\n    mlflow.start_run()",
        "if 'ID' in os.environ:\n    mlflow.start_run(os.environ['OTHER'])\nelse:\n    mlflow.start_run()",
        "if given:\n    client.update_run(given, status='FINISHED')\nelse:\n    client.create_run('1')",
        "mlflow.start_run(run_id=run_id)\nmlflow.start_run()",
        "if olden:\n    mlflow.start_run(run_id=old.info.run_id)\nelse:\n    mlflow.start_run()",
        "mlflow.start_run(run_id=run_id, run_name=None if other else name)",
        "mlflow.start_run(run_id=run_id, run_name=short if run_id else name)",
        "mlflow.start_run(run_name=None if quiet else name)",
        "given = {'run_id': i} if i else {'run_id': j}\nmlflow.start_run(**given)",
        "given = {'run_id': i} if other else {'run_name': name}\nmlflow.start_run(**given)",
        "given = {}\nif i:\n    given['run_id'] = i\nmlflow.start_run(**given)",
        "if i:\n    given['run_id'] = i\nelse:\n    given['run_name'] = n\nmlflow.start_run(**other)",
    ],
)
def test_a_run_that_is_only_resumed_or_always_made_is_none_of_both(fragments_of, source):
    found = fragments_of(HEAD + source, "create-run")
    assert ("resumed or new",) not in [fragment.marks for fragment in found]
