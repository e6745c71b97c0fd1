"""Does one half of some work in a second process."""

from __future__ import annotations

import gc
import os
import pickle
import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TypeVar

Result = TypeVar("Result")

# Bytes to parse from which on a second process saves more than it costs.
_WORTH_IT = 400_000


def is_worth_it(sizes: Iterable[int]) -> bool:
    """Whether a second process would help with files of these sizes in bytes, and can be had
    without harm to other threads."""
    can_fork = hasattr(os, "fork") and threading.active_count() == 1
    return can_fork and (os.cpu_count() or 1) > 1 and sum(sizes) >= _WORTH_IT


def half(sizes: Mapping[str, int], bound: Collection[str]) -> frozenset[str]:
    """About one half of some files by size, of those that are not ``bound`` to stay together."""
    load, other = sum(sizes[path] for path in bound), 0
    chosen = []
    for path in sorted(sizes.keys() - set(bound), key=lambda path: (-sizes[path], path)):
        if other < load:
            chosen.append(path)
            other += sizes[path]
        else:
            load += sizes[path]
    return frozenset(chosen)


def in_two(
    work: Callable[[Sequence[str]], Result], here: Sequence[str], there: Sequence[str]
) -> tuple[Result, Result]:
    """What ``work`` makes of ``here``, and of ``there`` in a child. What the child can't do is done
    here again, so that errors are raised as they would be without it."""
    gc.freeze()  # else a collection in one process would copy all memory that they share
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)  # else it could never notice that nobody reads
        _answer(writer, lambda: work(there))
    os.close(writer)
    try:
        own = work(here)
        with open(reader, "rb", closefd=False) as answer:
            data = answer.read()
    finally:
        os.close(reader)  # a child that still writes ends
        _, status = os.waitpid(child, 0)
        gc.unfreeze()
    return own, pickle.loads(data) if status == 0 else work(there)


def _answer(writer: int, work: Callable[[], object]) -> None:
    code = 1
    try:
        data = pickle.dumps(work())
        with open(writer, "wb") as answer:
            answer.write(data)
        code = 0
    finally:
        os._exit(code)
