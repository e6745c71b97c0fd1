"""Shares some work among processes."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TypeVar

Result = TypeVar("Result")

# Bytes to parse from which on one more process saves more than it costs.
_WORTH_IT = 200_000
# Each takes memory of its own for what it parses.
_MOST = 8


def process_count(sizes: Iterable[int], most: int | None = None) -> int:
    """Into how many processes the work on files of these sizes in bytes is best shared, at
    ``most``; one if others can't be had without harm to other threads."""
    if not hasattr(os, "fork") or threading.active_count() > 1:
        return 1
    return max(1, min(most or _cpus(), sum(sizes) // _WORTH_IT, _MOST))


def shares(sizes: Mapping[str, int], bound: Collection[str], count: int) -> list[list[str]]:
    """Some files in ``count`` shares of about the same size. Those that are ``bound`` to stay
    together are in the first one."""
    found: list[list[str]] = [sorted(bound), *([] for _ in range(count - 1))]
    loads = [sum(sizes[path] for path in bound), *(0 for _ in range(count - 1))]
    for path in sorted(sizes.keys() - set(bound), key=lambda path: (-sizes[path], path)):
        least = loads.index(min(loads))
        found[least].append(path)
        loads[least] += sizes[path]
    return [sorted(share) for share in found]


def in_processes(
    work: Callable[[Sequence[str]], Result], given: Sequence[Sequence[str]]
) -> list[Result]:
    """What ``work`` makes of each share: of the first one here, of each other in a child. What a
    child can't do is done here again, so that errors are raised as they would be without it."""
    if len(given) < 2:
        return [work(share) for share in given]
    gc.freeze()  # else a collection in one process would copy all memory that they share
    children: list[tuple[int, int]] = []
    try:
        for share in given[1:]:
            children.append(_start(work, share, [reader for reader, _ in children]))
        results = [work(share) for share in given[:1]]
        answers = [_read(reader) for reader, _ in children]
    finally:
        for reader, _ in children:
            os.close(reader)  # a child that still writes ends
        statuses = [os.waitpid(child, 0)[1] for _, child in children]
        gc.unfreeze()
    import pickle

    for share, data, status in zip(given[1:], answers, statuses, strict=True):
        results.append(pickle.loads(data) if status == 0 else work(share))
    return results


def _start(
    work: Callable[[Sequence[str]], object], share: Sequence[str], others: Iterable[int]
) -> tuple[int, int]:
    """Where the answer of a new child can be read, and the child."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        for unused in (reader, *others):
            os.close(unused)  # else nobody could ever notice that nobody reads
        _answer(writer, lambda: work(share))
    os.close(writer)
    return reader, child


def _read(reader: int) -> bytes:
    with open(reader, "rb", closefd=False) as answer:
        return answer.read()


def _answer(writer: int, work: Callable[[], object]) -> None:
    import pickle

    code = 1
    try:
        data = pickle.dumps(work())
        with open(writer, "wb") as answer:
            answer.write(data)
        code = 0
    finally:
        os._exit(code)


def _cpus() -> int:
    """The processors that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
