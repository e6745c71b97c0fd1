"""Small projects made at random: whatever is applied to them, everything goes on meaning the same."""

import ast

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

HOMES = {
    "pkg.home": "LIMIT = 'pkg.home limit'\ndef f(): return 'pkg.home f'\nclass Thing:\n    size = 'pkg.home size'\n",
    "pkg.sub.deep": "def g(): return 'pkg.sub.deep g'\ndef f2(): return 'pkg.sub.deep f2'\n",
    "base": "def h(): return 'base h'\nWORD = 'base word'\n",
}
NAMES = {
    "LIMIT": "pkg.home",
    "f": "pkg.home",
    "Thing": "pkg.home",
    "g": "pkg.sub.deep",
    "f2": "pkg.sub.deep",
    "h": "base",
    "WORD": "base",
}
SHIMS = ["pkg.old", "pkg.sub.older", "oldest", "pkg.legacy"]
# How a consumer answers with the name `n` that the expression `e` stands for.
ANSWERS = [
    "{e}",
    "({e}, 1)",
    "f'{{{e}}}' if isinstance({e}, str) else {e}",
    "[{e} for _ in 'ab']",
    "(lambda: {e})()",
    "(lambda home, base: {e})(1, 2)",
]
NOISE = [
    "home = 'mine'\n",
    "base = 3\n",
    "def old(home, pkg=None): return home, pkg\n",
    "class Own:\n    old = 1\n    def legacy(self): return self.old\n",
    "# pkg.old and pkg.sub.older and oldest\n",
    "TEXT = 'see the old things'\n",
    "def probe_noise(oldest='x'): return [oldest.upper() for oldest in oldest]\n",
    "\n\n",
    "import os, sys\n",
    "from collections import abc\n",
    "import base\n",
    "from pkg import home as other_home\n",
    "x: 'int | None' = None\n",
    "if True:\n    import json\n",
    "deep = other = None\n",
]


def shim_source(draw, module, exposed):
    """A shim for names that come from modules before it: exposed -> (module, name)."""
    form = draw(st.sampled_from(["plain", "warn", "lazy", "alias", "table", "grouped"]))
    doc = '"""Kept for backward compatibility."""\n'
    items = [(name, *source) for name, source in exposed.items()]

    def spelled(name, source):
        return source if name == source else f"{source} as {name}"

    if form == "lazy":
        branches = "".join(
            f"    if name == {n!r}:\n        from {m} import {s} as value\n        return value\n"
            for n, m, s in items
        )
        return f"{doc}def __getattr__(name):\n{branches}    raise AttributeError(name)\n"
    if form == "table":
        table = ", ".join(f"{n!r}: ({m!r}, {s!r})" for n, m, s in items)
        return (
            f"{doc}import importlib\n_TABLE = {{{table}}}\ndef __getattr__(name):\n"
            "    if name not in _TABLE:\n        raise AttributeError(name)\n"
            "    module, attribute = _TABLE[name]\n"
            "    return getattr(importlib.import_module(module), attribute)\n"
        )
    if form == "alias":
        lines = "".join(
            f"import {m} as _m{i}\n{n} = _m{i}.{s}\n" for i, (n, m, s) in enumerate(items)
        )
        return f"{doc}{lines}__all__ = {sorted(exposed)!r}\n"
    lines = "".join(f"from {m} import {spelled(n, s)}\n" for n, m, s in items)
    if form == "grouped":
        modules = dict.fromkeys(m for _, m, _ in items)
        lines = "".join(
            f"from {m} import (\n"
            + "".join(f"    {spelled(n, s)},\n" for n, mm, s in items if mm == m)
            + ")\n"
            for m in modules
        )
    warn = (
        "import warnings\nwarnings.warn('old', DeprecationWarning, stacklevel=2)\n"
        if form == "warn"
        else ""
    )
    return f"{doc}{warn}{lines}"


def relative(module, package):
    """How a module is written in a module of a package: with dots, where they share a part."""
    own, other = package.split("."), module.split(".")
    shared = 0
    while shared < min(len(own), len(other)) and own[shared] == other[shared]:
        shared += 1
    return "." * (len(own) - shared + 1) + ".".join(other[shared:]) if shared else module


