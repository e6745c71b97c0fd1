"""The Python text of one file, and the way back from edited text to bytes."""

from __future__ import annotations

import ast
import re
import warnings
from bisect import bisect_right
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from trackfix.source.errors import TOO_DEEP, SourceError, not_too_deep
from trackfix.source.patterns import lazy_pattern
from trackfix.source.syntax_index import SyntaxIndex
from trackfix.source.text import LineIndex, SourceText, decode, encode, read_bytes

if TYPE_CHECKING:
    from trackfix.source.notebooks import Cell

Analysis = TypeVar("Analysis")

_IN_SHELL = lazy_pattern(r"\{[^}]*\}|\$\w+")


class Edit(NamedTuple):
    """Replace ``text[start:end]`` of a document; offsets count characters."""

    start: int
    end: int
    replacement: str


@dataclass(frozen=True)
class Document:
    """One file as Python sees it.

    ``text`` is what edits count in: the file's own text, or the code cells of a notebook
    joined by newlines. ``code`` has the same length and is what the parser reads: notebook
    magics are masked in it.
    """

    path: str
    data: bytes
    source: SourceText
    text: str
    code: str
    cells: tuple[Cell, ...] = ()
    cell_starts: tuple[int, ...] = field(default=())
    _analyses: dict[object, Any] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def is_notebook(self) -> bool:
        """Whether the file is a Jupyter notebook."""
        return self.path.endswith(".ipynb")

    @property
    def tree(self) -> ast.Module:
        """The syntax tree of ``code``. Syntax newer than the running interpreter is lowered first.

        Raises:
            SourceError: the text is no Python of any version that is known here.
        """
        return self._parsed[0]

    @cached_property
    def lines(self) -> LineIndex:
        """Maps positions of the syntax tree to offsets, and back."""
        return LineIndex(self._parsed[1])

    @property
    def newline(self) -> str:
        """How lines of ``text`` end. In the cells of a notebook that is a line feed always."""
        return "\n" if self.is_notebook else self.source.newline

    @cached_property
    def index(self) -> SyntaxIndex:
        """The parents, strings and calls of the syntax tree."""
        return SyntaxIndex(self.tree)

    def analysis(self, by: object, make: Callable[[], Analysis]) -> Analysis:
        """What ``make`` finds out about the text; asked once for each ``by``, as long as the
        document itself is kept.

        Raises:
            SourceError: it is nested too deeply.
        """
        if by not in self._analyses:
            with not_too_deep("tell what its names mean"):
                self._analyses[by] = make()
        found: Analysis = self._analyses[by]
        return found

    def forget_analyses(self) -> None:
        """Let go of what was found out about it: that refers to the document itself, so that
        neither would be freed without a search for circles."""
        self._analyses.clear()

    @cached_property
    def _parsed(self) -> tuple[ast.Module, str]:
        """The syntax tree, and the text that it is the tree of."""
        return self._parse(self.code)

    def parse_exactly(self) -> None:
        """Parse again with all f-strings lowered, for interpreters that misplace what is in them.

        Before Python 3.12 ``ast`` gives wrong columns inside f-strings (PEP 701).
        """
        from trackfix.source.newer_syntax import lower_fstrings

        lowered = lower_fstrings(self.code)
        if lowered is not None:
            self.__dict__["_parsed"] = self._parse(lowered)
            for made_of_it in ("index", "lines"):
                self.__dict__.pop(made_of_it, None)

    def _parse(self, code: str) -> tuple[ast.Module, str]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the code's own escapes and comparisons
            try:
                return _parse_or_lower(code)
            except TOO_DEEP:
                raise SourceError("nested too deeply to parse", None) from None
            except (SyntaxError, ValueError) as error:
                raise self._syntax_error(error) from None

    def _syntax_error(self, error: SyntaxError | ValueError) -> SourceError:
        if not isinstance(error, SyntaxError):
            return SourceError(f"cannot be parsed: {error}", None)
        for cell, start in zip(self.cells, self.cell_starts, strict=True):
            # Jupyter compiles each cell for itself: one is not to blame for the cells around it.
            alone = self.code[start : start + len(cell.source)]
            try:
                _ = Document("", b"", self.source, alone, alone).tree
            except SourceError as found:
                line = self.line_in_cell(cell, (found.line or 1) - 1)
                return SourceError(found.message, line)
        return SourceError(f"syntax error: {error.msg}", None if self.cells else error.lineno)

    def span(self, node: ast.stmt | ast.expr | ast.alias | ast.excepthandler) -> tuple[int, int]:
        """The offsets at which a node of the tree starts and ends."""
        lines = self.lines
        end_line, end_column = node.end_lineno, node.end_col_offset
        assert end_line is not None
        assert end_column is not None
        return lines.offset(node.lineno, node.col_offset), lines.offset(end_line, end_column)

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column in the file, both from 1, of an offset in ``text``. In a notebook it is
        the line of the JSON text, and the column in the line of code."""
        line, column = self.lines.position(offset)
        if not self.cells:
            return line, column
        number = self.cell_of(offset)
        first, _ = self.lines.position(self.cell_starts[number])
        return self.line_in_cell(self.cells[number], line - first), column

    def places(
        self, node: ast.stmt | ast.expr | ast.alias | ast.excepthandler
    ) -> tuple[int, int, int, int]:
        """Line and column in the file at which a node starts, and those behind it; see `place`."""
        start, end = self.span(node)
        return (*self.place(start), *self.place(end))

    def file_line(self, line: int) -> int:
        """The line in the file of a line of ``code``, both from 1."""
        return self.place(self.lines.offset(line, 0))[0] if self.cells else line

    def line_in_cell(self, cell: Cell, line: int) -> int:
        """The line in the JSON text of line ``line``, from 0, of a notebook's cell."""
        text = self.source.text
        start = text.count("\n", 0, cell.start) + 1
        value = text[cell.start : cell.end]
        one_a_line = value.startswith("[") and "\n" in value
        return start + line + 1 if one_a_line else start

    @cached_property
    def magic_words(self) -> frozenset[str]:
        """The identifiers in the lines of a notebook that are no Python, but may use its names."""
        if self.text == self.code:
            return frozenset()
        pairs = zip(self.text.split("\n"), self.code.split("\n"), strict=True)
        lines = [line for line, code in pairs if line != code]
        parts = [
            part
            for line in lines
            # A shell command takes names of Python as {name} or $name only.
            for part in (_IN_SHELL.findall(line) if line.lstrip().startswith("!") else [line])
        ]
        return frozenset(word for part in parts for word in re.findall(r"[A-Za-z_]\w*", part))

    def cell_of(self, offset: int) -> int:
        """The number of the code cell that holds ``offset``; 0 outside notebooks."""
        return max(bisect_right(self.cell_starts, offset) - 1, 0)

    def bounds_at(self, offset: int) -> tuple[int, int]:
        """Where the text around ``offset`` starts and ends: that of a cell in a notebook."""
        if not self.cells:
            return 0, len(self.text)
        number = self.cell_of(offset)
        start = self.cell_starts[number]
        return start, start + len(self.cells[number].source)

    def with_edits(self, edits: Sequence[Edit]) -> bytes:
        """The file's bytes after ``edits``, which must not overlap.

        Raises:
            SourceError: the file's encoding lacks a character that an edit adds.
        """
        if not self.cells:
            return encode(self.source, _apply(self.text, edits, 0))
        sources: dict[int, str] = {}
        for number, cell in enumerate(self.cells):
            start = self.cell_starts[number]
            inside = [e for e in edits if start <= e.start <= start + len(cell.source)]
            inside = [e for e in inside if self.cell_of(e.start) == number]
            if inside:
                sources[cell.index] = _apply(cell.source, inside, start)
        from trackfix.source.notebooks import replace_sources

        return encode(self.source, replace_sources(self.source.text, self.cells, sources))


