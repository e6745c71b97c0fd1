"""Two runs side by side."""

from dataclasses import dataclass
from typing import List, Optional

from runlane.refs import parse


@dataclass
class Row:
    section: str
    key: str
    left: Optional[str]
    right: Optional[str]

    @property
    def differs(self):
        return self.left != self.right


def _rows(section, left, right):
    for key in sorted(set(left) | set(right)):
        yield Row(section, key, left.get(key), right.get(key))


def compare(project, left, right, all_rows=False) -> List[Row]:
    """Return what is different between two runs."""
    a, b = parse(project, left), parse(project, right)
    rows = list(_rows("params", a.data.params, b.data.params))
    rows += _rows("metrics", a.data.metrics, b.data.metrics)
    rows += _rows(
        "tags",
        {k: v for k, v in a.data.tags.items() if not k.startswith("mlflow.")},
        {k: v for k, v in b.data.tags.items() if not k.startswith("mlflow.")},
    )
    return rows if all_rows else [row for row in rows if row.differs]


def as_text(rows):
    """Format rows in columns."""
    table = [(r.section, r.key, str(r.left), str(r.right)) for r in rows]
    widths = [max((len(line[i]) for line in table), default=0) for i in range(4)]
    return "\n".join("  ".join(c.ljust(w) for c, w in zip(line, widths)).rstrip() for line in table)
