"""Work that is shared among processes."""

import os

import pytest

from trackfix.project import processes
from trackfix.project.processes import in_processes, process_count, shares


def test_each_share_is_done_in_its_own_process():
    found = in_processes(
        lambda names: (os.getpid(), [n.upper() for n in names]), [["a"], ["b", "c"], ["d"]]
    )
    assert found[0] == (os.getpid(), ["A"])
    assert [names for _, names in found] == [["A"], ["B", "C"], ["D"]]
    assert len({process for process, _ in found}) == 3


def test_an_answer_may_be_long():
    answers = in_processes(lambda names: list(names) * 100_000, [["a"], ["b" * 10], ["c" * 10]])
    assert [len(answer) for answer in answers] == [100_000] * 3


def test_what_fails_in_the_child_fails_here():
    def work(names):
        if "bad" in names:
            raise ValueError("no good")
        return names

    with pytest.raises(ValueError, match="no good"):
        in_processes(work, [["good"], ["good"], ["bad"]])


def test_what_fails_here_leaves_no_children(monkeypatch):
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
        in_processes(work, [["bad"], ["good"], ["fine"]])
    assert len(children) == 2
    for child in children:
        with pytest.raises(ChildProcessError):
            os.waitpid(child, os.WNOHANG)


def test_what_the_child_can_not_say_is_done_here():
    assert in_processes(lambda names: lambda: names, [["a"], ["b"]])[1]() == ["b"]


@pytest.mark.parametrize("sizes, bound, count, expected", [
    ({}, set(), 2, [[], []]),
    ({"a": 5}, set(), 2, [["a"], []]),
    ({"a": 5, "b": 4, "c": 3}, set(), 1, [["a", "b", "c"]]),
    ({"a": 5, "b": 4, "c": 3}, set(), 2, [["a"], ["b", "c"]]),
    ({"a": 5, "b": 4, "c": 3}, set(), 3, [["a"], ["b"], ["c"]]),
    ({"a": 5, "b": 4, "c": 3}, {"c"}, 2, [["b", "c"], ["a"]]),
    ({"a": 5, "b": 4}, {"a", "b"}, 2, [["a", "b"], []]),
])  # fmt: skip
def test_the_shares_are_about_as_large(sizes, bound, count, expected):
    assert shares(sizes, bound, count) == expected


def test_little_work_is_not_shared_and_much_of_it_not_without_end(monkeypatch):
    monkeypatch.setattr("threading.active_count", lambda: 1)
    monkeypatch.setattr(processes, "_cpus", lambda: 4)
    assert process_count([1000]) == 1
    assert process_count([100_000_000]) == 4
    monkeypatch.setattr(processes, "_cpus", lambda: 64)
    assert process_count([100_000_000]) == 8
    monkeypatch.setattr(processes, "_cpus", lambda: 1)
    assert process_count([100_000_000]) == 1


def test_other_threads_are_not_forked_away(monkeypatch):
    monkeypatch.setattr(processes, "_cpus", lambda: 4)
    monkeypatch.setattr("threading.active_count", lambda: 2)
    assert process_count([100_000_000]) == 1
