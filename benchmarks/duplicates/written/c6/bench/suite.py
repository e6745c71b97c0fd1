"""Benchmarks of the service desk."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Benchmark:
    name: str
    prompts: tuple[str, ...]
    grade: Callable[[str, int], float]


def exact(expected: list[str]) -> Callable[[str, int], float]:
    return lambda answer, i: float(answer.strip().lower() == expected[i].lower())


def mentions(words: list[str]) -> Callable[[str, int], float]:
    return lambda answer, i: float(bool(re.search(rf"\b{re.escape(words[i])}\b", answer, re.I)))


def length_between(low: int, high: int) -> Callable[[str, int], float]:
    return lambda answer, i: float(low <= len(answer.split()) <= high)


def score(benchmark: Benchmark, generate: Callable[[str], str]) -> float:
    grades = [benchmark.grade(generate(p), i) for i, p in enumerate(benchmark.prompts)]
    return sum(grades) / max(len(grades), 1)


SUITE = (
    Benchmark("routing", ("Printer is on fire", "Reset my password"), exact(["hardware", "identity"])),
    Benchmark("polite", ("It is broken again!",), mentions(["sorry"])),
    Benchmark("short", ("Summarise: VPN drops.",), length_between(3, 40)),
)
