"""Recall and precision of detectors of duplicated code on the places of labels.json.

    python benchmarks/duplicates/measure.py FOLDER [--half HALF] [--labels FILE] [--peers VENV]
                                            [--jscpd PROGRAM]

FOLDER is what fetch.py made, or ``written`` with the labels.json in it. Each tool sees a copy of
each package by itself: trackfix of its folder, the peers of the files in it that mention mlflow,
which spares them false reports. VENV is one with ``pylint`` (its own ``symilar`` is run, as that
names files, not modules) and ``arid``; PROGRAM is jscpd of npm, run at its defaults, at weaker
settings, and with gaps and any names. A tool that isn't there has no column, nor has a trackfix
without ``scan --duplicates``. What counts as found and as right is in README.md. Exits with 2 when
FOLDER isn't what was labelled.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

LABELS = Path(__file__).with_name("labels.json")
SYMILAR = ["-d4", "--ignore-comments", "--ignore-docstrings", "--ignore-imports"]
SYMILAR += ["--ignore-signatures"]
ARID = ["--no-config", "--json", "--no-fail-on-findings", "--same-file", "--no-ignore-files"]
ARID += ["--keep-going", "--project-root=.", "."]
WEAKER = ["--mode=weak", "--min-tokens=25", "--min-lines=3"]
WEAKEST = [*WEAKER, "--ignore-identifiers", "--ignore-literals", "--max-gap-lines=3"]
ARID_ENDS = (0, 1, 2)  # 2 when it could not parse a file and kept going
LIMIT = 300  # seconds for one tool on one package


class Span(NamedTuple):
    """Lines of a file, both included; the path is relative to the folder of the package."""

    path: str
    first: int
    last: int

    def overlaps(self, other: Span) -> bool:
        return self.path == other.path and self.first <= other.last and other.first <= self.last


class Place(NamedTuple):
    """A labelled place."""

    package: str
    span: Span
    kind: str
    group: str | None


Pair = tuple[Span, Span]
Detector = Callable[[Path], list[Pair]]


@dataclass
class Tally:
    """What one detector reported."""

    found: set[Place]
    pairs: int = 0
    labelled: int = 0
    right: int = 0


def pairs_of(ends: list[Span]) -> Iterator[Pair]:
    """Each two ends of a report once."""
    return ((one, other) for one, other in combinations(sorted(set(ends)), 2))


def run(command: list[str], folder: Path, allowed: tuple[int, ...] = (0, 1)) -> str:
    """What a tool prints; raises ValueError when it ends otherwise or too late."""
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=LIMIT)
    except subprocess.TimeoutExpired:
        raise ValueError(f"{Path(command[0]).name} took more than {LIMIT} s") from None
    if done.returncode not in allowed:
        last = "".join(done.stderr.strip().splitlines()[-1:])
        raise ValueError(f"{Path(command[0]).name} ended with {done.returncode}: {last}")
    return done.stdout


def trackfix_pairs(output: str) -> list[Pair]:
    """The reader of trackfix's JSON: ``groups``, each with ``members``."""
    pairs: list[Pair] = []
    for group in json.loads(output)["groups"]:
        members = [Span(m["path"], m["first_line"], m["last_line"]) for m in group["members"]]
        pairs += pairs_of(members)
    return pairs


def symilar_pairs(output: str) -> list[Pair]:
    """``==FILE:[A:B]`` lines after each ``N similar lines`` are lines A+1 to B of one report."""
    reports: list[list[Span]] = []
    for line in output.splitlines():
        if re.match(r"\d+ similar lines in \d+ files", line):
            reports.append([])
        elif match := re.fullmatch(r"==(.+):\[(\d+):(\d+)\]", line):
            reports[-1].append(Span(match[1], int(match[2]) + 1, int(match[3])))
    return [pair for report in reports for pair in pairs_of(report)]


def arid_pairs(output: str) -> list[Pair]:
    pairs: list[Pair] = []
    for finding in json.loads(output)["findings"]:
        spans = [Span(e["path"], e["start_line"], e["end_line"]) for e in finding["locations"]]
        pairs += pairs_of(spans)
    return pairs


def jscpd_pairs(report: dict[str, Any]) -> list[Pair]:
    pairs: list[Pair] = []
    for clone in report["duplicates"]:
        ends = (clone["firstFile"], clone["secondFile"])
        pairs += pairs_of([Span(end["name"], end["start"], end["end"]) for end in ends])
    return pairs


def jscpd(program: str, options: list[str]) -> Detector:
    def detect(folder: Path) -> list[Pair]:
        with tempfile.TemporaryDirectory() as scratch:
            reporters = ["--reporters=json", f"--output={scratch}", "--format=python", "--silent"]
            run([program, *reporters, *options, "."], folder)
            report = Path(scratch, "jscpd-report.json").read_text(encoding="utf-8")
        return jscpd_pairs(json.loads(report))

    return detect


def modules(folder: Path) -> list[str]:
    """The modules below a folder that mention mlflow, relative to it."""
    paths = [path for path in folder.rglob("*.py") if b"mlflow" in path.read_bytes()]
    return sorted(path.relative_to(folder).as_posix() for path in paths)


