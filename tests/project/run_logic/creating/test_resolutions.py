"""Functions that get an experiment by its name, or create it."""

import pytest

HEAD = "import mlflow\nclient = mlflow.MlflowClient()\n"


@pytest.mark.parametrize(
    "source",
    [
        "e = client.get_experiment_by_name(n)\nif e is None:\n    i = client.create_experiment(n)",
        "try:\n    i = mlflow.create_experiment(n)\nexcept E:\n    i = mlflow.get_experiment_by_name(n)",
        "if (e := client.get_experiment_by_name(n)) is None:\n    e = client.create_experiment(n)",
        "e = client.get_experiment_by_name(n)\ni = e.experiment_id if e else client.create_experiment(n)",
        "if not client.search_experiments(filter_string=f\"name='{n}'\"):\n    client.create_experiment(n)",
        "e = client.get_experiment_by_name(n)\nif not e:\n    e = mlflow.set_experiment(n)",
        "async def f():\n    e = await asyncio.to_thread(client.get_experiment_by_name, n)\n"
        "    if e is None:\n        await asyncio.to_thread(client.create_experiment, n)",
        "class C(MlflowClient):\n    def f(self):\n        e = self.get_experiment_by_name(n)\n"
        "        return e or self.create_experiment(n)",
        "names = [e.name for e in client.search_experiments()]\n"
        "if n not in names:\n    client.create_experiment(n)",
        "try:\n    mlflow.create_experiment(n)\nexcept E:\n    pass\nmlflow.set_experiment(n)",
        "for e in client.list_experiments():\n    if e.name == n:\n        break\n"
        "else:\n    client.create_experiment(n)",
        "e = client.get_experiment_by_name(n)\ne = e or _new_experiment(n)\n"
        "def _new_experiment(n):\n    return client.create_experiment(n)",
    ],
)
def test_getting_or_creating_one_experiment_is_a_resolution(fragments_of, source):
    (found,) = fragments_of(HEAD + source, "resolve-experiment")
    assert found.marks == ()


def test_what_else_a_resolution_does_is_told(fragments_of):
    source = (
        "e = client.get_experiment_by_name(n)\nif not e:\n    client.create_experiment(n, 's3:')\n"
        "else:\n    client.restore_experiment(e.experiment_id)\nmlflow.set_experiment(n)"
    )
    (found,) = fragments_of(HEAD + source, "resolve-experiment")
    assert found.marks == ("activates", "artifact location or tags", "restores")


def test_an_experiment_that_is_restored_and_set_active_is_got_or_created(fragments_of):
    source = (
        "e = client.get_experiment_by_name(n)\nif e and e.lifecycle_stage == 'deleted':\n"
        "    client.restore_experiment(e.experiment_id)\nmlflow.set_experiment(n)"
    )
    (found,) = fragments_of(HEAD + source, "resolve-experiment")
    assert found.marks == ("restores",)


@pytest.mark.parametrize("second", ["name=n, tags=t", "artifact_location=a, name=n", "**given"])
def test_the_name_is_known_however_it_is_given(fragments_of, second):
    source = (
        f"e = client.get_experiment_by_name(n)\nif not e:\n    client.create_experiment({second})"
    )
    (found,) = fragments_of(HEAD + source, "resolve-experiment")
    assert set(found.marks) <= {"artifact location or tags"}


@pytest.mark.parametrize(
    "source",
    [
        "e = client.get_experiment_by_name(n)\nif e is None:\n    raise LookupError(n)",
        "e = client.get_experiment_by_name(n)\nif not e or e.lifecycle_stage == 'deleted':\n"
        "    print(n)\n    raise LookupError(n)",
        "if not (e := client.get_experiment_by_name(n)):\n    raise LookupError(n)",
    ],
)
def test_an_experiment_that_must_exist_is_a_resolution_of_its_own(fragments_of, source):
    (found,) = fragments_of(HEAD + source, "resolve-experiment")
    assert found.marks == ("must exist",)


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("raise LookupError(f'No experiment {n}')", "says No experiment *"),
        ("raise LookupError(f'No experiment {n}', 404)", "says No experiment *"),
        ("print(f'no experiment {n} here')\n    raise SystemExit(1)", "says no experiment * here"),
        ("text = f'no experiment {n}'\n    raise LookupError(text)", "says no experiment *"),
    ],
)
def test_what_is_said_of_an_experiment_that_must_exist_is_told(fragments_of, missing, said):
    source = f"e = client.get_experiment_by_name(n)\nif e is None:\n    {missing}"
    (found,) = fragments_of(HEAD + source, "resolve-experiment")
    assert found.marks == ("must exist", said)


