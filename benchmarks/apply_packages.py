"""Run ``trackfix apply`` on copies of installed packages, and import every module before and after.

Each package in SITE (the target of ``pip install --target SITE ...``) is copied three times:
``shims`` lists the re-export modules that are used most, ``remove`` also removes what nobody needs
then, and ``renames`` moves files and rewrites what named them (not those that a string names, as in
celery's lazy tables: apply tells of these and leaves them). Exits with 1 when a module can no
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
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# Without those whose private modules another installed package imports, such as optuna.
PACKAGES = """
    alembic celery jinja2 kedro kombu marshmallow networkx omegaconf rich starlette typer werkzeug
"""
TRACKFIX = os.path.join(sysconfig.get_path("scripts"), "trackfix")
VARIANTS = ("shims", "remove", "renames")
HEAD = "package variant files moved changed removed edits skipped imports broken altered again sec"
ROW = "{:12}{:9}" + "{:>9}" * 11

Imported = dict[str, tuple[str, dict[str, str]]]


def probe(root: Path, package: str, out: Path) -> None:
    """Import each module as a fresh interpreter would: ``a.b.c`` in a fork of one with ``a.b``."""
    sys.path[:1], sys.argv[:] = [], [""]
    below: dict[str, list[str]] = {}
    for path in sorted((root / package).rglob("*.py")):
        module = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
        names = below.setdefault(module.rpartition(".")[0], [])
        if module.replace(".", "").isidentifier() and path.stem != "__main__":
            names += [module] if module not in names else []
    visit(package, below, os.open(out, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600))


def visit(module: str, below: dict[str, list[str]], log: int) -> None:
    """Import one module, and those below it in forks; write down what became of each."""
    error, public = "", {}
    signal.alarm(120)
    try:
        names = vars(importlib.import_module(module))
        public = {n: identity(value) for n, value in names.items() if not n.startswith("_")}
    except BaseException as problem:
        error = repr(problem)[:300]
    signal.alarm(0)
    os.write(log, f"{json.dumps([module, error, public])}\n".encode())
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
    if isinstance(value, type | types.FunctionType | types.BuiltinFunctionType):
        return f"{value.__module__}:{value.__qualname__}"
    return "" if isinstance(value, types.ModuleType) else f"a {type(value).__name__}"


def import_all(root: Path, site: Path, package: str) -> Imported:
    """For each module the error, if it can't be imported, and its public names."""
    with tempfile.TemporaryDirectory() as home:
        out = Path(home) / "out"
        command = [sys.executable, __file__, "--probe", str(root), package, str(out)]
        paths = {"PYTHONPATH": f"{root}{os.pathsep}{site}", "HOME": home}
        environment = {**os.environ, **paths, "PYTHONWARNINGS": "ignore"}
        subprocess.run(command, cwd=home, env=environment, capture_output=True, check=False)
        lines = out.read_text().splitlines() if out.exists() else []
    return {module: (error, names) for module, error, names in map(json.loads, lines)}


def trackfix(root: Path, *arguments: str) -> Any:
    """The JSON answer of one command."""
    command = [TRACKFIX, *arguments, "--format", "json"]
    return json.loads(subprocess.run(command, cwd=root, stdout=subprocess.PIPE, check=True).stdout)


def copy(site: Path, package: str, root: Path) -> None:
    """A project at ``root`` with nothing but the package; its bundled libraries are linked."""
    shutil.copytree(site / package, root / package)
    for libs in site.glob("*.libs"):
        (root / libs.name).symlink_to(libs)
    (root / "pyproject.toml").write_text("[tool.trackfix]\n")


def starred_modules(root: Path) -> frozenset[str]:
    """The modules with an ``import *``."""
    files = (path for path in root.rglob("*.py") if b"import *" in path.read_bytes())
    parts = (file.relative_to(root).with_suffix("").parts for file in files)
    return frozenset(".".join(part).removesuffix(".__init__") for part in parts)


def choose_shims(root: Path, package: str, count: int) -> list[str]:
    """The re-export modules that scan takes for no shims, and that are used most."""
    found = [
        (entry["references"]["source"] + entry["references"]["tests"], entry["module"])
        for entry in trackfix(root, "scan")["modules"] if entry["class"] in ("facade", "mixed")
        if any(name["home"].startswith(f"{package}.") for name in entry["names"])
    ]  # fmt: skip
    return [module for uses, module in sorted(found, reverse=True)[:count] if uses]


