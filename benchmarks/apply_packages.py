"""Run ``trackfix apply`` on copies of installed packages, and import every module before and after.

Each package in SITE (the target of ``pip install --target SITE ...``) is copied three times:
``shims`` lists the re-export modules that are used most, ``remove`` also removes what nobody needs
then, and ``renames`` moves files and rewrites what named them. Exits with 1 when a module can no
longer be imported, a public name means another object, or a second run changes anything.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
import types
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PACKAGES = "alembic celery dask django fontTools kedro kombu matplotlib mlflow networkx optuna rich"
PACKAGES += " scipy sklearn sqlalchemy werkzeug"
TRACKFIX = str(Path(sysconfig.get_path("scripts")) / "trackfix")
VARIANTS = ("shims", "remove", "renames")
IMPORT_SECONDS = 120
HEAD = "package variant files moved changed removed edits skipped imports broken altered again sec"
ROW = "{:12}{:9}" + "{:>9}" * 11

Imported = dict[str, tuple[str, dict[str, str]]]


def modules_of(root: Path, package: str) -> Iterator[str]:
    """The dotted names of all modules below ``root/package``."""
    for path in sorted((root / package).rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        parts = parts[:-1] if parts[-1] == "__init__" else parts
        if all(part.isidentifier() for part in parts) and parts[-1] != "__main__":
            yield ".".join(parts)


def probe(root: Path, package: str, out: Path) -> None:
    """Import each module as a fresh interpreter would: ``a.b.c`` in a fork of one with ``a.b``."""
    sys.path.pop(0)
    sys.argv[:] = [""]
    warnings.simplefilter("ignore")
    below: dict[str, list[str]] = {}
    for module in dict.fromkeys(modules_of(root, package)):
        below.setdefault(module.rpartition(".")[0], []).append(module)
    visit(package, below, os.open(out, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600))


def visit(module: str, below: dict[str, list[str]], log: int) -> None:
    """Import one module, and those below it in forks; write down what became of each."""
    error, names = "", {}
    signal.alarm(IMPORT_SECONDS)
    try:
        names = dict(vars(importlib.import_module(module)))
    except BaseException as problem:
        error = repr(problem)[:300]
    signal.alarm(0)
    public = {n: identity(value) for n, value in names.items() if not n.startswith("_")}
    os.write(log, (json.dumps([module, error, public]) + "\n").encode())
    for child in () if error else below.get(module, ()):
        process = os.fork()
        if process == 0:
            try:
                visit(child, below, log)
            finally:
                os._exit(0)
        os.waitpid(process, 0)


def identity(value: object) -> str:
    """What must stay the same of an object; nothing for modules, which imports add and rename."""
    if isinstance(value, types.ModuleType):
        return ""
    if isinstance(value, type | types.FunctionType | types.BuiltinFunctionType):
        return f"{value.__module__}:{value.__qualname__}"
    return f"a {type(value).__name__}"


def import_all(root: Path, site: Path, package: str) -> Imported:
    """For each module the error, if it can't be imported, and its public names."""
    with tempfile.TemporaryDirectory() as home:
        out = Path(home) / "out"
        paths = {"PYTHONPATH": f"{root}{os.pathsep}{site}", "PYTHONDONTWRITEBYTECODE": "1"}
        threads = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        command = [sys.executable, __file__, "--probe", str(root), package, str(out)]
        environment = {**os.environ, **paths, **threads, "HOME": home}
        subprocess.run(command, cwd=home, env=environment, capture_output=True, check=False)
        lines = out.read_text().splitlines() if out.exists() else []
    return {module: (error, names) for module, error, names in map(json.loads, lines)}


