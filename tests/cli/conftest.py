"""A small project with one shim, and a runner for the command line."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from trackfix.cli import cli

FILES = {
    "pyproject.toml": "[project]\nname = 'p'\nversion = '1'\n",
    "lib/__init__.py": "",
    "lib/home.py": "def f():\n    return 1\n\n\ndef g():\n    return 2\n",
    "lib/old.py": '"""Deprecated, moved to lib.home."""\n\nfrom lib.home import f, g\n',
    "lib/facade/__init__.py": "from .part import x\n",
    "lib/facade/part.py": "x = 1\n",
    "app.py": "from lib.old import f\n\nprint(f())\n",
    "README.md": "See lib.old for more.\n",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


@pytest.fixture
def repository(tree: Path) -> Path:
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "x"]):
        name = ["-c", "user.name=t", "-c", "user.email=t@example.invalid"]
        subprocess.run(["git", *name, *arguments], cwd=tree, check=True)
    return tree


@pytest.fixture
def trackfix() -> Callable[..., Result]:
    def run(*arguments: object, **options: object) -> Result:
        return CliRunner().invoke(cli, [str(a) for a in arguments], **options)  # type: ignore[arg-type]

    return run
