"""Mentions of moved modules in running text: documents, settings, comments, docstrings."""

from __future__ import annotations

import io
import re
import tokenize
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from trackfix.project.project import Project
from trackfix.project.references.dotted_names import DottedNames
from trackfix.project.references.moves import Moves
from trackfix.project.references.notebook_runs import run_target
from trackfix.project.references.word_search import WordSearch
from trackfix.source.document import Document
from trackfix.source.errors import SourceError
from trackfix.source.notebooks import parse_cells
from trackfix.source.patterns import lazy_pattern
from trackfix.source.text import LineIndex, decode


@dataclass(frozen=True, slots=True)
class Mention:
    """A place outside code that names a moved module; ``key`` is the module's.

    ``blocks`` tells that the module may not be removed because of it: a setting or a document
    may be followed by somebody, a comment is not.
    """

    path: str
    line: int
    column: int
    text: str
    key: str
    blocks: bool


_SUFFIX = lazy_pattern(r"(?<=\w)\.py\b")
# A notebook of Databricks is run by its path without the suffix: by a magic, a call, or a job.
# https://docs.databricks.com/en/notebooks/notebook-workflows.html
_RUN_NOTEBOOK = lazy_pattern(
    r"(?:%run[ \t]+|\bnotebook\.run\(\s*|\bnotebook_path[\"']?[ \t]*[:=][ \t]*)[\"']?([\w./@\-]*\w)"
)
_MAGIC_COMMENT = lazy_pattern(r"#[ \t]*MAGIC\b")
_CODE = lazy_pattern(rb"\"TRK\d{3}[\":]")
# As make, shells, batch files and templates write one.
_VARIABLE = r"(?:\$\(\w+\)|\$\{\w+\}|\$\w+|%\w+%|\}\})"
_SETTINGS = (".toml", ".cfg", ".ini", ".yml", ".yaml", ".json", "setup.py")