def detectors(peers: Path | None, jscpd_program: str | None) -> dict[str, Detector]:
    """The detectors that are there, by the name of their column."""
    trackfix = str(Path(sysconfig.get_path("scripts"), "trackfix"))
    scan = [trackfix, "scan", "--duplicates", "--format", "json", "."]
    symilar, arid = (str(peers and peers.resolve() / "bin" / name) for name in ("symilar", "arid"))
    found: dict[str, Detector] = {}
    if "--duplicates" in run([trackfix, "scan", "--help"], Path.cwd()):
        found["trackfix"] = lambda folder: trackfix_pairs(run(scan, folder))
    if os.access(symilar, os.X_OK):
        found["pylint"] = lambda folder: symilar_pairs(
            run([symilar, *SYMILAR, *modules(folder)], folder)
        )
    if os.access(arid, os.X_OK):
        found["arid"] = lambda folder: arid_pairs(run([arid, *ARID], folder, ARID_ENDS))
    if jscpd_program:
        program = str(Path(jscpd_program).absolute())
        if not os.access(program, os.X_OK):
            raise ValueError(f"{jscpd_program} is no program")
        found["jscpd"] = jscpd(program, [])
        found["jscpd, weaker"] = jscpd(program, WEAKER)
        found["jscpd, weakest"] = jscpd(program, WEAKEST)
    return found


def judge(pair: Pair, places: list[Place], tally: Tally) -> bool:
    """Count one pair; is it right?"""
    one, other = ([p for p in places if p.span.overlaps(end)] for end in pair)
    same = [(p, q) for p in one for q in other if p != q and p.group and p.group == q.group]
    tally.found.update(place for both in same for place in both)
    tally.pairs += 1
    tally.labelled += bool(one or other)
    tally.right += bool(same)
    return bool(same)


def root_of(name: str, package: dict[str, Any]) -> str:
    """The folder of a package below FOLDER."""
    return f"{name}-{package['version']}" if "version" in package else name


def read_places(packages: dict[str, Any], labels: dict[str, Any], folder: Path) -> list[Place]:
    """The places of these packages; raises ValueError when FOLDER doesn't have them."""
    places = []
    for label in labels["places"]:
        name = label["package"]
        if name not in packages:
            continue
        path = folder / root_of(name, packages[name]) / label["path"]
        if not path.is_file():
            raise ValueError(f"{path} is missing: run fetch.py first")
        if len(path.read_text(encoding="utf-8").splitlines()) < label["last_line"]:
            raise ValueError(f"{path} is shorter than what was labelled")
        span = Span(label["path"], label["first_line"], label["last_line"])
        places.append(Place(name, span, label["kind"], label["group"]))
    return places


def share(part: int, whole: int) -> str:
    return f"{part / whole:.2f} ({part}/{whole})" if whole else "-"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="what fetch.py made")
    parser.add_argument("--half", default="tune", help="which of the packages of the labels")
    parser.add_argument("--labels", type=Path, default=LABELS, help="the file with the places")
    parser.add_argument("--peers", type=Path, help="environment with pylint and arid")
    parser.add_argument("--jscpd", help="the program jscpd")
    args = parser.parse_args()
    try:
        labels = json.loads(args.labels.read_text(encoding="utf-8"))
        packages = {n: p for n, p in labels["packages"].items() if p["half"] == args.half}
        if not packages:
            halves = ", ".join(sorted({p["half"] for p in labels["packages"].values()}))
            raise ValueError(f"{args.labels} has no half {args.half!r}, it has {halves}")
        places = read_places(packages, labels, args.folder)
        tools = detectors(args.peers, args.jscpd)
    except (OSError, ValueError) as problem:
        print(f"measure.py: {problem}", file=sys.stderr)
        return 2
    tallies = {tool: Tally(set()) for tool in tools}
    unlabelled: list[str] = []
    for name, package in packages.items():
        root = args.folder.resolve() / root_of(name, package)
        its_places = [place for place in places if place.package == name]
        with tempfile.TemporaryDirectory() as scratch, tempfile.TemporaryDirectory() as alone:
            shutil.copytree(root, alone, dirs_exist_ok=True)
            for module in modules(root):
                copy = Path(scratch, module)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes((root / module).read_bytes())
            for tool, detect in tools.items():
                try:
                    pairs = detect(Path(alone if tool == "trackfix" else scratch))
                except (OSError, ValueError, KeyError, TypeError) as problem:
                    print(f"{name}, {tool}: {problem}; counts as no report", file=sys.stderr)
                    continue
                for pair in pairs:
                    if not judge(pair, its_places, tallies[tool]) and tool == "trackfix":
                        ends = " ~ ".join(f"{e.path}:{e.first}-{e.last}" for e in pair)
                        unlabelled.append(f"  {name} {ends}")
    print_report(args.half, places, tallies)
    if unlabelled:
        print("\ntrackfix's pairs that are not right by the labels, to be read by hand:")
        print("\n".join(sorted(unlabelled)))
    return 0


def print_report(half: str, places: list[Place], tallies: dict[str, Tally]) -> None:
    grouped = [place for place in places if place.group]
    groups = {(place.package, place.group) for place in grouped}
    kinds = Counter(place.kind for place in grouped)
    print(f"{half}: {len(places)} places, {len(grouped)} of them in {len(groups)} groups\n")
    row = "{:15}{:>16}{:>17}{:>17}"
    print(row.format("", "recall", "precision", "where labelled"))
    for tool, tally in tallies.items():
        recall = share(len(tally.found), len(grouped))
        precision = share(tally.right, tally.pairs), share(tally.right, tally.labelled)
        print(row.format(tool, recall, *precision))
    print("\nrecall by kind")
    for tool, tally in tallies.items():
        its_kinds = Counter(place.kind for place in tally.found)
        parts = [f"{kind} {its_kinds[kind]}/{kinds[kind]}" for kind in sorted(kinds)]
        print(f"{tool:15}{', '.join(parts)}")


if __name__ == "__main__":
    sys.exit(main())
