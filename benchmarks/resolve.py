"""Hold the resolver against Python itself: does it know where installed packages define things?

    python benchmarks/resolve.py [SITE_PACKAGES] [--package NAME ...] [--verbose]

Takes every public function and class of every public module of the packages, as a running Python
sees it, and compares where that says it comes from with where `Resolver` says so. The folder
must hold packages for the interpreter that runs this.

An answer is *right* when it is the object's own `__module__` and `__qualname__`. Many packages
overwrite those (`numpy.set_module`), so an answer is *right by identity* when the attribute of
the home is the very same object and its code lies in the home's file (or the home is outside).
*same object* is the same without Python code to look for, or with a decorator's. Anything else
that is claimed is *wrong*. What is not certain or external, and a *value*, is no claim.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from trackfix.project.project import Project, open_project
from trackfix.project.resolution import Resolution, Resolver

PACKAGES = """
    aiohttp alembic attr celery click dask django fastapi flask fsspec httpx jinja2 joblib kedro
    marshmallow matplotlib mlflow networkx numpy omegaconf optuna pandas pydantic pytest requests
    rich scipy sklearn sqlalchemy starlette sympy tornado typer urllib3 werkzeug
"""
RIGHT = ("right", "by identity", "same object")
NOT_PUBLIC = frozenset({"conftest", "setup", "test", "tests", "testing"})

# Both run in a process per package. The first prints the names that there are: module, name; the
# second takes claims (module, name, home module, home name) and prints a judgement of each.
LIST = """
import importlib, inspect, json, sys, warnings
warnings.simplefilter("ignore")
sys.path.insert(0, sys.argv[1])
out = sys.stdout
sys.stdout = sys.stderr

def load(name):
    try:
        return importlib.import_module(name)
    except BaseException:
        return None

def names_of(module):
    found = []
    for name in sorted({*vars(module), *dir(module)}):
        try:
            value = getattr(module, name)
            if not name.startswith("_") and (inspect.isroutine(value) or inspect.isclass(value)):
                found.append(name)
        except BaseException:
            pass
    return found

for name in json.load(sys.stdin):
    module = load(name)
    print(json.dumps([name, None if module is None else names_of(module)]), file=out, flush=True)
"""
JUDGE = r"""
import importlib, inspect, json, os, re, sys, warnings
warnings.simplefilter("ignore")
sys.path.insert(0, sys.argv[1])
out = sys.stdout
sys.stdout = sys.stderr

def load(name):
    try:
        return importlib.import_module(name)
    except BaseException:
        return None

def codes(value):
    parts = vars(value).values() if inspect.isclass(value) else [value]
    for part in parts:
        part = getattr(part, "__func__", None) or getattr(part, "fget", None) or part
        part = inspect.unwrap(part)
        if hasattr(part, "__code__") and part.__qualname__.startswith(value.__qualname__):
            yield os.path.realpath(part.__code__.co_filename)

def judge(module, name, home, home_name, inside):
    value = getattr(load(module), name)
    if [getattr(value, key, "") for key in ("__module__", "__qualname__")] == [home, home_name]:
        return "right"
    owner = load(home)
    if owner is None or getattr(owner, home_name, judge) is not value:
        return "wrong"
    if not inside:
        return "by identity"
    path = os.path.realpath(owner.__file__)
    found = set(codes(value))
    text = open(path, encoding="utf-8", errors="replace").read()
    definition = rf"^[ \t]*(async def|def|class) {home_name}\b"
    if path in found or re.search(definition, text, re.MULTILINE):
        return "by identity"
    return "wrong" if found else "same object"

for module, name, home, home_name, inside in json.load(sys.stdin):
    try:
        print(json.dumps(judge(module, name, home, home_name, inside)), file=out, flush=True)
    except BaseException as error:
        print(json.dumps("wrong"), file=out, flush=True)
"""


def run(
    script: str, site: Path, asked: list[list[object]] | list[str], limit: float
) -> list[object]:
    """The answers of a process, as many as it gave in time."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            done = subprocess.run(
                [sys.executable, "-c", script, str(site)],
                input=json.dumps(asked).encode(),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=limit,
                cwd=folder,
                check=False,
                env=os.environ | {"MPLBACKEND": "agg"},
            ).stdout
        except subprocess.TimeoutExpired as error:
            done = error.stdout or b""
    lines = done.decode().splitlines(keepends=True)
    return [json.loads(line) for line in lines if line.endswith("\n")]


def public_modules(project: Project, package: str) -> list[str]:
    names = {project.primary_name(path) or "" for path in project.facts if path.endswith(".py")}
    return sorted(
        name
        for name in names
        if name.partition(".")[0] == package
        and not any(part.startswith("_") or part in NOT_PUBLIC for part in name.split("."))
    )


def outcome(found: Resolution) -> str:
    """Why an answer is no claim; empty when it is one."""
    if found.status not in ("certain", "external"):
        return found.status
    return "value" if found.kind in ("value", "module") else ""


def check(
    project: Project, package: str, site: Path, limit: float
) -> tuple[Counter[str], list[str]]:
    """How the answers for one package come out, and those that are wrong or not given."""
    resolver = Resolver(project)
    modules = public_modules(project, package)
    counts: Counter[str] = Counter()
    notes: list[str] = []
    claims: list[list[object]] = []
    listed: Iterable[object] = run(LIST, site, modules, limit)
    for line in listed:
        assert isinstance(line, list)
        module, names = line
        counts["modules" if names is not None else "not imported"] += 1
        for name in names or ():
            found = resolver.resolve(module, name)
            inside = found.status != "external"
            claims.append([module, name, found.module, found.name, inside])
            why = outcome(found)
            if why:
                counts[why] += 1
                notes.append(f"{why}: {module}:{name} -> {found.home} {found.obstacle}")
                claims.pop()
    counts["not imported"] += len(modules) - counts["modules"] - counts["not imported"]
    judgements = run(JUDGE, site, claims, limit)
    judgements += ["not judged"] * (len(claims) - len(judgements))
    for judgement, (module, name, home, home_name, _) in zip(judgements, claims, strict=True):
        counts[str(judgement)] += 1
        if judgement not in RIGHT:
            notes.append(f"{judgement}: {module}:{name} -> {home}:{home_name}")
    return counts, notes


def report(name: str, counts: Counter[str]) -> None:
    figures = {key: n for key, n in counts.items() if key not in ("modules", "not imported")}
    total, right = sum(figures.values()), sum(counts[key] for key in RIGHT)
    print(f"{name}: {counts['modules']} modules ({counts['not imported']} not imported)", end=", ")
    print(f"{total} names, {right / max(total, 1):.2%} right:", end=" ")
    print(", ".join(f"{n} {key}" for key, n in sorted(figures.items())), flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("site", nargs="?", type=Path, default=Path(sysconfig.get_path("purelib")))
    parser.add_argument("--package", action="append", dest="packages", help="instead of the list")
    parser.add_argument("--limit", type=float, default=600, help="seconds for each process")
    parser.add_argument("--verbose", action="store_true", help="list what is not resolved, too")
    options = parser.parse_args()
    start = time.perf_counter()
    project = open_project(options.site.resolve())
    print(f"{len(project.facts)} files in {time.perf_counter() - start:.0f} s", flush=True)
    total: Counter[str] = Counter()
    for package in options.packages or PACKAGES.split():
        if project.find(package) is None:
            continue
        counts, notes = check(project, package, options.site.resolve(), options.limit)
        total += counts
        report(package, counts)
        for note in notes:
            if options.verbose or note.startswith("wrong"):
                print(f"    {note}", flush=True)
    report("total", total)
    return 1 if total["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
