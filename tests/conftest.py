"""The harness for codemods: a tree of files is rewritten, and the result held to its promises.

See ``apply``: whatever a test is about, every tree that goes through it is checked for all that
an edit promises, and both states are imported to see that every name still means the same.
"""

import ast
import difflib
import functools
import io
import itertools
import json
import re
import subprocess
import sys
import textwrap
import tokenize
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import pytest

from trackfix.project.modules.roots import module_name
from trackfix.project.project import open_project
from trackfix.project.references.moves import find_moves
from trackfix.rewrite.codemod import load_codemods
from trackfix.rewrite.plan import Plan, make_plan

PROBE = Path(__file__).parent / "probe.py"
# What lines of references to mlflow's client class, or to a client factory, say.
CLIENT_WORDS = {"MlflowClient", r"\w*_client", "mlflow"}


@dataclass(frozen=True)
class Applied:
    """What came of one apply. ``after`` holds all files, ``changed`` those that the plan names;
    what it removes is None there."""

    root: Path
    plan: Plan
    before: dict[str, bytes]
    after: dict[str, bytes]

    def __getitem__(self, path):
        """A file afterwards, as text."""
        return self.after[path].decode()

    @property
    def changed(self):
        return {f.path: f.after if f.after is None else f.after.decode() for f in self.plan.files}

    @property
    def removed(self):
        return [file.path for file in self.plan.files if file.after is None]

    @property
    def skipped(self):
        """What was left alone and why, a line each."""
        return [f"{s.path}:{s.line}: {s.reason}" for s in self.plan.skipped]

    @property
    def remaining(self):
        return [f"{m.path}:{m.line}: {m.text}" for m in self.plan.remaining]


def as_bytes(source):
    """Sources are written with the indent of the test around them."""
    return source if isinstance(source, bytes) else textwrap.dedent(source).lstrip("\n").encode()


def write_tree(root, tree):
    for path, data in tree.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)


@pytest.fixture(scope="session")
def apply(tmp_path_factory):
    """Applies codemods to a tree (path -> source) and checks all that is promised of every edit.

    ``same=False`` leaves out the proof by importing, for trees that can't be imported;
    ``tests=True`` also runs the functions ``test_*`` of both states, which must pass in both.
    ``installed`` are files beside the project that both states can import; ``words`` are further
    ones that lines with a reference may say, and ``may_go`` imported names that modules may lose.
    """

    def run(
        tree,
        *names,
        unsafe=False,
        same=True,
        tests=False,
        roots=("",),
        installed=None,
        words=(),
        may_go=(),
    ):
        before = {path: as_bytes(source) for path, source in tree.items()}
        root = tmp_path_factory.mktemp("tree")
        write_tree(root / "before", before)
        write_tree(root / "site", {p: as_bytes(source) for p, source in (installed or {}).items()})
        codemods = list(load_codemods(names or ("rewrite-imports",)))
        project = open_project(root / "before")
        plan = make_plan(project, codemods, unsafe=unsafe)
        after = before | {f.path: f.after for f in plan.files}
        after = {path: data for path, data in after.items() if data is not None}
        write_tree(root / "after", after)
        named = last_parts(find_moves(project)[0]) | CLIENT_WORDS | set(words)
        for file in plan.files:
            assert file.before == before[file.path]
            if file.after is not None:
                check_bytes(file.path, file.before, file.after, named)
        again = make_plan(open_project(root / "after"), codemods, unsafe=unsafe)
        assert not again.files, f"a second run changes {again.files}"
        if same:
            check_meaning(root, before, after, roots, tests=tests, may_go=may_go)
        return Applied(root / "after", plan, before, after)

    return run


# Shims of every test that is about references: what is found in lib.old and flat_old is defined
# in lib.home, lib.other and flat_home.
LIBRARY = {
    "lib/__init__.py": "",
    "lib/home.py": """
        LIMIT = 10
        class Thing:
            size = 1
            @classmethod
            def make(cls): return cls()
        def f(*args): return "f"
        def g(*args): return "g"
    """,
    "lib/other.py": 'def h(*args): return "h"\n',
    "lib/old.py": '''
        """Kept for backward compatibility."""
        from lib.home import LIMIT, Thing, f, g
        from lib.other import h

        __all__ = ["LIMIT", "Thing", "f", "g", "h"]
    ''',
    "flat_home.py": 'def run(*args): return "run"\ndef stop(*args): return "stop"\n',
    "flat_old.py": '"""Deprecated."""\nfrom flat_home import run, stop\n',
}


@pytest.fixture(scope="session")
def library():
    """The files of the library of shims."""
    return LIBRARY


