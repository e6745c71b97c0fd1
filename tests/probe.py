"""Imports every module of two states of a project, and tells what each of them is made of.

Run as a script, it reads lines of JSON and prints a line for each, which is empty if what was
imported has ended the process. Each is read in a process of its own, forked from this one, which
has imported nothing: to start one anew takes ten times as long.
"""

import ast
import importlib
import json
import os
import sys
import warnings
from pathlib import Path
from types import ModuleType


def describe(value, depth=0):
    """What an object is, in words that are equal in both states when it means the same."""
    if isinstance(value, ModuleType):
        return "module"
    if isinstance(value, str) and value.replace(".", "").isidentifier():
        return "a word"  # it may be the name of a module
    if isinstance(value, (list, tuple, set, frozenset)) and depth < 3:
        parts = [describe(item, depth + 1) for item in value]
        return f"{type(value).__name__}{sorted(parts) if isinstance(value, set) else parts}"
    if isinstance(value, dict) and depth < 3:
        return "dict" + str([(repr(k), describe(v, depth + 1)) for k, v in value.items()])
    for inner in (value, type(value)):
        if hasattr(inner, "__qualname__"):
            name = f"{inner.__module__}.{inner.__qualname__}"
            return name if inner is value else f"{name}: {plain(value)}"
    return plain(value)


def plain(value):
    text = repr(value)
    return "object" if " at 0x" in text else text


def outcome(function):
    try:
        return describe(function())
    except AssertionError:
        raise
    except BaseException as error:
        return f"raises {type(error).__name__}"


def read_module(name, tests):
    """The names of a module, the answers of its probes and the outcomes of its tests."""
    try:
        module = importlib.import_module(name)
    except BaseException as error:
        return {"error": f"{type(error).__name__}: {error}"}
    names = {
        key: describe(value)
        for key, value in vars(module).items()
        if not (key.startswith("__") and key.endswith("__")) or key == "__all__"
    }
    answers = {}
    for key, value in list(vars(module).items()):
        own = callable(value) and getattr(value, "__module__", None) == name
        if own and key.startswith("probe"):
            answers[key] = outcome(value)
        elif own and key.startswith("test_") and tests:
            try:
                value()
                answers[key] = "passed"
            except Exception as error:
                answers[key] = f"{type(error).__name__}: {error}"
    return {"names": names, "answers": answers}


def failing_imports(name, path):
    """The imports of a file, wherever they stand, that do not find what they name."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    failing = []
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            wanted = [(alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            written = "." * node.level + (node.module or "")
            wanted = [(written, alias.name) for alias in node.names]
        else:
            continue
        for module, member in wanted:
            try:
                found = importlib.import_module(module, package or None)
                if member not in ("", "*") and not hasattr(found, member):
                    importlib.import_module(f"{found.__name__}.{member}")
            except BaseException:
                failing.append([module, member])
    return failing


def read_state(state, tests):
    """Everything that one state says when it is imported."""
    root = Path(state["root"])
    known, path = set(sys.modules), list(sys.path)
    sys.path[:0] = [str(root / folder) for folder in state["roots"]]
    importlib.invalidate_caches()
    found = {name: read_module(name, tests) for name in state["modules"]}
    failing = {name: failing_imports(name, root / file) for name, file in state["changed"].items()}
    sys.path[:] = path
    for name in set(sys.modules) - known:
        del sys.modules[name]
    return {"modules": found, "failing": failing}


def own_stream(number, mode):
    """A stream for us alone: what is imported finds an empty one in its place."""
    stream = os.fdopen(os.dup(number), mode)
    os.dup2(os.open(os.devnull, os.O_RDWR), number)
    return stream


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    warnings.simplefilter("ignore")
    orders, answers = own_stream(0, "r"), own_stream(1, "w")
    for line in orders:
        if os.fork() == 0:
            order = json.loads(line)
            found = [read_state(state, order["tests"]) for state in order["states"]]
            print(json.dumps(found), end="", file=answers, flush=True)
            os._exit(0)
        os.wait()
        print(file=answers, flush=True)