def choose_renames(root: Path, package: str, count: int) -> dict[str, str]:
    """Plain modules that many files import, with the names they get; their files are moved."""
    from trackfix.project.project import Module, absolute, open_project

    project = open_project(root)
    uses: Counter[str] = Counter()
    for path, facts in project.facts.items():
        base = Module(project.primary_name(path) or "", path, facts).package
        uses.update({absolute(i.module, base) or "" for i in facts.imports if i.names})
    texts = "\n".join(path.read_text("utf-8", "replace") for path in root.rglob("*.py"))
    files = {module: root / (module.replace(".", "/") + ".py") for module, _ in uses.most_common()}
    chosen = [
        module for module, file in files.items()
        if module.startswith(f"{package}.") and file.is_file()
        and not file.with_suffix(".pyi").exists() and not file.with_suffix("").is_dir()
        and f"'{module}'" not in texts and f'"{module}"' not in texts
    ]  # fmt: skip
    for module in chosen[:count]:
        files[module].rename(files[module].with_name(f"{files[module].stem}_moved.py"))
    return {module: f"{module}_moved" for module in chosen[:count]}


def compare(
    before: Imported, after: Imported, renames: dict[str, str], starred: frozenset[str]
) -> Iterator[str]:
    """Each difference that must not be. What a star import brought along may go from ``starred``
    modules: the import names what is used, then."""
    for module, (error, names) in before.items():
        if error:
            continue
        new_error, new_names = after.get(renames.get(module, module), ("is gone", {}))
        if new_error:
            yield f"broken {module}: {new_error}"
            continue
        for name, old in names.items():
            owner, colon, rest = old.partition(":")
            if name not in new_names and module in starred:
                continue
            if new_names.get(name, "") != f"{renames.get(owner, owner)}{colon}{rest}":
                yield f"altered {module}.{name}: was '{old}', is '{new_names.get(name)}'"


def run(root: Path, site: Path, variant: str, before: Imported, count: int) -> bool:
    """One variant of one package: print its row and what is wrong; whether all is well."""
    copy(site, root.name, root)
    starred = starred_modules(root)
    shims = [] if variant == "renames" else choose_shims(root, root.name, count)
    renames = choose_renames(root, root.name, count) if variant == "renames" else {}
    table = "".join(f'"{old}" = "{new}"\n' for old, new in renames.items())
    settings = f"[tool.trackfix]\nshims = {shims}\n[tool.trackfix.renames]\n{table}"
    (root / "pyproject.toml").write_text(settings)
    command = ["apply", "--remove-shims"] if variant == "remove" else ["apply"]
    start = time.perf_counter()
    plan, seconds = trackfix(root, *command), time.perf_counter() - start
    again = trackfix(root, *command)
    gone = {path[:-3].replace("/", ".").removesuffix(".__init__") for path in plan["removed"]}
    kept = {module: before[module] for module in before.keys() - gone}
    wrong = sorted(compare(kept, import_all(root, site, root.name), renames, starred))
    numbers = [len(list(root.rglob("*.py"))), len(shims) + len(renames), len(plan["changed"])]
    numbers += [len(plan["removed"]), sum(file["edits"] for file in plan["changed"])]
    numbers += [len(plan["skipped"]), sum(not error for error, _ in kept.values())]
    numbers += [sum(text.startswith(kind) for text in wrong) for kind in ("broken", "altered")]
    more = len(again["changed"]) + len(again["removed"])
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
    site, well = given.site.resolve(), True
    print(ROW.format(*HEAD.split()))
    for package in given.packages:
        with tempfile.TemporaryDirectory() as folder:
            copy(site, package, Path(folder) / "before")
            before = import_all(Path(folder) / "before", site, package)
            for variant in given.variant or VARIANTS:
                root = (given.keep or Path(folder)).resolve() / variant / package
                well &= run(root, site, variant, before, given.count)
    sys.exit(not well)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--probe"]:
        probe(Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
    else:
        main()