@pytest.fixture(scope="session")
def rewrite(apply):
    """The text of ``app.py`` beside the library of shims, after ``rewrite-imports``.

    ``path`` puts it elsewhere; ``files`` are added to the tree.
    """

    def run(source, *, path="app.py", files=None, **options):
        applied = apply({**LIBRARY, **(files or {}), path: source}, **options)
        untouched = applied.before | {path: applied.after[path]}
        assert applied.after == untouched, "only the file in question was to change"
        text = applied.after[path]
        return text if isinstance(source, bytes) else text.decode()

    return run


@pytest.fixture(scope="session")
def left_alone(apply):
    """Why nothing of ``app.py`` was changed beside the library of shims, a line each."""

    def run(source, *, path="app.py", files=None, **options):
        applied = apply({**LIBRARY, **(files or {}), path: source}, **options)
        assert applied.changed == {}
        return [
            line.removeprefix(f"{path}:") for line in applied.skipped if line.startswith(f"{path}:")
        ]

    return run


@pytest.fixture(scope="session")
def d():
    """Takes the indent of the test off an expected source."""
    return lambda source: as_bytes(source).decode()


# The promises that each edit makes


def last_parts(moves):
    """The last component of every name of a moved module: no reference lacks it."""
    names = {*moves.module_renames, *moves.symbol_renames}
    for entry in moves.by_key.values():
        names.update(moves.names_of(entry))
    return frozenset(name.rpartition(".")[2] for name in names)


def check_bytes(path, before, after, words):
    """Newlines, encoding, BOM and every line that has no reference in it are as they were."""
    if path.endswith(".ipynb"):
        check_notebook(json.loads(before), json.loads(after))
        return
    ast.parse(after)
    assert encoding(before) == encoding(after)
    for mark in (b"\xef\xbb\xbf", b"\x0c"):
        assert before.count(mark) == after.count(mark)
    assert before.endswith((b"\n", b"\r")) == after.endswith((b"\n", b"\r"))
    assert newlines(after) <= newlines(before)
    old, new = before.splitlines(True), after.splitlines(True)
    imports, names = read_imports(before)
    pattern = re.compile(rf"\b({'|'.join(words | names)})\b")
    for kind, start, end, _, _ in difflib.SequenceMatcher(None, old, new, False).get_opcodes():
        for number in range(start + 1, end + 1):
            line = old[number - 1]
            named = b"".join(old[number - 1 : number + 1]).decode("latin-1")
            meant = number in imports or not line.strip() or pattern.search(named)
            assert meant or kind == "equal", f"{path}:{number} has no reference: {line!r}"


def encoding(data):
    return tokenize.detect_encoding(io.BytesIO(data).readline)[0]


def newlines(data):
    kinds = {
        b"\r\n": data.count(b"\r\n"),
        b"\n": data.replace(b"\r\n", b"").count(b"\n"),
        b"\r": data.replace(b"\r\n", b"").count(b"\r"),
    }
    return {kind for kind, count in kinds.items() if count}


def read_imports(data):
    """The lines of imports and of try statements around them, and the names they bind."""
    lines, names = set(), set()
    for node in ast.walk(ast.parse(data)):
        if isinstance(node, ast.Try):
            lines |= {node.lineno, *(handler.lineno for handler in node.handlers)}
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            lines |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
            names |= {alias.asname for alias in node.names if alias.asname}
    return lines, names


def check_notebook(before, after):
    """Nothing but the sources of cells may differ."""
    assert len(before["cells"]) == len(after["cells"])
    for notebook in (before, after):
        for cell in notebook["cells"]:
            del cell["source"]
    assert before == after


def check_meaning(root, before, after, roots, *, tests, may_go):
    """All that could be imported still can be, and all names and probes answer as they did."""
    states, modules_of = [], {}
    for folder, tree in (("before", before), ("after", after)):
        modules = {
            name: path
            for path in sorted(tree)
            if path.endswith(".py")
            for base in roots
            if (name := module_name(path, base)) is not None
        }
        modules_of |= modules
        changed = {name: path for name, path in modules.items() if before[path] != after.get(path)}
        states.append(
            {
                "root": str(root / folder),
                "roots": [*roots, str(root / "site")],
                "modules": list(modules),
                "changed": changed,
            }
        )
    old, new = ask_probe({"states": states, "tests": tests})
    for name, found in new["failing"].items():
        lost = [item for item in found if item not in old["failing"].get(name, [])]
        assert not lost, f"{name} imports what is not there: {lost}"
    for name, found in new["modules"].items():
        source = before[modules_of[name]]
        starred = b"import *" in source
        check_module(name, old["modules"][name], found, starred=starred, may_go=may_go)


