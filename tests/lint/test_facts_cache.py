"""What is remembered of the facts of files, and when they are read again."""

import json

import pytest

from trackfix.lint.cache_folder import FOLDER, CacheFolder
from trackfix.lint.facts_cache import FactsCache
from trackfix.lint.file_cache import FileCache
from trackfix.project.facts import collect
from trackfix.project.facts.collect import collect_facts
from trackfix.source.document import from_bytes

EVERYTHING = '''"""Deprecated."""
import sys, warnings
import a.b as c
from . import d
from .e import *
from f import g as g, h

__all__ = ["x", "ü"]
__all__ += d.__all__
gone = "gone"
warnings.warn(gone, DeprecationWarning)
if sys.argv:
    x = 1
else:
    x = d.y
sys.modules["old.name"] = d
c.attribute = 2


def __getattr__(name):
    return getattr(d, name)


def wrapped(*a):
    return g(*a)


def sets():
    global z, y
    z = y = 1


if __name__ == "__main__":
    sets()
'''
TEXTS = ["", EVERYTHING, "__all__ = make()\n", "def f(): pass\nglobals().update(f())\n"]
STAMP = (1_700_000_000, 1_700_000_000, 7)


@pytest.fixture
def memory(tmp_path):
    def memory(stamp=STAMP, changed=(), most=9, started=2**62, paths=("a.py", "b.py")):
        folder = CacheFolder(tmp_path, "settings", started)
        stamps = dict.fromkeys(paths, stamp)
        return FactsCache(FileCache(folder, "facts", stamps, changed, most))

    return memory


def facts(text, path="a.py"):
    document = from_bytes(path, text.encode())
    return collect_facts(path, document.tree, document.code)


def remember(memory, *found):
    for one in found:
        memory.put(one.path, one)
    memory.save()


def typed(value):
    """A value with the types of all its parts, and with its sets in order."""
    parts = value.items() if isinstance(value, dict) else value
    if isinstance(value, (dict, frozenset, list, set, tuple)):
        found = [typed(part) for part in parts]
        return type(value), sorted(found, key=str) if isinstance(value, (frozenset, set)) else found
    return type(value), value


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_remembered_is_what_was_read(memory, text):
    remember(memory(), facts(text))
    again = memory().get("a.py")
    assert again == facts(text)
    assert typed(again) == typed(facts(text))


def test_a_file_that_has_changed_is_not_known(memory):
    remember(memory(), facts(EVERYTHING))
    assert memory(stamp=(*STAMP[:2], 8)).get("a.py") is None
    assert memory(changed={"a.py"}).get("a.py") is None
    assert memory().get("b.py") is None
    assert memory().get("a.py") is not None


def test_what_may_still_change_unseen_is_not_remembered(memory):
    remember(memory(started=STAMP[0]), facts(EVERYTHING))
    remember(memory(changed={"a.py"}), facts(EVERYTHING))
    assert memory().get("a.py") is None


def test_only_those_that_were_noted_last_are_remembered(memory):
    remember(memory(most=1), facts(EVERYTHING), facts("", "b.py"))
    assert (memory().get("a.py"), memory().get("b.py")) == (None, facts("", "b.py"))


def test_a_file_that_is_gone_is_forgotten(memory):
    remember(memory(), facts(EVERYTHING))
    remember(memory(paths=("b.py",)), facts("", "b.py"))
    assert memory().get("a.py") is None


@pytest.mark.parametrize("damage", [
    "", "[]", "{", '{"a.py": 1}', '{"a.py": [[1], "x"]}',
    json.dumps({"a.py": [STAMP, [0, "null"]]}), json.dumps({"a.py": [STAMP, [634125391, "null"]]}),
    json.dumps({"a.py": [STAMP, None]}), json.dumps({"a.py": [STAMP, [1, "[]"]]}),
])  # fmt: skip
def test_a_damaged_memory_knows_nothing(memory, tmp_path, damage):
    remember(memory(), facts(EVERYTHING))
    (entry,) = (tmp_path / FOLDER).glob("facts-*.json")
    entry.write_text(damage)
    assert memory().get("a.py") is None


def test_a_second_run_on_a_file_reads_no_facts_of_others(project, session, monkeypatch):
    read = []
    real = collect.collect_facts

    def noted(path, *rest):
        read.append(path)
        return real(path, *rest)

    monkeypatch.setattr(collect, "collect_facts", noted)
    first = session("app.py", cached=True).check()
    assert first.findings
    assert read
    read.clear()
    assert session("app.py", cached=True).check() == first
    assert read == []
    (project / "lib/home.py").write_text("def f(): pass\n")
    assert session("app.py", cached=True).check() == session("app.py").check()
    assert "lib/home.py" in read
