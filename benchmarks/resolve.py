"""Hold the resolver against Python itself: does it know where installed packages define things?

    python benchmarks/resolve.py [SITE_PACKAGES] [--package NAME ...] [--verbose]

Takes every public function and class of every public module of the packages, as a running Python
sees it, and compares where it says that it comes from with where `Resolver` says so.

An answer is *right* when it is the object's own `__module__` and `__qualname__`. Many packages
overwrite those (`numpy.set_module`); then the answer is *right by identity* when the home's
attribute is the very same object and its code lies in the home's file, or *same object* when it
has no Python code to look for (or a decorator's). A *value* is no claim about a function or class.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

from trackfix.project.config import Config
from trackfix.project.project import Project
from trackfix.project.resolution import Resolution, Resolver
from trackfix.source.discovery import discover

PACKAGES = """
    aiohttp alembic attr celery click dask django fastapi flask fsspec httpx jinja2 joblib kedro
    marshmallow matplotlib mlflow networkx numpy omegaconf optuna pandas pydantic pytest requests
    rich scipy sklearn sqlalchemy starlette sympy tornado typer urllib3 werkzeug
""".split()
TIME_LIMIT = 900
OUTCOMES = ("right", "by identity", "same object", "wrong")

# Runs in the interpreter that has the packages: reads queries, one module per line with the
# claimed home of each name, and prints what Python says of them.
PROBE = r"""
import importlib, inspect, json, os, sys, warnings
warnings.simplefilter("ignore")
site, wanted, answers = sys.argv[1:4]
sys.path.insert(0, site)
sys.setrecursionlimit(5000)

def load(name):
    try:
        return importlib.import_module(name)
    except BaseException:
        return None

def lies_in(obj, module):
    try:
        code = inspect.getsourcefile(inspect.unwrap(obj))
    except (TypeError, OSError, ValueError):
        return None
    own = getattr(module, "__file__", None)
    if not code or not own:
        return None
    return os.path.realpath(code) == os.path.realpath(own)

def judge(obj, home, name):
    if home == obj.__module__ and name == getattr(obj, "__qualname__", None):
        return "right"
    module = load(home)
    if module is None or getattr(module, name, judge) is not obj:
        return "wrong"
    there = lies_in(obj, module)
    if there:
        return "by identity"
    builtin = there is None or not hasattr(inspect.unwrap(obj), "__code__")
    return "same object" if builtin or hasattr(obj, "__wrapped__") else "elsewhere"
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("site", nargs="?", type=Path, default=Path(sysconfig.get_path("purelib")))
    parser.add_argument("--package", action="append", dest="packages")
    parser.add_argument("--verbose", action="store_true")
    parser.parse_args()
    return 0


if __name__ == "__main__":
    sys.exit(main())