@pytest.mark.parametrize("missing", ["raise LookupError(n)", "raise LookupError(f'{n}: missing')"])
def test_less_than_two_words_say_nothing(fragments_of, missing):
    source = f"e = client.get_experiment_by_name(n)\nif e is None:\n    {missing}"
    (found,) = fragments_of(HEAD + source, "resolve-experiment")
    assert found.marks == ("must exist",)


def test_a_finder_that_says_that_an_experiment_must_exist_is_told(fragments_of):
    source = (
        "e = client.get_experiment_by_name(n)\nif e is None:\n    raise LookupError('not there')\n"
        "runs = client.search_runs([e.experiment_id])"
    )
    (found,) = fragments_of(HEAD + source, "resolve-experiment")
    assert found.marks == ("must exist", "of a finder", "says not there")


@pytest.mark.parametrize(
    "source",
    [
        "def f(n):\n    e = g(n)\n    return e or client.create_experiment(n)\n"
        "def g(n):\n    return client.get_experiment_by_name(n)",
        "class C:\n    def f(self, n):\n        e = self.g(n)\n        if e is None:\n"
        "            return client.create_experiment(n)\n"
        "    def g(self, n):\n        return next(iter(client.search_experiments()), None)",
        "from a.b import find_experiment\n"
        "def f(n):\n    return find_experiment(n) or client.create_experiment(n)",
        "def f(n):\n    e = client.get_experiment_by_name(n)\n    return e or g(n)\n"
        "def g(n):\n    return client.create_experiment(n)",
        "def f(c):\n    e = client.get_experiment_by_name(c.name)\n    n = c.name\n"
        "    return e or client.create_experiment(n)",
        "def f(n):\n    e = client.get_experiment_by_name(n)\n    if e is not None:\n"
        "        return e\n    return mlflow.set_experiment(n)",
        "def f(n):\n    e = client.get_experiment_by_name(n)\n    if e:\n        return e\n"
        "    mlflow.set_experiment(n)",
        "def f(n):\n    known = {e.name: e for e in client.search_experiments()}\n"
        "    return known.get(n) or client.create_experiment(n)",
    ],
)
def test_an_experiment_may_be_looked_for_and_created_in_several_places(fragments_of, source):
    found = fragments_of(HEAD + source, "resolve-experiment")
    assert [piece.function.rpartition(".")[2] for piece in found] == ["f"]


@pytest.mark.parametrize(
    "source",
    [
        "def f(n):\n    e = g(n)\n    return e or client.create_experiment(n)\n"
        "def g(n):\n    return store.find(n)",
        "def f(n):\n    e = g(other)\n    return e or client.create_experiment(n)\n"
        "def g(n):\n    return client.get_experiment_by_name(n)",
        "from a.b import find_run\ndef f(n):\n    return find_run(n) or client.create_experiment(n)",
        "def f(n):\n    return find_experiment(n) or client.create_experiment(n)",
        "def f(n):\n    e = client.get_experiment_by_name(n)\n    if e:\n        print(e)\n"
        "    mlflow.set_experiment(n)",
        "def f(n):\n    e = client.get_experiment_by_name(n)\n    if e is None:\n"
        "        return e\n    mlflow.set_experiment(n)",
        "def f(c, d):\n    e = client.get_experiment_by_name(c.name)\n    n = d.name\n"
        "    return e or client.create_experiment(n)",
        "def f(n):\n    known = {e.name: e for e in client.search_experiments()}\n"
        "    return known.get(other) or client.create_experiment(n)",
    ],
)
def test_who_looks_for_something_else_looks_for_no_experiment(fragments_of, source):
    assert fragments_of(HEAD + source, "resolve-experiment") == []