def trackfix(root: Path, *arguments: str) -> dict[str, Any]:
    """The JSON answer of one command."""
    command = [TRACKFIX, *arguments, "--format", "json"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{root.name}: {' '.join(arguments)} failed\n{done.stderr[-3000:]}")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def copy(site: Path, package: str, root: Path) -> None:
    """A project at ``root`` with nothing but the package; its bundled libraries are linked."""
    shutil.copytree(site / package, root / package)
    for libraries in site.glob("*.libs"):
        (root / libraries.name).symlink_to(libraries)
    (root / "pyproject.toml").write_text("[tool.trackfix]\n")


def choose_shims(root: Path, package: str, count: int) -> list[str]:
    """The re-export modules that scan takes for no shims, and that are used most."""
    found = []
    for entry in trackfix(root, "scan")["modules"]:
        inside = any(name["home"].startswith(f"{package}.") for name in entry["names"])
        uses = entry["references"]["source"] + entry["references"]["tests"]
        if entry["class"] in ("facade", "mixed") and inside and uses:
            found.append((uses, entry["module"]))
    return [module for _, module in sorted(found, reverse=True)[:count]]


def choose_renames(root: Path, package: str, count: int) -> dict[str, str]:
    """Plain modules that many files import, with the names they get; their files are moved."""
    from trackfix.project.project import Module, absolute, open_project

    project = open_project(root)
    uses: Counter[str] = Counter()
    for path, facts in project.facts.items():
        base = Module(project.primary_name(path) or "", path, facts).package
        uses.update({absolute(i.module, base) or "" for i in facts.imports if i.names})
    renames: dict[str, str] = {}
    for module, _ in uses.most_common():
        file = root / (module.replace(".", "/") + ".py")
        twins = file.with_suffix(".pyi").exists() or file.with_suffix("").is_dir()
        if module.startswith(f"{package}.") and file.is_file() and not twins:
            file.rename(file.with_name(f"{file.stem}_moved.py"))
            renames[module] = f"{module}_moved"
        if len(renames) == count:
            break
    return renames


def compare(before: Imported, after: Imported, renames: dict[str, str]) -> Iterator[str]:
    """Each difference that must not be."""
    for module, (error, names) in before.items():
        if error:
            continue
        new_error, new_names = after.get(renames.get(module, module), ("is gone", {}))
        if new_error:
            yield f"broken {module}: {new_error}"
            continue
        for name, kind in names.items():
            owner, colon, rest = kind.partition(":")
            old, new = f"{renames.get(owner, owner)}{colon}{rest}", new_names.get(name, "")
            if new != old:
                yield f"altered {module}.{name}: was '{old}', is '{new}'"


def run(root: Path, site: Path, variant: str, before: Imported, count: int) -> bool:
    """One variant of one package: print its row and what is wrong; whether all is well."""
    copy(site, root.name, root)
    shims = [] if variant == "renames" else choose_shims(root, root.name, count)
    renames = choose_renames(root, root.name, count) if variant == "renames" else {}
    pairs = ", ".join(f'"{old}" = "{new}"' for old, new in renames.items())
    settings = f"[tool.trackfix]\nshims = {json.dumps(shims)}\nrenames = {{ {pairs} }}\n"
    (root / "pyproject.toml").write_text(settings)
    options = ["--remove-shims"] if variant == "remove" else []
    start = time.perf_counter()
    plan = trackfix(root, "apply", *options)
    seconds = time.perf_counter() - start
    again = trackfix(root, "apply", *options)
    gone = {path[:-3].replace("/", ".").removesuffix(".__init__") for path in plan["removed"]}
    kept = {module: state for module, state in before.items() if module not in gone}
    wrong = list(compare(kept, import_all(root, site, root.name), renames))
    more = len(again["changed"]) + len(again["removed"])
    edits = sum(file["edits"] for file in plan["changed"])
    numbers = [sum(1 for _ in root.rglob("*.py")), len(shims) + len(renames), len(plan["changed"])]
    numbers += [len(plan["removed"]), edits, len(plan["skipped"])]
    numbers += [sum(not error for error, _ in kept.values())]
    numbers += [sum(text.startswith(kind) for text in wrong) for kind in ("broken", "altered")]
    print(ROW.format(root.name, variant, *numbers, more, f"{seconds:.1f}"), flush=True)
    print("".join(f"    {text}\n" for text in wrong[:20]), end="", flush=True)
    return not (wrong or more)


def main() -> None:
    """Read the arguments, run every package in every variant."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site", type=Path)
    parser.add_argument("packages", nargs="*", default=PACKAGES.split())
    parser.add_argument("--variant", choices=VARIANTS, action="append")
    parser.add_argument("--count", type=int, default=8, help="shims or renames per package")
    parser.add_argument("--keep", type=Path, help="leave the edited copies in this folder")
    given = parser.parse_args()
    site = given.site.resolve()
    print(ROW.format(*HEAD.split()))
    well = True
    for package in given.packages:
        with tempfile.TemporaryDirectory() as folder:
            plain = Path(folder) / "before" / package
            copy(site, package, plain)
            before = import_all(plain, site, package)
            work = (given.keep or Path(folder)).resolve()
            for variant in given.variant or VARIANTS:
                well &= run(work / variant / package, site, variant, before, given.count)
    sys.exit(not well)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--probe"]:
        probe(Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
    else:
        main()
