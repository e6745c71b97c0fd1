"""Kill ``trackfix apply --remove-shims`` with SIGKILL at random moments; is the project whole?

Works on a committed copy of fixtures/legacy_training. Two rounds of three strike while the files
are written, the others anywhere in the run. After each kill the next command, by turns ``undo``
and ``apply``, must leave every file as before or every file as after, and nothing else behind.
Prints how often that was so; exits with 1 when it once was not.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections import Counter
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1] / "fixtures" / "legacy_training"
TRACKFIX = str(Path(sysconfig.get_path("scripts")) / "trackfix")
APPLY = [TRACKFIX, "apply", "--remove-shims"]
RECOVERIES = ([TRACKFIX, "undo"], [*APPLY, "--allow-dirty"])
GIT = ["git", "-c", "user.name=kill", "-c", "user.email=kill@example.invalid"]
GIT += ["-c", "commit.gpgsign=false", "-c", "core.autocrlf=false", "-c", "core.hooksPath=/dev/null"]
STAGES = ("preparing", "committing", "committed", "discarded", "last")
KEPT = {".gitignore", "lock", "last"}

State = dict[str, tuple[int, bytes]]


def state(tree: Path) -> State:
    """Mode and contents of every file and folder, less git's and trackfix's own."""
    found: State = {}
    for folder, folders, files in os.walk(tree):
        if Path(folder) == tree:
            folders[:] = [name for name in folders if name not in (".git", ".trackfix")]
        for name in (*folders, *files):
            path = Path(folder, name)
            content = path.read_bytes() if path.is_file() else b""
            found[path.relative_to(tree).as_posix()] = (path.stat().st_mode, content)
    return found


def reset(tree: Path, origin: Path) -> None:
    """Put everything but .git back as it was."""
    for path in tree.iterdir():
        if path.is_dir() and path.name != ".git":
            shutil.rmtree(path)
        elif path.is_file():
            path.unlink()
    shutil.copytree(origin, tree, dirs_exist_ok=True)


def stage(tree: Path) -> str:
    """How far the journal says that the transaction is."""
    return next((name for name in STAGES if (tree / ".trackfix" / name).exists()), "planning")


def start(tree: Path) -> subprocess.Popen[bytes]:
    """An apply in the tree."""
    return subprocess.Popen(
        APPLY, cwd=tree, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT
    )


def await_stage(tree: Path, process: subprocess.Popen[bytes], *others: str) -> None:
    """Return when the apply is at none of these stages any more, or has ended."""
    while stage(tree) in others and process.poll() is None:
        time.sleep(0.0002)


def recover(tree: Path, command: list[str]) -> str:
    """Run the next command; its first line."""
    done = subprocess.run(
        command, cwd=tree, capture_output=True, text=True, check=False, env=ENVIRONMENT
    )
    said = (done.stderr or done.stdout).strip()
    if "Traceback" in said:
        return said.splitlines()[-1]
    told = "interrupted" in said or "nothing to undo" in said
    return said.splitlines()[0].partition(" (")[0].rpartition(": ")[2] if told else "no need"


def leftovers(tree: Path) -> list[str]:
    """What is in trackfix's own folder that ought not to stay."""
    return sorted({path.name for path in (tree / ".trackfix").glob("*")} - KEPT)


def main() -> None:
    """Measure one whole run, then kill the others."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as folder:
        origin, tree = Path(folder, "origin"), Path(folder, "tree")
        shutil.copytree(PROJECT, origin, ignore=shutil.ignore_patterns("__pycache__", ".*_cache"))
        shutil.copytree(origin, tree)
        for step in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "As it was"]):
            subprocess.run([*GIT, *step], cwd=tree, check=True, env=ENVIRONMENT)
        sides = {"before": state(tree)}
        begun = time.perf_counter()
        process = start(tree)
        await_stage(tree, process, "planning")
        planned = time.perf_counter()
        await_stage(tree, process, "preparing", "committing", "committed")
        writing = time.perf_counter() - planned
        if process.wait():
            sys.exit("kill: apply fails even when it is left alone")
        whole = time.perf_counter() - begun
        sides["after"] = state(tree)
        print(f"one run takes {whole:.2f} s, of which it writes {writing:.3f} s", flush=True)
        struck: Counter[str] = Counter()
        found: Counter[str] = Counter()
        ways: Counter[str] = Counter()
        wrong: list[str] = []
        for number in range(given.rounds):
            reset(tree, origin)
            process = start(tree)
            if number % 3:
                await_stage(tree, process, "planning")
                time.sleep(chance.uniform(0, writing))
            else:
                time.sleep(chance.uniform(0, whole))
            process.send_signal(signal.SIGKILL)
            ended = process.wait() == 0
            now = state(tree)
            side = next((name for name, files in sides.items() if files == now), "in between")
            at = "too late" if ended else stage(tree)
            struck[at] += 1
            way = recover(tree, RECOVERIES[number % 2])
            end = next((name for name, files in sides.items() if files == state(tree)), "mixed")
            found[f"{side} -> {end}"] += 1
            ways[way] += 1
            if end == "mixed" or leftovers(tree):
                wrong.append(f"round {number}: killed {at}, {end}, left {leftovers(tree)}, {way}")
        for title, counts in (
            ("killed while", struck), ("tree after the kill -> after one command", found),
            ("that command said", ways),
        ):  # fmt: skip
            print(title, dict(counts.most_common()), sep=": ")
        print(f"{given.rounds} kills, {len(wrong)} left the project torn or littered")
        print("\n".join(wrong))
        sys.exit(bool(wrong))


# The copy's repository is its own: no setting of an outer git reaches it.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
ENVIRONMENT["PYTHONDONTWRITEBYTECODE"] = "1"

if __name__ == "__main__":
    main()
