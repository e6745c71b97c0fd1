"""One of two pieces of code that stand side by side."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from trackfix.report.html.document import text
from trackfix.report.words import many

if TYPE_CHECKING:
    from trackfix.project.run_logic.catalogue import Catalogue
    from trackfix.project.run_logic.fragments import Fragment, Step

# Of a step with more lines the rest is folded.
_MOST_LINES = 16


class Side:
    """The code of one piece, cut into its steps."""

    def __init__(self, catalogue: Catalogue, fragment: Fragment) -> None:
        lines = catalogue.code(fragment)
        texts = textwrap.dedent("\n".join(line.text for line in lines)).split("\n")
        self._texts = list(zip((line.number for line in lines), texts, strict=False))
        self._steps = fragment.steps

    def show(self, side: str, step: Step | None, mark: str) -> str:
        """The lines of a step, up to the next one."""
        if step is None:
            return f'<div class="side {side} empty"></div>'
        words = f'<div class="step">{mark}{text(step.text)}</div>'
        return f'<div class="side {side}" data-side="{side}">{words}{self._code(step)}</div>'

    def _code(self, step: Step) -> str:
        place = self._steps.index(step)
        is_first_there = all(other.line != step.line for other in self._steps[:place])
        if not is_first_there:
            return ""
        start = step.line if place else 0
        end = min((s.line for s in self._steps if s.line > step.line), default=1 << 30)
        rows = [
            f'<span class="l"><span class="n">{number}</span>{_line(line)}</span>'
            for number, line in _trimmed(self._texts, start, end)
        ]
        shown, folded = rows[:_MOST_LINES], rows[_MOST_LINES:]
        if not rows:
            return ""
        code = f"<pre>{''.join(shown)}</pre>"
        if folded:
            more = many(len(folded), "more line")
            inner = "".join(folded)
            code += f"<details><summary>{more}</summary><pre>{inner}</pre></details>"
        return code


def _trimmed(texts: list[tuple[int, str]], start: int, end: int) -> list[tuple[int, str]]:
    """The lines from ``start`` to before ``end``, without blank ones at their end."""
    found = [(number, line) for number, line in texts if start <= number < end]
    while found and not found[-1][1].strip():
        found.pop()
    return found


def _line(plain: str) -> str:
    """A line of code; its tabs stay."""
    return "\t".join(text(part) for part in plain.split("\t"))
