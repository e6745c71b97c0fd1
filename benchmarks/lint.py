"""``trackfix lint`` beside ruff, Fixit and a plain search, in the same run on the same files.

    python benchmarks/lint.py TREE [TREE ...] [--select RULES] [--rounds N] [--fixit PROGRAM]
                              [--rg PROGRAM]

Each TREE is copied and made a project and a git repository of its own. The tools take turns, round
by round: trackfix with its default rules or those of ``--select``, ruff with those that come
nearest (``TID251`` with ``MlflowClient`` banned, ``F401``, ``F821``), a search for the bare word
(ripgrep if given, else grep) as the floor, and Fixit with an equivalent rule, once, on up to a
hundred of the files. *cold* is without a cache, *warm* with those of the runs before, *one file* is
what a commit hook does that runs again, and *edited file* what it does the first time.
Prints medians in seconds, the largest memory, and how many times ruff's time that is (Fixit: times
ours).
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

SCRIPTS = Path(sysconfig.get_path("scripts"))
BANNED = ("mlflow.MlflowClient", "mlflow.tracking.MlflowClient", "mlflow.client.MlflowClient")
SETTINGS = '[tool.ruff]\nextend-exclude = ["fixit_rules"]\n' + "".join(
    f'[tool.ruff.lint.flake8-tidy-imports.banned-api."{name}"]\nmsg = "use the factory"\n'
    for name in BANNED
)
FIXIT_SETTINGS = '[tool.fixit]\nroot = true\nenable = [".fixit_rules"]\ndisable = ["fixit.rules"]\n'
FIXIT_RULE = """
import libcst as cst
import libcst.metadata as meta
from fixit import LintRule

class DirectClient(LintRule):
    METADATA_DEPENDENCIES = (meta.QualifiedNameProvider,)

    def visit_Call(self, node: cst.Call) -> None:
        names = self.get_metadata(meta.QualifiedNameProvider, node.func, set())
        if any(n.name.startswith("mlflow") and n.name.endswith("MlflowClient") for n in names):
            self.report(node, "use the factory")
