"""Hold the resolver against Python itself: does it know where installed packages define things?

    python benchmarks/resolve.py [SITE_PACKAGES] [--package NAME ...] [--verbose]

Takes every public function and class of every public module of the packages, as a running Python
sees it, and compares where that says it comes from with where `Resolver` says so. They have to
be installed for the interpreter that runs this.

*right*: the answer is the object's own `__module__` and `__qualname__`. *by identity*: these were
overwritten (`numpy.set_module`), but the home's attribute is the very same object and its code
lies in the home's file, or the home is outside. *same object*: likewise, without Python code to
look for. Anything else that is claimed is *wrong*. A claim is what ``apply`` would act on; of the
rest it is told whether the home is right. A *value* is what an expression gives; its own names
may be any, so it is *bound there* if the home has the very object, and its text assigns it.

Without names it takes popular packages that are all Python. Names that compiled modules make can't
be read anywhere: give ``--package numpy`` to see how that is told.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import sysconfig
import tempfile
import time
from collections import Counter
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen, TimeoutExpired

from trackfix.project.modules.resolution import Resolution, Resolver
from trackfix.project.project import Project, open_project

PACKAGES = """
    alembic attr celery click dask django fastapi flask fsspec httpx jinja2 joblib kedro marshmallow
    mlflow networkx omegaconf optuna pydantic pytest requests rich starlette sympy typer urllib3
    werkzeug
"""
RIGHT = ("right", "by identity", "same object", "bound there")
DOUBTED = ("conditional", "guarded")
NOT_PUBLIC = frozenset({"conftest", "setup", "test", "tests", "testing"})

# Each of the two runs in a process per package and prints a line per answer.
PRELUDE = """
import importlib, inspect, json, os, re, sys, warnings
warnings.simplefilter("ignore")
sys.path.insert(0, sys.argv[1])
out, sys.stdout = sys.stdout, sys.stderr

def load(name):
    try:
        return importlib.import_module(name)
    except BaseException:
        return None
"""
# Module -> the names of functions and classes in it.
LIST = """
def names_of(module):
    for name in sorted({*vars(module), *dir(module)}):
        try:
            value = getattr(module, name)
            if not name.startswith("_") and (inspect.isroutine(value) or inspect.isclass(value)):
                yield name
        except BaseException:
            pass

def answer(name):
    module = load(name)
    return [name, module and list(names_of(module))]
"""
# Module, name, home's module, home's name, whether that is in the folder, kind -> judgement.
JUDGE = r"""
def codes(value):
    for part in vars(value).values() if inspect.isclass(value) else [value]:
        part = getattr(part, "__func__", None) or getattr(part, "fget", None) or part
        code = getattr(inspect.unwrap(part), "__code__", None)
        if code and part.__qualname__.startswith(value.__qualname__):
            if os.path.isabs(code.co_filename) and os.path.exists(code.co_filename):
                yield os.path.realpath(code.co_filename)

def answer(asked):
    name, home, home_name, inside, kind = asked[1:]
    module = load(asked[0])
    if not hasattr(module, name):
        return "not judged"
    value = getattr(module, name)
    if [getattr(value, key, "") for key in ("__module__", "__qualname__")] == [home, home_name]:
        return "right"
    owner = load(home)
    if owner is None or getattr(owner, home_name, codes) is not value:
        return "wrong"
    if not inside:
        return "by identity"
    if not getattr(owner, "__file__", None):
        return "same object"
    path = os.path.realpath(owner.__file__)
    found = set(codes(value))
    forms = rf"(async def|def|class) {home_name}\b"
    if kind == "value":
        forms = rf"(\w+[ \t]*[=,][ \t]*)*{home_name}\b[^=\n]*="
    with open(path, encoding="utf-8", errors="replace") as file:
        is_there = re.search(rf"^[ \t]*{forms}", file.read(), re.M)
    if kind == "value":
        return "bound there" if is_there else "value"
    if path in found or is_there:
        return "by identity"
    return "wrong" if found else "same object"
"""
LOOP = """
for item in json.load(sys.stdin):
    print(json.dumps(answer(item)), file=out, flush=True)
