"""Runs that are picked from what functions of other modules search for."""

import pytest

LISTING = """
def trials_of(client, parent):
    '''mlflow'''
    return list(client.search_runs([parent.info.experiment_id], f"tags.study = '{parent}'"))
"""
PICK = "from mlflow import MlflowClient\n{}\n\ndef pick(client, parent, number):\n    {}\n"
BY_TAG = "return next((t for t in {}(client, parent) if t.data.tags['trial'] == number), None)"


@pytest.fixture
def picked(duplicates_of):
    """The pieces of ``pick``, each with its kind, keys and marks."""

    def read(imported, body, listing=LISTING):
        files = {"pkg/__init__.py": "", "pkg/runs.py": listing}
        logic = duplicates_of({**files, "pkg/use.py": PICK.format(imported, body)}).logic
        pieces = [piece for file in logic if file.path == "pkg/use.py" for piece in file.fragments]
        return [(p.kind, sorted(t.key for t in p.terms), p.marks) for p in pieces]

    return read


THROUGH = ("through pkg/runs.py:trials_of",)


@pytest.mark.parametrize(
    ("imported", "name"),
    [
        ("from pkg.runs import trials_of", "trials_of"),
        ("from .runs import trials_of as list_them", "list_them"),
        ("from pkg import runs", "runs.trials_of"),
        ("from . import runs", "runs.trials_of"),
        ("import pkg.runs", "pkg.runs.trials_of"),
    ],
)
def test_a_pick_asks_for_what_the_listing_asks_for(picked, imported, name):
    assert picked(imported, BY_TAG.format(name)) == [("find-run", ["study", "trial"], THROUGH)]


def test_the_best_of_what_is_listed_is_a_best_run(picked):
    body = "return max(trials_of(client, parent), key=lambda t: t.data.metrics['f1'])"
    found = picked("from pkg.runs import trials_of", body)
    assert found == [("best-run", ["f1", "study"], THROUGH)]


def test_the_tags_by_which_listed_runs_are_told_are_no_reading(picked):
    body = "for t in trials_of(client, parent):\n        if t.data.tags['trial'] == '1':\n            return t"
    found = picked("from pkg.runs import trials_of", body)
    assert ("find-run", ["study", "trial"], THROUGH) in found


@pytest.mark.parametrize(
    ("imported", "body"),
    [
        ("from other.runs import trials_of", BY_TAG.format("trials_of")),
        ("from pkg.runs import missing", BY_TAG.format("missing")),
        (
            "from pkg.runs import trials_of",
            "return [t.info.run_id for t in trials_of(client, parent)]",
        ),
        ("from pkg.runs import trials_of", "return trials_of(client, parent)[0].data"),
        ("from pkg.runs import trials_of", BY_TAG.format("number")),
    ],
)
def test_what_lists_no_runs_or_is_not_picked_from_is_nothing(picked, imported, body):
    assert [piece for piece in picked(imported, body) if piece[0] == "find-run"] == []


@pytest.mark.parametrize(
    "listing",
    [
        LISTING.replace("list(", "next(iter(").replace("'\"))", "'\")))"),
        "def trials_of(client, parent):\n    '''mlflow search_runs'''\n    return parent.trials\n",
        LISTING + "    client.search_runs(['1'])\n",
    ],
)
def test_only_what_lists_the_runs_of_one_search_can_be_picked_from(picked, listing):
    pieces = picked("from pkg.runs import trials_of", BY_TAG.format("trials_of"), listing)
    assert [piece for piece in pieces if piece[0] == "find-run"] == []


def test_two_who_pick_from_one_listing_call_the_same_already(duplicates_of):
    use = PICK.format("from pkg.runs import trials_of", BY_TAG.format("trials_of"))
    files = {"pkg/__init__.py": "", "pkg/runs.py": LISTING, "pkg/a.py": use, "pkg/b.py": use}
    assert duplicates_of(files).groups == ()


def test_one_who_picks_from_a_listing_does_what_one_search_does(duplicates_of):
    search = (
        "def find(client, parent, number):\n    '''mlflow'''\n    return client.search_runs("
        "[parent.info.experiment_id], f\"tags.study = '{parent}' and tags.trial = '{number}'\")[0]\n"
    )
    use = PICK.format("from pkg.runs import trials_of", BY_TAG.format("trials_of"))
    files = {"pkg/__init__.py": "", "pkg/runs.py": LISTING + search, "pkg/a.py": use}
    (group,) = duplicates_of(files).groups
    assert {copy.fragment.function for copy in group.copies} <= {"find", "pick"}


STORE = """
class Store:
    def __init__(self, client):
        self.client = client  # mlflow

    def trials(self, parent):
        return self.client.search_runs([parent.info.experiment_id], f"tags.study = '{parent}'")
"""
OF_STORE = ("through pkg/runs.py:Store.trials",)


@pytest.mark.parametrize(
    "body",
    [
        "return next(t for t in Store(client).trials(parent) if t.data.tags['trial'] == number)",
        "s = Store(client)\n"
        "    return next(t for t in s.trials(parent) if t.data.tags['trial'] == number)",
    ],
)
def test_what_an_object_of_a_class_lists_can_be_picked_from(picked, body):
    found = picked("from pkg.runs import Store", body, STORE)
    assert found == [("find-run", ["study", "trial"], OF_STORE)]


OWN = """
from mlflow import MlflowClient
from pkg.runs import Store

class Digest:
    def __init__(self, {given}):
        self.store = {held}

    def pick(self, parent, number, store: {declared}):
        found = [t for t in {asked}.trials(parent) if t.data.tags["trial"] == number]
        return found.pop() if found else None
"""


@pytest.mark.parametrize(
    ("given", "held", "declared", "asked", "count"),
    [
        ("client", "Store(client)", "int", "self.store", 1),
        ("client", "None", "Store", "store", 1),
        ("client", "None", "'Store'", "store", 1),
        ("client", "client.store", "int", "self.store", 0),
        ("client", "Store(client)", "int", "store", 0),
        ("client", "Other(client)", "Other", "store", 0),
    ],
)
def test_an_object_may_be_held_or_declared(duplicates_of, given, held, declared, asked, count):
    own = OWN.format(given=given, held=held, declared=declared, asked=asked)
    files = {"pkg/__init__.py": "", "pkg/runs.py": STORE, "pkg/use.py": own}
    logic = [file for file in duplicates_of(files).logic if file.path == "pkg/use.py"]
    assert [f.marks for file in logic for f in file.fragments if f.kind == "find-run"] == [
        OF_STORE
    ] * count