"""
FIXIT_FILES = 100

Cost = tuple[float, float]


def prepare(source: Path, tree: Path) -> list[str]:
    """Copy a tree; its Python files."""
    ignored = shutil.ignore_patterns("__pycache__", ".git", "*.so", ".trackfix*", "node_modules")
    shutil.copytree(source, tree, ignore=ignored)
    (tree / "pyproject.toml").write_text(SETTINGS + FIXIT_SETTINGS, encoding="utf-8")
    (tree / "fixit_rules").mkdir()
    (tree / "fixit_rules" / "__init__.py").write_text(FIXIT_RULE, encoding="utf-8")
    for arguments in (["init", "--quiet"], ["add", "--all"]):
        subprocess.run(["git", *arguments], cwd=tree, check=True)
    files = sorted(path.relative_to(tree).as_posix() for path in tree.rglob("*.py"))
    # What is only just written is not cached.
    time.sleep(2.1)
    return [path for path in files if not path.startswith("fixit_rules/")]


def run(tree: Path, command: list[str]) -> Cost:
    """Seconds of wall time and the largest memory in MB of a command that may find something."""
    start = time.perf_counter()
    # An installed program has its modules compiled.
    environment = {n: v for n, v in os.environ.items() if n != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(
        command,
        cwd=tree,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - start
    if process.returncode not in (0, 1):
        sys.exit(f"{' '.join(command[:4])} failed: {errors[-500:]}")
    return seconds, usage.ru_maxrss / 1024


def clear(tree: Path) -> None:
    """Drop the caches of both tools."""
    for name in (".trackfix_cache", ".ruff_cache"):
        shutil.rmtree(tree / name, ignore_errors=True)


def edit(path: Path) -> None:
    """Add a comment to a file, as if that was some time ago."""
    with path.open("a", encoding="utf-8") as file:
        file.write("# edited\n")
    earlier = time.time() - 60 + path.stat().st_size % 60
    os.utime(path, (earlier, earlier))


def measure(tree: Path, files: list[str], given: argparse.Namespace) -> dict[str, list[Cost]]:
    """All tools in turn, round by round."""
    rules = ["--select", given.select] if given.select else []
    trackfix = [str(SCRIPTS / "trackfix"), "lint", "--statistics", *rules]
    ruff = [str(SCRIPTS / "ruff"), "check", "--quiet", "--select", "TID251,F401,F821"]
    dense = [path for path in files if b"MlflowClient" in (tree / path).read_bytes()]
    one = (dense or files)[len(dense or files) // 2]
    some = (dense + files)[:FIXIT_FILES]
    tools: list[tuple[str, list[str], str]] = [
        ("ruff, cold", [*ruff, "--no-cache"], "clear"),
        ("trackfix, cold", [*trackfix, "--no-cache"], "clear"),
        ("(fill) ruff", ruff, ""),
        ("(fill) trackfix", trackfix, ""),
        # The folder that was made for the cache is only just written, too.
        ("(pause)", [sys.executable, "-c", "import time; time.sleep(2.1)"], ""),
        ("(fill) trackfix", trackfix, ""),
        ("ruff, warm", ruff, ""),
        ("trackfix, warm", trackfix, ""),
        ("Python alone", [sys.executable, "-c", "pass"], ""),
        ("ruff, edited file", [*ruff, one], "edit"),
        ("trackfix, edited file", [*trackfix, one], "edit"),
        ("ruff, one file", [*ruff, one], ""),
        ("(fill) trackfix", [*trackfix, one], ""),
        ("trackfix, one file", [*trackfix, one], ""),
    ]
    search = (
        [given.rg, "-l", "-tpy", "--no-ignore"] if given.rg else ["grep", "-rl", "--include=*.py"]
    )
    tools.append(("search for the word", [*search, "MlflowClient", "."], ""))
    if given.fixit:
        tools.append(("trackfix, 100 files", [*trackfix, "--no-cache", *some], ""))
        tools.append(("Fixit, 100 files", [given.fixit, "lint", *some], ""))
    costs: dict[str, list[Cost]] = {}
    for number in range(given.rounds):
        for name, command, before in tools:
            if before == "clear":
                clear(tree)
            if before == "edit":
                edit(tree / one)
            if name.startswith("Fixit") and number:
                continue  # once is long enough
            costs.setdefault(name, []).append(run(tree, command))
    return costs


def report(costs: dict[str, list[Cost]]) -> None:
    """Medians, memory, and the ratio to the peer in the same state."""
    middle = {name: statistics.median(cost[0] for cost in found) for name, found in costs.items()}
    for name, seconds in middle.items():
        if name.startswith("("):
            continue
        tool, _, state = name.partition(", ")
        peer = middle.get(f"ruff, {state}" if tool == "trackfix" else f"trackfix, {state}")
        is_compared = peer is not None and tool in ("trackfix", "Fixit")
        note = f"{seconds / (peer or 1):.2f} x {'ruff' if tool == 'trackfix' else 'trackfix'}"
        memory = max(cost[1] for cost in costs[name])
        told = note if is_compared else ""
        print(f"  {name:22}{seconds:9.3f} s{memory:8.0f} MB   {told}", flush=True)


def main() -> None:
    """Measure on every tree."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("trees", nargs="+", type=Path)
    parser.add_argument("--select", help="rules of trackfix, as its option of this name")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--fixit", help="the program, if it is to be measured")
    parser.add_argument("--rg", help="the program, if it is to be measured")
    given = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for source in given.trees:
        with tempfile.TemporaryDirectory() as folder:
            tree = Path(folder) / source.name
            files = prepare(source.resolve(), tree)
            size = sum((tree / path).stat().st_size for path in files) / 1e6
            print(f"{source.name}: {len(files)} files, {size:.1f} MB", flush=True)
            report(measure(tree, files, given))


if __name__ == "__main__":
    main()
