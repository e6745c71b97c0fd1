"""Fetch the packages of labels.json and unpack what the labels are about.

    python benchmarks/duplicates/fetch.py FOLDER [--half HALF]

Downloads each wheel with pip, which checks its sha256, and unpacks into ``FOLDER/NAME-VERSION`` its
``.py`` files outside tests, of some packages only those in ``scope``. Nothing of them is installed
or run. A folder that is there already is complete and left as it is. Exits with 2 when a wheel
can't be had or isn't the one that was labelled.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path, PurePosixPath
from typing import Any

LABELS = Path(__file__).with_name("labels.json")
# Wheels only: to read the metadata of an sdist, pip runs its code. What Python a package wants
# doesn't matter, as it is only read.
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet"]
PIP += ["--no-deps", "--only-binary=:all:", "--ignore-requires-python", "--require-hashes"]


def wanted(path: str, scope: list[str]) -> bool:
    """Is this a module outside tests and, if there is a scope, in one of its folders or files?"""
    parts = PurePosixPath(path).parts
    return (
        path.endswith(".py")
        and not {"test", "tests"}.intersection(parts)
        and not parts[-1].startswith(("test_", "conftest"))
        and (not scope or any(path == one or path.startswith(f"{one}/") for one in scope))
    )


def fetch(name: str, package: dict[str, Any], folder: Path) -> None:
    """Download one wheel and unpack it; raises ValueError when that fails or it is another one."""
    target = folder / f"{name}-{package['version']}"
    if target.exists():
        return
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        requirement = Path(scratch, "requirement.txt")
        requirement.write_text(f"{name}=={package['version']} --hash=sha256:{package['sha256']}\n")
        command = [*PIP, "--dest", scratch, "--requirement", str(requirement)]
        done = subprocess.run(command, capture_output=True, text=True)
        wheel = Path(scratch, package["file"])
        if done.returncode or not wheel.is_file():
            errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
            raise ValueError(f"pip can't download {package['file']}: {' '.join(errors[-1:])}")
        if hashlib.sha256(wheel.read_bytes()).hexdigest() != package["sha256"]:
            raise ValueError(f"{package['file']} is not the file that was labelled: other sha256")
        unpacked = Path(scratch, "unpacked")
        unpacked.mkdir()
        with zipfile.ZipFile(wheel) as archive:
            for path in archive.namelist():
                if wanted(path, package["scope"]):
                    archive.extract(path, unpacked)
        unpacked.rename(target)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="where the packages go; made when missing")
    parser.add_argument(
        "--half",
        choices=("tune", "tune2", "tune3", "tune4", "tune5", "test"),
        help="only this half",
    )
    args = parser.parse_args()
    packages = json.loads(LABELS.read_text(encoding="utf-8"))["packages"]
    try:
        args.folder.mkdir(parents=True, exist_ok=True)
        for name, package in packages.items():
            if args.half in (None, package["half"]):
                fetch(name, package, args.folder)
                print(f"{name} {package['version']}", flush=True)
    except (OSError, ValueError, zipfile.BadZipFile) as problem:
        print(f"fetch.py: {problem}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