class MentionFinder:
    """Finds the names and file paths of moved modules in text."""

    def __init__(self, moves: Moves) -> None:
        # Several modules may go by one name, each below a root of its own.
        self.dotted = DottedNames(moves)
        self.names: dict[str, list[str]] = {
            name: [""] for name, key in self.dotted.keys.items() if not key
        }
        self.paths: dict[str, list[str]] = {}
        self.words: dict[str, list[str]] = {}
        self.beside: dict[str, list[str]] = {}
        alone = Counter(map(_base, moves.project.facts))
        for key, entry in moves.by_key.items():
            for name in moves.names_of(entry):
                (self.names if "." in name else self.words).setdefault(name, []).append(key)
                if not entry.virtual:
                    self.paths.setdefault(name.replace(".", "/") + ".py", []).append(key)
            for name in moves.names_beside(entry):
                self.beside.setdefault(name, []).append(key)
            if not entry.virtual:
                self.paths[entry.path] = [key]
                if not entry.path.endswith("__init__.py") and alone[_base(entry.path)] == 1:
                    self.paths[_base(entry.path)] = [key]
        self.in_settings = _pattern(self.words, r"(?<![\w.\-/])({})(?![\w.\-/])")
        self._attribute = _pattern(self.words, r"(?<![\w.\-/])({})\.(\w+)\b")
        self.in_prose = _pattern(
            self.words, r"(?:\bimport |-m |\bfrom |%(?:run|aimport)[^\n]*? )({})\b(?![./])"
        )

        self.run_beside = _pattern(
            self.beside, r"(?:\bimport |-m |\bfrom (?=[\w.]+ import\b))({})\b(?![./])"
        )
        self._by_last: dict[str, list[str]] = {}
        for name, keys in self.names.items():
            self._by_last.setdefault(name.rpartition(".")[2], []).extend(filter(None, keys))
        last_parts = {name.rpartition(".")[2] for name in self.dotted.keys}
        self._behind_variable = _pattern(self._by_last, _VARIABLE + r"\.({})\b(?!\()")
        slashed = {name.replace(".", "/"): name for name in self.names}
        self._slashed = slashed
        self._handler = _pattern(slashed, r"(?<!\w)({})\.(\w+)\b(?!/)")
        self._handed_on = {key: entry.names.keys() for key, entry in moves.by_key.items()}
        stems = {_base(path).partition(".")[0] for path in self.paths}
        self._any = WordSearch(last_parts | stems | self.words.keys() | self.beside.keys())
        self._bases = frozenset(map(_base, self.paths))
        parents = {name.rpartition(".")[0] for name in self.dotted.keys}
        self._from_import = _pattern(parents, r"\bfrom\s+({})\s+import\s+([\w ,()*]+)")

    def may_be_in(self, data: bytes) -> bool:
        """Whether it is worth looking into a file with these bytes."""
        return self._any.finds_in(data)

    def in_text(self, path: str, text: str) -> Iterator[tuple[int, str]]:
        """Offset and module key of each mention."""
        for start, name in self.dotted.find(text):
            yield from ((start, key) for key in self.names[name])
        has_file = any(base in text for base in self._bases)
        for start, end in file_paths(text) if has_file else ():
            found = text[start:end]
            while found and found not in self.paths:
                found = found.partition("/")[2]
            if found:
                yield from ((end - len(found), key) for key in self.paths[found])
        for match in _RUN_NOTEBOOK.finditer(text):
            is_file = match[1].endswith(".py")  # found above
            for target in () if is_file else run_target(path, match[1], self.paths):
                yield from ((match.start(1), key) for key in self.paths[target])
        for match in self._from_import.finditer(text) if self._from_import else ():
            for name in re.findall(r"\w+", match[2]):
                for key in self.names.get(f"{match[1]}.{name}", ()):
                    yield match.start(), key
        words = self.in_settings if path.endswith(_SETTINGS) else self.in_prose
        for match in words.finditer(text) if words else ():
            yield from ((match.start(1), key) for key in self.words[match[1]])
        for match in self._attribute.finditer(text) if self._attribute else ():
            yield from self._that_hand_on(match, self.words[match[1]])
        for match in self.run_beside.finditer(text) if self.run_beside else ():
            yield from ((match.start(1), key) for key in self.beside[match[1]])
        if not path.endswith((".py", ".pyi")):
            yield from self._in_templates(text)

    def _in_templates(self, text: str) -> Iterator[tuple[int, str]]:
        """Modules behind a variable, as in ``python -m $(PKG).moved``, and handlers such as
        ``pkg/moved.handler``, as those of AWS Lambda are written.

        https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html
        """
        for match in self._behind_variable.finditer(text) if self._behind_variable else ():
            yield from ((match.start(1), key) for key in self._by_last[match[1]])
        for match in self._handler.finditer(text) if self._handler else ():
            yield from self._that_hand_on(match, self.names[self._slashed[match[1]]])

    def _that_hand_on(self, match: re.Match[str], keys: Iterable[str]) -> Iterator[tuple[int, str]]:
        """The modules of a match that hand on the name behind it: ``utils.py`` names a file."""
        for key in keys:
            if match[2] in self._handed_on.get(key, ()):
                yield match.start(1), key


def file_paths(text: str) -> Iterator[tuple[int, int]]:
    """Where the paths of Python files start and end in ``text``.

    It is looked back from each suffix: an expression that begins with any path takes the square of
    the time on long words.
    """
    ends: dict[int, int] = {}
    first = last = 0
    for match in _SUFFIX.finditer(text):
        start = match.start()
        while start > last and (text[start - 1].isalnum() or text[start - 1] in "_./-"):
            start -= 1
        first = first if start == last and ends else start
        last = ends[first] = match.end()
    yield from ends.items()


def _base(path: str) -> str:
    return path.rpartition("/")[2]


def _pattern(names: Iterable[str], template: str) -> re.Pattern[str] | None:
    spelled = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    return re.compile(template.replace("({})", f"({spelled})")) if spelled else None


