"""The changes of one file as a unified diff."""

from __future__ import annotations

from trackfix.lint.report_data import FileChange
from trackfix.report import diff
from trackfix.report.html.document import text
from trackfix.rewrite.transaction import Change

_CLASSES = {"+": "added", "-": "removed", "@": "place"}


def difference(change: FileChange) -> list[str]:
    """The lines of the diff below its header, as ``trackfix apply --diff`` shows them. The header
    names the file once more, and is left out."""
    after = None if change.after is None else _encoded(change.after)
    found = diff.render([Change("file", _encoded(change.before), after)], colour=False)
    lines = found.decode(errors="surrogatepass").removesuffix("\n").split("\n")
    start = next((at for at, line in enumerate(lines) if line.startswith("@@")), len(lines))
    return [_line(line) for line in lines[start:]]


def _encoded(source: str) -> bytes:
    return source.encode(errors="surrogatepass")


def _line(line: str) -> str:
    kind = _CLASSES.get(line[:1], "same")
    # A codemod leaves the ends of lines as they are.
    shown = "\t".join(map(text, line.removesuffix("\r").split("\t")))
    return f'<span class="l {kind}">{shown}</span>'
