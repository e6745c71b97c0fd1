"""The same three renames by ``trackfix apply`` and by libcst's RenameCommand, on mlflow's source.

PACKAGE is the source of mlflow (the folder ``mlflow`` in the target of ``pip install --target``).
Three names are moved to new modules of a copy, as a developer would before renaming. Then the
references are rewritten, round by round: once by trackfix with all three in its settings, and by
one RenameCommand per name, with one job and with libcst's default number of jobs. Afterwards
every module is imported. Exits with 1 below the wanted ratio or when trackfix breaks an import.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

RENAMES = {
    "mlflow.utils.annotations:experimental": "mlflow.utils.stability:experimental",
    "mlflow.utils.file_utils:TempDir": "mlflow.utils.temporary:TempDir",
    "mlflow.utils.uri:append_to_uri_path": "mlflow.utils.uri_paths:append_to_uri_path",
}
TRACKFIX = str(Path(sysconfig.get_path("scripts")) / "trackfix")
LIBCST = [sys.executable, "-m", "libcst.tool"]
RENAME = [*LIBCST, "codemod", "--no-format", "--hide-progress"]
PROBE = str(Path(__file__).with_name("apply_packages.py"))
WANTED = 10.0

Files = Mapping[str, bytes]
Cost = tuple[float, float]


def prepare(package: Path, tree: Path) -> None:
    """A copy with settings for both tools, where the names are moved to their new modules."""
    ignored = shutil.ignore_patterns("__pycache__", "node_modules")
    shutil.copytree(package, tree / "mlflow", ignore=ignored)
    for old, new in RENAMES.items():
        module, _, name = old.partition(":")
        path = tree / (module.replace(".", "/") + ".py")
        text = path.read_text(encoding="utf-8")
        new_path = tree / (new.partition(":")[0].replace(".", "/") + ".py")
        new_path.write_text(text, encoding="utf-8")
        lines = text.splitlines(keepends=True)
        for node in reversed(ast.parse(text).body):
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name:
                first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
                del lines[first - 1 : node.end_lineno]
        path.write_text("".join(lines), encoding="utf-8")
    table = "\n".join(f'"{old}" = "{new}"' for old, new in RENAMES.items())
    settings = f"[tool.trackfix.renames]\n{table}\n"
    (tree / "pyproject.toml").write_text(settings, encoding="utf-8")
    subprocess.run([*LIBCST, "initialize", "."], cwd=tree, check=True, capture_output=True)


def contents(tree: Path) -> Files:
    """What every module holds."""
    return {p.relative_to(tree).as_posix(): p.read_bytes() for p in tree.rglob("*.py")}


def restore(tree: Path, files: Files) -> int:
    """Put the files back as they were; how many were changed."""
    now = contents(tree)
    changed = [name for name, data in files.items() if now.get(name) != data]
    for name in changed:
        (tree / name).write_bytes(files[name])
    shutil.rmtree(tree / ".trackfix", ignore_errors=True)
    return len(changed)


def run(tree: Path, commands: list[list[str]]) -> Cost:
    """Run the commands one after the other; seconds of wall time and of processor time."""

    def used() -> float:
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    start, before = time.perf_counter(), used()
    for command in commands:
        done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
        if done.returncode:
            told = (done.stderr or done.stdout).strip().splitlines()
            print(f"  exit code {done.returncode}: {command[1:5]} {told[-1:]}", flush=True)
    return time.perf_counter() - start, used() - before


def renaming(*options: str) -> list[list[str]]:
    """The three RenameCommands."""
    return [
        [*RENAME, *options, "rename.RenameCommand", "--old_name", old.replace(":", "."),
         "--new_name", new, "mlflow"]
        for old, new in RENAMES.items()
    ]  # fmt: skip


def importable(tree: Path, site: Path) -> set[str]:
    """The modules that can be imported, each in an interpreter of its own."""
    with tempfile.TemporaryDirectory() as home:
        out = Path(home) / "out"
        paths = {"PYTHONPATH": f"{tree}{os.pathsep}{site}", "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, PROBE, "--probe", str(tree), "mlflow", str(out)]
        environment = {**os.environ, **paths, "HOME": home}
        subprocess.run(command, cwd=home, env=environment, capture_output=True, check=False)
        answers = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    return {module for module, error, _ in answers if not error}


def row(tool: str, costs: list[Cost], ours: list[Cost]) -> float:
    """Print the medians of one tool; how many times ours its wall time is, round by round."""
    wall, cpu = (statistics.median(cost[i] for cost in costs) for i in (0, 1))
    by_round = [
        [theirs[i] / mine[i] for theirs, mine in zip(costs, ours, strict=False)] for i in (0, 1)
    ]
    ratios = [statistics.median(values) for values in by_round]
    print(f"{tool:30}{wall:10.1f}{cpu:10.1f}{ratios[0]:12.1f}{ratios[1]:12.1f}", flush=True)
    return ratios[0]


def main() -> None:
    """Interleave the tools for some rounds, then import what they leave."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package", type=Path, help="the folder with mlflow's source")
    parser.add_argument("--site", type=Path, help="where its dependencies are, if not beside it")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    tools = {
        "trackfix apply": [[TRACKFIX, "apply"]],
        "RenameCommand, -j 1": renaming("-j1"),
        f"RenameCommand, -j {os.cpu_count()} (default)": renaming(),
    }
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        prepare(given.package, tree)
        site = (given.site or given.package.parent).resolve()
        files = contents(tree)
        print(f"{len(files)} files, {sum(map(len, files.values())) / 1e6:.1f} MB", flush=True)
        moved = {name.rpartition(":")[0] for name in RENAMES.values()}
        costs: dict[str, list[Cost]] = {tool: [] for tool in tools}
        broken: dict[str, list[str]] = {}
        before = importable(tree, site)
        untouched = importable_before_moving(given.package, site) | moved
        for number in range(given.rounds):
            for tool, commands in tools.items():
                cost = run(tree, commands)
                costs[tool].append(cost)
                if not number:
                    broken[tool] = sorted(untouched - importable(tree, site))
                changed = restore(tree, files)
                told = f"{cost[0]:.1f} s, {cost[1]:.1f} s of CPU, {changed} files changed"
                print(f"round {number + 1}: {tool}: {told}", flush=True)
        print(f"\n{'median seconds':30}{'wall':>10}{'CPU':>10}{'times ours':>12}{'CPU':>12}")
        ours = costs["trackfix apply"]
        ratios = [row(tool, values, ours) for tool, values in costs.items()]
        print(f"\nimportable: {len(untouched)} modules, {len(before)} of them before the rewrite")
        for tool, modules in broken.items():
            print(f"{tool}: {len(modules)} broken {' '.join(modules[:5])}")
        sys.exit(min(ratios[1:]) < WANTED or bool(broken["trackfix apply"]))


def importable_before_moving(package: Path, site: Path) -> set[str]:
    """What could be imported before anything was moved."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "mlflow").symlink_to(package.resolve())
        return importable(Path(folder), site)


if __name__ == "__main__":
    main()