def reference(draw, number, package, shims):
    """Statements that take one or more names from a shim, and functions that answer with them."""
    shim = draw(st.sampled_from(sorted(shims)))
    names = draw(
        st.lists(st.sampled_from(sorted(shims[shim])), min_size=1, max_size=4, unique=True)
    )
    parent, _, last = shim.rpartition(".")
    form = draw(
        st.sampled_from(
            [
                "from",
                "from as",
                "parentheses",
                "module",
                "module as",
                "from package",
                "function",
                "class",
                "try",
                "method",
                "by name",
            ]
        )
    )
    written = shim
    if package and form in ("from", "parentheses", "function") and draw(st.booleans()):
        written = relative(shim, package)
    local = {name: f"{name}_{number}" for name in names}
    if form in ("from", "function", "try"):
        local = {name: name for name in names}
    listed = ", ".join(n if local[n] == n else f"{n} as {local[n]}" for n in names)
    statement, reach = f"from {written} import {listed}", local
    if form == "parentheses":
        statement = (
            f"from {written} import (\n"
            + "".join(f"    {n} as {local[n]},  # {n}\n" for n in names)
            + ")"
        )
    elif form == "module":
        statement, reach = f"import {shim}", {n: f"{shim}.{n}" for n in names}
    elif form == "module as" or (form == "from package" and not parent):
        statement, reach = f"import {shim} as m{number}", {n: f"m{number}.{n}" for n in names}
    elif form == "from package":
        statement, reach = f"from {parent} import {last}", {n: f"{last}.{n}" for n in names}
    elif form == "by name":
        statement = f"import importlib\nm{number} = importlib.import_module({shim!r})"
        reach = {n: f"m{number}.{n}" for n in names}
    answers = [draw(st.sampled_from(ANSWERS)).format(e=reach[name]) for name in names]
    answer = f"return [{', '.join(answers)}]"
    if form in ("function", "module", "from package") and draw(st.booleans()):
        body = "".join(f"    {line}\n" for line in statement.splitlines())
        return f"def probe_{number}():\n{body}    {answer}\n", ""
    if form == "class":
        body = "".join(f"    {line}\n" for line in statement.splitlines())
        return f"class Holder{number}:\n{body}", (
            f"def probe_{number}(): return [{', '.join(f'Holder{number}.{local[n]}' for n in names)}]\n"
        )
    if form == "method":
        return (
            f"class User{number}:\n    def use(self):\n        {statement}\n        {answer}\n",
            f"def probe_{number}(): return User{number}().use()\n",
        )
    if form == "try":
        statement = f"try:\n    {statement}\nexcept ImportError:\n    raise"
    return f"{statement}\n", f"def probe_{number}(): {answer}\n"


@st.composite
def projects(draw):
    tree = {
        "pkg/__init__.py": "",
        "pkg/sub/__init__.py": "",
        **{f"{m.replace('.', '/')}.py": text for m, text in HOMES.items()},
    }
    known = {(home, name): (home, name) for name, home in NAMES.items()}
    shims = {}
    for shim in SHIMS[: draw(st.integers(1, len(SHIMS)))]:
        sources = draw(
            st.lists(st.sampled_from(sorted(known)), min_size=1, max_size=5, unique=True)
        )
        exposed = {}
        for module, name in sources:
            exposed[name if draw(st.integers(0, 3)) else f"{name}_{len(exposed)}"] = (module, name)
        shims[shim] = exposed
        tree[f"{shim.replace('.', '/')}.py"] = shim_source(draw, shim, exposed)
        known |= {(shim, name): (shim, name) for name in exposed}
    for place in draw(
        st.lists(
            st.sampled_from(["app.py", "tool.py", "pkg/user.py", "pkg/sub/user.py"]),
            min_size=1,
            unique=True,
        )
    ):
        package = place.rpartition("/")[0].replace("/", ".")
        parts = [reference(draw, i, package, shims) for i in range(draw(st.integers(1, 4)))]
        pieces = [first for first, _ in parts]
        for noise in draw(st.lists(st.sampled_from(NOISE), max_size=3, unique=True)):
            pieces.insert(draw(st.integers(0, len(pieces))), noise)
        text = "".join([*pieces, *(second for _, second in parts), "def own(): return 0\n"])
        tree[place] = text
    return tree


def shims_imported(text):
    """The modules that a file still imports from, by name."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(projects())
def test_everything_means_the_same_afterwards(apply, tree):
    applied = apply(tree)
    told = {line.partition(":")[0] for line in applied.skipped}
    for path, text in applied.after.items():
        if path in ("app.py", "tool.py", "pkg/user.py", "pkg/sub/user.py") and path not in told:
            assert not set(shims_imported(text)) & set(SHIMS), (
                f"{path} imports a shim, and nobody says why"
            )


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(projects())
def test_everything_goes_on_without_the_shims_that_are_removed(apply, tree):
    applied = apply(tree, "rewrite-imports", "remove-shims")
    told = {line.partition(":")[0] for line in applied.skipped}
    for path in tree:
        if path.endswith(tuple(f"{s.rpartition('.')[2]}.py" for s in SHIMS)):
            assert path in applied.removed or path in told