@pytest.mark.parametrize("returned", ["e", "e.experiment_id", "Mine(e.name)", "i"])
def test_a_function_that_returns_what_must_exist_is_a_helper(fragments_of, returned):
    source = (
        "def f(n):\n    e = client.get_experiment_by_name(n)\n    if e is None:\n"
        f"        raise LookupError(n)\n    i = e.experiment_id\n    return {returned}"
    )
    (found,) = fragments_of(HEAD + source, "resolve-experiment")
    assert found.marks == ("helper", "must exist")


def test_a_function_that_returns_something_else_is_no_helper(fragments_of):
    source = (
        "def f(n):\n    e = client.get_experiment_by_name(n)\n    if e is None:\n"
        "        raise LookupError(n)\n    client.delete_experiment(e.experiment_id)\n    return n"
    )
    (found,) = fragments_of(HEAD + source, "resolve-experiment")
    assert found.marks == ("must exist",)


def test_an_experiment_whose_errors_are_mapped_is_a_resolution_of_its_own(fragments_of):
    source = (
        "try:\n    e = client.get_experiment_by_name(n)\nexcept A as problem:\n"
        "    raise B(n) from problem\nif e is None:\n    raise B(n)"
    )
    (found,) = fragments_of(HEAD + source, "resolve-experiment")
    assert found.marks == ("maps errors",)


@pytest.mark.parametrize(
    "source",
    [
        "e = client.get_experiment_by_name(n)",
        "e = client.get_experiment_by_name(n)\nif e is None:\n    return_none()",
        "e = client.get_experiment_by_name(n)\nif e:\n    raise LookupError(n)",
        "e = client.get_experiment_by_name(n)\nif not n:\n    raise LookupError(n)",
        "e = client.get_experiment_by_name(n)\nif e is None:\n    raise LookupError(n)\n"
        "runs = client.search_runs([e.experiment_id])",
        "e = client.search_experiments(filter_string=f\"name LIKE '{n}%'\")\n"
        "if not e:\n    client.create_experiment(n)",
        "e = client.search_experiments(filter_string=f\"name = '{a}'\")\n"
        "if not e:\n    client.create_experiment(b)",
        "e = client.get_experiment_by_name(n)\nmlflow.set_experiment(n)",
        "for e in client.search_experiments():\n    print(e.name == other)\nclient.create_experiment(n)",
        "for e in client.search_experiments():\n    client.create_experiment(e.name)",
        "try:\n    mlflow.create_experiment(n)\nexcept E:\n    raise X\nmlflow.set_experiment(n)",
        "mlflow.create_experiment(n)\nmlflow.set_experiment(n)",
        "class C(Store):\n    def f(self):\n        e = self.get_experiment_by_name(n)\n"
        "        return e or self.create_experiment(n)",
        "class C(MlflowClient):\n    def f(self):\n        e = self.get_experiment_by_name(n)\n"
        "        return e or self.create_experiment(n)\n"
        "    def get_experiment_by_name(self, n):\n        return None",
        "if n in allowed and n != other:\n    client.create_experiment(n)",
        "client.create_experiment(n)",
        "client.get_experiment_by_name(a)\nclient.create_experiment(b)",
        "mlflow.set_experiment(n)",
        "try:\n    e = client.get_experiment_by_name(n)\nexcept A:\n    raise\nif e is None:\n    pass",
    ],
)
def test_less_is_no_resolution(fragments_of, source):
    assert fragments_of(HEAD + source, "resolve-experiment") == []


@pytest.mark.parametrize("name", ["create_experiment_at", "make_team_experiment", "new_experiment"])
def test_a_function_of_another_file_creates_one_if_its_name_says_so(fragments_of, name):
    source = (
        f"from lib import {name}\ne = client.get_experiment_by_name(n)\n"
        f"i = e.experiment_id if e else {name}(n)"
    )
    found = [f.marks for f in fragments_of(HEAD + source, "resolve-experiment")]
    assert found == ([(f"by {name}",)] if name.endswith("experiment") else [])


