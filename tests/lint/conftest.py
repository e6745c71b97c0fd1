"""A small project with a shim, for tests of whole runs."""

import os

import pytest

from trackfix.lint.selection import RuleOptions
from trackfix.lint.session import Session

FILES = {
    "pyproject.toml": "[project]\nname = 'p'\n",
    "lib/__init__.py": "",
    "lib/home.py": "def f():\n    return 1\n\n\ndef g():\n    return 2\n",
    "lib/old.py": '"""Deprecated, moved to lib.home."""\n\nfrom lib.home import f, g\n',
    "app.py": "from lib.old import f\n\nprint(f())\n",
    "README.md": "See lib.old for more.\n",
}
LONG_AGO = 1_700_000_000


@pytest.fixture(scope="session")
def write():
    """Writes files (path -> text or bytes) that were last changed long ago."""

    def run(root, files, when=LONG_AGO):
        for name, data in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data if isinstance(data, bytes) else data.encode())
            os.utime(path, (when, when))

    return run


@pytest.fixture(scope="session")
def project_files():
    """The files of the project."""
    return FILES


@pytest.fixture
def project(tmp_path, write):
    write(tmp_path, FILES)
    return tmp_path


@pytest.fixture
def session(project):
    """Opens the project."""

    def run(*given, contents=None, cached=False, **options):
        chosen_options: dict = {name: tuple(value) for name, value in options.items()}
        chosen = RuleOptions(**chosen_options)
        return Session(project, chosen, [project / p for p in given], contents, cached=cached)

    return run