def find_mentions(project: Project, moves: Moves) -> list[Mention]:
    """All mentions in the files of the project, by path and line.

    Files that should be Python but can't be parsed are read as text.
    """
    finder = MentionFinder(moves)
    found: list[Mention] = []
    for path in (*project.text_files, *(problem.path for problem in project.problems)):
        if _is_there(project, path) and (
            not finder.may_be_in(project.read(path)) or _is_own_output(project.read(path))
        ):
            continue
        try:
            text = decode(project.read(path), cookie=False).text
        except SourceError:
            text = project.read(path).decode("latin-1") if _is_there(project, path) else ""
        own = _own_table(text) if path.endswith("pyproject.toml") else (0, 0)
        for offset, key in finder.in_text(path, text):
            if not own[0] <= offset < own[1]:
                found.append(_mention(path, text, offset, key, blocks=True))
    for path in project.facts:
        if not _is_there(project, path) or not finder.may_be_in(project.read(path)):
            continue
        try:
            document = project.document(path)
            found += _in_python(finder, document)
        except SourceError:
            continue
    return sorted(set(found), key=lambda m: (m.path, m.line, m.column))


def _is_own_output(data: bytes) -> bool:
    """Whether it is a baseline or a report of findings: it names shims, but nobody follows it."""
    return data.lstrip()[:1] in (b"{", b"[") and _CODE.search(data) is not None


def _own_table(text: str) -> tuple[int, int]:
    """Where our own settings stand: what they say of a shim does not keep it."""
    start = text.find("[tool.trackfix]")
    if start < 0:
        return 0, 0
    end = text.find("\n[", start + 1)
    return start, end if end >= 0 else len(text)


def _is_there(project: Project, path: str) -> bool:
    try:
        project.read(path)
    except SourceError:
        return False
    return True


def _in_python(finder: MentionFinder, document: Document) -> Iterator[Mention]:
    """Mentions in comments, docstrings, magics, and the cells of a notebook that are no code; and
    the notebooks that the code runs by their path."""
    path = document.path
    matches = [
        (offset, key)
        for offset, key in finder.in_text(path, document.text)
        if key != path and not _is_import(document.text, offset)
    ]
    comments = list(_comments(document)) if matches else []
    quoted = [document.span(node) for node in document.index.docstrings] if matches else []
    runs = {match.start(1) for match in _RUN_NOTEBOOK.finditer(document.text)} if matches else ()
    for offset, key in matches:
        comment = next((span for span in comments if span[0] <= offset < span[1]), None)
        if offset in runs:
            yield _in_code(document, offset, key, blocks=True)
        elif comment is not None:
            text = document.text[comment[0] : comment[1]]
            # Type comments are read by type checkers, and what was masked is a command. Databricks
            # writes the cells of a notebook that are no Python as comments.
            is_read = text.startswith("# type:") or _MAGIC_COMMENT.match(text) is not None
            blocks = is_read or not text.startswith("#")
            yield _in_code(document, offset, key, blocks=blocks)
        elif any(start <= offset < end for start, end in quoted):
            yield _in_code(document, offset, key, blocks=False)
    if document.is_notebook:
        code = {cell.index for cell in document.cells}
        for cell in parse_cells(document.source.text):
            if cell.index not in code:
                for offset, key in finder.in_text(path, cell.source):
                    mention = _mention(path, cell.source, offset, key, blocks=True)
                    line = document.line_in_cell(cell, mention.line - 1)
                    yield replace(mention, line=line)


def _is_import(text: str, offset: int) -> bool:
    """Whether an offset is in the code of a line that begins as an import."""
    start = text.rfind("\n", 0, offset) + 1
    before = text[start:offset]
    return before.lstrip().startswith(("import ", "from ")) and "#" not in before


def _in_code(document: Document, offset: int, key: str, *, blocks: bool) -> Mention:
    mention = _mention(document.path, document.text, offset, key, blocks=blocks)
    line, column = document.place(offset)
    return replace(mention, line=line, column=column)


def _mention(path: str, text: str, offset: int, key: str, *, blocks: bool) -> Mention:
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    line = text[start : end if end >= 0 else len(text)].strip()
    return Mention(path, text.count("\n", 0, offset) + 1, offset - start + 1, line, key, blocks)


def _comments(document: Document) -> Iterator[tuple[int, int]]:
    lines = LineIndex(document.code)
    try:
        for token in tokenize.generate_tokens(io.StringIO(document.code, newline="").readline):
            if token.type == tokenize.COMMENT:
                start = lines.offset(token.start[0], 0) + token.start[1]
                yield start, start + len(token.string)
    except (tokenize.TokenError, SyntaxError):
        return