"""


def run(script: str, site: Path, asked: list[object], limit: float) -> list[object]:
    """The answers of a process; it is told when these are fewer than what was asked."""
    command = [sys.executable, "-c", PRELUDE + script + LOOP, str(site)]
    env = os.environ | {"MPLBACKEND": "agg"}
    with (
        tempfile.TemporaryDirectory() as cwd,
        Popen(command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, cwd=cwd, env=env) as process,
    ):
        try:
            answers, _ = process.communicate(json.dumps(asked).encode(), timeout=limit)
        except TimeoutExpired:
            process.kill()
            answers, _ = process.communicate()
    lines = [line for line in answers.decode().splitlines(keepends=True) if line.endswith("\n")]
    if len(lines) < len(asked):
        print(f"    CUT SHORT: {len(lines)} of {len(asked)}, exit status {process.returncode}")
    return [json.loads(line) for line in lines]


def public_modules(project: Project, package: str) -> list[object]:
    names = {project.primary_name(path) or "" for path in project.facts if path.endswith(".py")}
    parts = sorted(name.split(".") for name in names)
    return [
        ".".join(part)
        for part in parts
        if part[0] == package and not any(p.startswith("_") or p in NOT_PUBLIC for p in part)
    ]


def doubt(found: Resolution) -> str:
    """Why an answer is no claim; empty when it is one."""
    if not found.movable:
        return found.status
    return "value" if found.kind in ("value", "module") else ""


def check(
    project: Project, package: str, site: Path, limit: float
) -> tuple[Counter[str], set[str]]:
    """How the answers for one package come out, with a note on each that is not right."""
    resolver = Resolver(project)
    modules, counts = public_modules(project, package), Counter[str]()
    answers: list[Resolution] = []
    asked: list[object] = []
    for line in run(LIST, site, modules, limit):
        assert isinstance(line, list)
        counts["modules"] += line[1] is not None
        for name in line[1] or ():
            found = resolver.resolve(line[0], name)
            answers.append(found)
            inside = found.status != "external"
            asked.append((line[0], name, found.module, found.name, inside, found.kind))
    counts["not imported"] = len(modules) - counts["modules"]
    judgements = [str(judgement) for judgement in run(JUDGE, site, asked, limit)]
    judgements += ["cut short"] * (len(asked) - len(judgements))
    notes = set()
    for judgement, found, query in zip(judgements, answers, asked, strict=True):
        outcome = doubt(found) or judgement
        if outcome == "value" and judgement in RIGHT:
            outcome = judgement
        outcome += ", home right" if outcome in DOUBTED and judgement in RIGHT else ""
        counts[outcome] += 1
        if outcome not in RIGHT:
            notes.add(f"{outcome}: {query} {found.obstacle}")
    return counts, notes


def report(name: str, counts: Counter[str]) -> None:
    figures = {k: n for k, n in sorted(counts.items()) if k not in ("modules", "not imported")}
    total, right = sum(figures.values()), sum(counts[key] for key in RIGHT)
    print(f"{name}: {counts['modules']} modules ({counts['not imported']} not imported);", end=" ")
    print(f"{total} names, {right / max(total, 1):.2%} certain and right, {counts['wrong']} wrong")
    print("    " + ", ".join(f"{n} {key}" for key, n in figures.items()), flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("site", nargs="?", type=Path, default=Path(sysconfig.get_path("purelib")))
    parser.add_argument("--package", action="append", dest="packages", help="instead of the list")
    parser.add_argument("--limit", type=float, default=900, help="seconds for each process")
    parser.add_argument("--verbose", action="store_true", help="list what is not resolved, too")
    options = parser.parse_args()
    site, start = options.site.resolve(), time.perf_counter()
    project = open_project(site)
    print(f"{len(project.facts)} files in {time.perf_counter() - start:.0f} s", flush=True)
    total = Counter[str]()
    for package in options.packages or PACKAGES.split():
        if project.find(package) is None:
            print(f"{package}: NOT FOUND", flush=True)
            continue
        counts, notes = check(project, package, site, options.limit)
        total += counts
        report(package, counts)
        for note in sorted(notes):
            if options.verbose or note.startswith("wrong"):
                print(f"        {note}", flush=True)
    report("total", total)
    return 1 if total["wrong"] or total["cut short"] else 0


if __name__ == "__main__":
    sys.exit(main())