@pytest.mark.parametrize(
    "source",
    [
        "from lib import create_experiment_path\ne = client.get_experiment_by_name(n)\n"
        "create_experiment_path(n)",
        "from lib import new_experiment\ne = client.get_experiment_by_name(n)\nnew_experiment(m)",
        "e = client.get_experiment_by_name(n)\nself.new_experiment(n)",
        "from lib import get_or_create_experiment\ne = client.get_experiment_by_name(n)\n"
        "e = e or get_or_create_experiment(n)",
    ],
)
def test_what_makes_something_else_or_finds_it_too_creates_none(fragments_of, source):
    assert fragments_of(HEAD + source, "resolve-experiment") == []


@pytest.mark.parametrize(
    "source",
    [
        "try:\n    e = client.get_experiment(x)\nexcept E:\n    e = client.get_experiment_by_name(x)",
        "e = client.get_experiment_by_name(x)\nif e is None:\n    e = client.get_experiment(x)",
    ],
)
def test_a_name_that_may_be_an_id_is_a_resolution_of_its_own(fragments_of, source):
    (found,) = fragments_of(HEAD + source, "resolve-experiment")
    assert found.marks == ("id or name",)


def test_a_name_beside_an_id_is_none(fragments_of):
    source = "e = client.get_experiment(i) if i else client.get_experiment_by_name(n)"
    assert fragments_of(HEAD + source, "resolve-experiment") == []


SET = "try:\n    mlflow.set_experiment(n)\nexcept {0}:\n    log('no')\n    {1}"


def test_an_experiment_that_may_not_be_set_active_is_a_resolution_of_its_own(fragments_of):
    (found,) = fragments_of(HEAD + SET.format("E", "self.on = False"), "resolve-experiment")
    assert found.marks == ("may fail", "then self.on = False")


@pytest.mark.parametrize(
    "after", ["pass", "raise", "self.on = False\n    raise E", "self.on = is_on()"]
)
def test_an_error_that_is_only_shown_or_goes_on_is_none(fragments_of, after):
    assert fragments_of(HEAD + SET.format("E", after), "resolve-experiment") == []


def test_who_calls_a_function_to_create_one_is_no_copy_of_it(duplicates_of):
    copy = (
        "import mlflow\nfrom pkg.make import make_experiment\ndef {0}(n):\n"
        "    e = mlflow.get_experiment_by_name(n)\n"
        "    return e.experiment_id if e else make_experiment(n)\n"
    )
    made = (
        "import mlflow\ndef make_experiment(n):\n    try:\n        return mlflow.create_experiment(n)\n"
        "    except Exception:\n        return mlflow.get_experiment_by_name(n).experiment_id\n"
    )
    files = {"pkg/__init__.py": "", "pkg/make.py": made}
    files |= {f"pkg/{name}.py": copy.format(name) for name in "ab"}
    (group,) = duplicates_of(files).groups
    told = {group.truth.name} | {copy.fragment.function for copy in group.copies}
    assert {"a", "b"} <= told
    assert "make_experiment" not in told


GIVEN = (
    "def f(i=None, n=None):\n    if {0}:\n        e = client.get_experiment_by_name(n)\n        {1}"
)


@pytest.mark.parametrize("test", ["i is None", "not i", "i is None and n"])
def test_an_id_by_its_name_unless_it_is_given_is_a_resolution_of_its_own(fragments_of, test):
    source = HEAD + GIVEN.format(test, "i = e.experiment_id")
    (found,) = fragments_of(source, "resolve-experiment")
    assert found.marks == ("unless given",)


@pytest.mark.parametrize(
    ("test", "then"),
    [("n", "i = e.experiment_id"), ("i is None", "j = e.experiment_id"), ("not i", "i = n")],
)
def test_an_id_that_is_given_or_another_is_none(fragments_of, test, then):
    assert fragments_of(HEAD + GIVEN.format(test, then), "resolve-experiment") == []
