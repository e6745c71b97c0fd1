"""What is remembered of the run logic of files, and when it is read again."""

import json

import pytest

from trackfix.lint.cache_folder import FOLDER
from trackfix.project.run_logic import duplicates, reading

FINDER = '''
def find_latest_run(client, name):
    """The newest run; the single source of truth."""
    experiment = client.get_experiment_by_name(name)  # mlflow
    runs = client.search_runs([experiment.experiment_id], order_by=["start_time DESC"])
    return runs[0].info.run_id
'''
COPY = """
def newest(mlflow_client, study):
    found = mlflow_client.get_experiment_by_name(study)
    runs = mlflow_client.search_runs([found.experiment_id], order_by=["start_time DESC"])
    return runs[0].info.run_id
"""
MORE = {
    "lib/finder.py": FINDER,
    "copy.py": COPY,
    "user.py": "from lib.finder import find_latest_run\n",
}
FIND = ("TRK301",)


@pytest.fixture
def tree(project, write):
    write(project, MORE)
    return project


@pytest.fixture
def read(monkeypatch):
    """The files whose run logic was read."""
    seen = []
    real = reading.read_run_logic

    def note(document):
        seen.append(document.path)
        return real(document)

    monkeypatch.setattr(duplicates, "read_run_logic", note)
    return seen


def places(outcome):
    return [(finding.path, finding.line) for finding in outcome.findings]


def entry(project):
    (found,) = (project / FOLDER).glob("run-logic-*.json")
    return found


def test_a_second_run_reads_no_run_logic_and_finds_the_same(tree, session, read):
    first = session("copy.py", cached=True, select=FIND).check()
    assert places(first) == [("copy.py", 4)]
    assert read == ["copy.py", "lib/finder.py"]
    assert session("copy.py", cached=True, select=FIND).check() == first
    assert len(read) == 2


def test_only_a_file_that_has_changed_is_read_again(tree, session, read, write):
    session("copy.py", cached=True, select=FIND).check()
    write(tree, {"copy.py": f"# moved down\n{COPY}"}, when=1_700_000_100)
    found = session("copy.py", cached=True, select=FIND).check()
    assert places(found) == [("copy.py", 5)]
    assert read == ["copy.py", "lib/finder.py", "copy.py"]


def test_a_source_of_truth_that_is_gone_makes_no_more_findings(tree, session):
    session("copy.py", cached=True, select=FIND).check()
    (tree / "lib/finder.py").unlink()
    assert places(session("copy.py", cached=True, select=FIND).check()) == []


def test_the_text_in_an_editor_counts_and_is_not_remembered(tree, session, read):
    session("copy.py", cached=True, select=FIND).check()
    before = entry(tree).read_bytes()
    text = {"copy.py": b"x = 1\n"}
    assert places(session("copy.py", contents=text, cached=True, select=FIND).check()) == []
    assert entry(tree).read_bytes() == before


@pytest.mark.parametrize("damage", ["", "[]", "{", '{"copy.py": 1}', '{"copy.py": [[1], "x"]}'])
def test_a_damaged_memory_is_made_anew(tree, session, read, damage):
    first = session("copy.py", cached=True, select=FIND).check()
    entry(tree).write_text(damage, encoding="utf-8")
    assert session("copy.py", cached=True, select=FIND).check() == first
    assert json.loads(entry(tree).read_text(encoding="utf-8"))["copy.py"]


def test_a_file_that_was_only_just_written_is_not_remembered(tree, session, write):
    (tree / "copy.py").write_text(COPY, encoding="utf-8")
    session("copy.py", cached=True, select=FIND).check()
    assert "copy.py" not in json.loads(entry(tree).read_text(encoding="utf-8"))