def _parse_or_lower(code: str) -> tuple[ast.Module, str]:
    """The syntax tree, and the text that it is the tree of, with newer syntax lowered if need be.

    Raises:
        SyntaxError, ValueError: the code as it is can't be parsed, nor can it be lowered.
    """
    try:
        return ast.parse(code), code
    except (SyntaxError, ValueError):
        from trackfix.source.newer_syntax import lower

        lowered = lower(code)
        if lowered is not None:
            with suppress(SyntaxError, ValueError):
                return ast.parse(lowered), lowered
        raise


def _apply(text: str, edits: Sequence[Edit], base: int) -> str:
    parts: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda e: (e.start, e.end)):
        parts += [text[done : edit.start - base], edit.replacement]
        done = edit.end - base
    return "".join([*parts, text[done:]])


def load(root: Path, path: str) -> Document:
    """Read and decode the file ``path`` below ``root``.

    Raises:
        SourceError: the file can't be read, decoded, or is no notebook although it is named so.
    """
    return from_bytes(path, read_bytes(root / path))


def from_bytes(path: str, data: bytes) -> Document:
    """The document that ``data`` would be under the name ``path``.

    Raises:
        SourceError: as for `load`.
    """
    if not path.endswith(".ipynb"):
        source = decode(data)
        return Document(path, data, source, source.text, source.text)
    from trackfix.source.notebooks import mask_magics, parse_cells

    source = decode(data, cookie=False)
    cells, starts, texts, codes = [], [], [], []
    offset = 0
    for cell in parse_cells(source.text):
        code = mask_magics(cell.source) if cell.kind == "code" else None
        if code is None:
            continue
        cells.append(cell)
        starts.append(offset)
        texts.append(cell.source)
        codes.append(code)
        offset += len(code) + 1
    return Document(
        path, data, source, "\n".join(texts), "\n".join(codes), tuple(cells), tuple(starts)
    )
