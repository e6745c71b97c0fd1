"""Work in two processes."""

import os

import pytest

from trackfix.lint import two_processes
from trackfix.lint.selection import RuleOptions
from trackfix.lint.session import Session
from trackfix.lint.two_processes import half, in_two, is_worth_it


def test_each_half_is_done_in_its_own_process():
    here, there = in_two(lambda names: (os.getpid(), [n.upper() for n in names]), ["a"], ["b", "c"])
    assert here == (os.getpid(), ["A"])
    assert there[1] == ["B", "C"]
    assert there[0] != os.getpid()


def test_an_answer_may_be_long():
    _, there = in_two(lambda names: list(names) * 100_000, ["a"], ["b" * 10])
    assert len(there) == 100_000


def test_what_fails_in_the_child_fails_here():
    def work(names):
        if "bad" in names:
            raise ValueError("no good")
        return names

    with pytest.raises(ValueError, match="no good"):
        in_two(work, ["good"], ["bad"])


def test_what_fails_here_leaves_no_child(monkeypatch):
    children = []
    fork = os.fork

    def noted():
        children.append(fork())
        return children[-1]

    def work(names):
        if "bad" in names:
            raise ValueError("no good")
        return list(names) * 100_000

    monkeypatch.setattr(os, "fork", noted)
    with pytest.raises(ValueError, match="no good"):
        in_two(work, ["bad"], ["good"])
    with pytest.raises(ChildProcessError):
        os.waitpid(children[0], os.WNOHANG)


def test_what_the_child_can_not_say_is_done_here():
    assert in_two(lambda names: lambda: names, ["a"], ["b"])[1]() == ["b"]


@pytest.mark.parametrize("sizes, bound, expected", [
    ({}, set(), set()),
    ({"a": 5}, set(), set()),
    ({"a": 5, "b": 4, "c": 3}, set(), {"b", "c"}),
    ({"a": 5, "b": 4, "c": 3}, {"c"}, {"a"}),
    ({"a": 5, "b": 4}, {"a", "b"}, set()),
])  # fmt: skip
def test_the_halves_are_about_as_large(sizes, bound, expected):
    assert half(sizes, bound) == expected


def test_little_work_is_not_shared(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    assert not is_worth_it([1000])
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    assert not is_worth_it([10_000_000])


def test_both_ways_find_the_same(project, write, monkeypatch):
    files = {f"m{n}.py": "import mlflow\nmlflow.MlflowClient()\n" for n in range(40)}
    write(project, files | {"broken.py": "from mlflow import MlflowClient\nMlflowClient(\n"})
    forks = []
    fork = os.fork

    def counted():
        forks.append(1)
        return fork()

    monkeypatch.setattr(os, "fork", counted)
    monkeypatch.setattr("threading.active_count", lambda: 1)
    alone = Session(project, RuleOptions(), cached=False).check()
    assert not forks
    monkeypatch.setattr(two_processes, "_WORTH_IT", 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    shared = Session(project, RuleOptions(), cached=False).check()
    assert forks
    assert shared == alone
    assert len(shared.findings) == 43