@functools.cache
def start_probe():
    """The probe, for all tests of this process."""
    return subprocess.Popen(
        [sys.executable, "-I", "-S", str(PROBE)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def ask_probe(order):
    probe = start_probe()
    probe.stdin.write(json.dumps(order) + "\n")
    probe.stdin.flush()
    answer = probe.stdout.readline()
    assert answer.strip(), "what was imported has ended the process"
    return json.loads(answer)


def check_module(name, old, new, *, starred, may_go):
    if "error" in old:
        return
    assert "error" not in new, f"{name} can't be imported any more: {new['error']}"
    for key, what in old["names"].items():
        if what.startswith("mlflow.") and what.endswith(".MlflowClient"):
            continue  # it may go when the factory takes over, or be an alias of that
        if key in new["names"]:
            assert new["names"][key] == what, f"{name}.{key} is another object"
        else:
            # Only the name of a module may go, and what a star import brought along.
            assert what == "module" or starred or key in may_go, f"{name}.{key} is gone"
    for key, answer in old["answers"].items():
        if key.startswith("test_"):
            assert answer == "passed", f"{name}.{key} fails before: {answer}"
        assert new["answers"].get(key) == answer, f"{name}.{key} answers otherwise"


VOID_TAGS = {"meta", "br", "path", "rect"}


class HtmlPage(HTMLParser):
    """A page that was read as strictly as a person can: every tag is closed in its order, every
    id is there once, every link leads somewhere in the page, and nothing is loaded or run.

    ``sections`` has the words of each section by its id, ``tables`` the cells by caption, and
    ``terms`` the definitions by their terms.
    """

    def __init__(self, source):
        super().__init__()
        self.open, self.tags, self.texts = [], [], []
        self.sections, self.tables, self.terms = {}, {}, {}
        self._section, self._table, self._cell, self._term = None, [], None, []
        self.feed(source)
        self.close()
        assert self.open == []
        assert source.startswith("<!doctype html>\n")
        ids = [found["id"] for _, found in self.tags if "id" in found]
        assert len(ids) == len(set(ids))
        names = {tag for tag, _ in self.tags}
        assert not {"script", "link", "img", "iframe", "object", "form"} & names
        for tag, found in self.tags:
            assert not {"src", "style"} & found.keys()
            assert not any(name.startswith("on") for name in found)
            if tag == "a":
                assert found["href"].startswith("#") and found["href"][1:] in ids
            if "aria-labelledby" in found:
                assert set(found["aria-labelledby"].split()) <= set(ids)
            if tag == "th":
                assert found["scope"] in ("col", "row")
        style = source.partition("</style>")[0]
        assert "url(" not in style and "@import" not in style
        policy = [a["content"] for _, a in self.tags if a.get("http-equiv")]
        assert policy == ["default-src 'none'; style-src 'unsafe-inline'"]
        levels = [int(tag[1]) for tag, _ in self.tags if re.fullmatch("h[1-6]", tag)]
        assert levels[0] == 1 and levels.count(1) == 1
        assert all(b <= a + 1 for a, b in itertools.pairwise(levels))

    @property
    def words(self):
        return " ".join("".join(self.texts).split())

    def section(self, key):
        return " ".join("".join(self.sections[key]).split())

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        assert len(found) == len(attributes)
        self.tags.append((tag, found))
        if tag not in VOID_TAGS:
            self.open.append(tag)
        if tag == "section" and self.open.count("section") == 1:
            self._section = self.sections.setdefault(found["id"], [])
        if tag == "table":
            self._table = []
        if tag == "caption":
            self._cell = []
        if tag == "tr":
            self._table.append([])
        if tag in ("td", "th"):
            self._cell = []
            self._table[-1].append(self._cell)
        if tag == "dt":
            self._cell = self._term = []
        if tag == "dd":
            self._cell = []
        if tag == "br":
            self.handle_data(" ")

    def handle_startendtag(self, tag, attributes):
        assert tag in VOID_TAGS
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        if tag == "caption":
            self.tables["".join(self._cell or ())] = self._table
        if tag == "dd":
            self.terms["".join(self._term)] = " ".join("".join(self._cell or ()).split())
        if tag == "table":
            for row in self._table:
                row[:] = [" ".join("".join(cell).split()) for cell in row]

    def handle_data(self, data):
        self.texts.append(data)
        if self._section is not None and "section" in self.open:
            self._section.append(data)
        if self._cell is not None:
            self._cell.append(data)


@pytest.fixture(scope="session")
def html_page():
    """Reads a page, and checks what holds for all of ours."""
    return HtmlPage
