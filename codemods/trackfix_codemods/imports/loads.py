"""What imports load, by dotted names in their order."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence

from trackfix.project.facts.expressions import written_module
from trackfix_codemods.imports.changes import Replacement, Statement


class ImportLoads:
    """What the imports of one document load. ``absolute`` gives the absolute name of a module as it
    is written there."""

    def __init__(self, absolute: Callable[[str], str | None]) -> None:
        self.absolute = absolute

    def of(self, node: Statement) -> list[str]:
        """What an import statement loads: modules, and members that may be modules."""
        if isinstance(node, ast.Import):
            return [alias.name for alias in node.names]
        module = self.absolute(written_module(node))
        return [f"{module}.{alias.name}" for alias in node.names] if module is not None else []

    def of_code(self, lines: Iterable[str]) -> list[str]:
        """What lines of code load that are imports, or comments."""
        nodes = (node for line in lines for node in ast.parse(line.strip()).body)
        imports = (node for node in nodes if isinstance(node, (ast.Import, ast.ImportFrom)))
        return [name for node in imports for name in self.of(node)]

    def in_place(self, suite: Sequence[ast.stmt], replacements: list[Replacement]) -> list[str]:
        """What the imports of a suite load if each new one stands where the old one stood."""
        touched = {id(r.node): r for r in replacements}
        loaded: list[str] = []
        for node in suite:
            if not isinstance(node, (ast.Import, ast.ImportFrom)):
                continue
            names = self.of(node)
            replacement = touched.get(id(node))
            if replacement is not None and replacement.star:
                names = [f"{self.absolute(replacement.star)}.*"]
            elif replacement is not None:
                names = [name for i, name in enumerate(names) if i not in replacement.gone]
                names += [
                    f"{new.home}.{new.name.name}" if new.name else new.home
                    for new in replacement.new
                ]
            loaded += names
        return list(dict.fromkeys(loaded))
