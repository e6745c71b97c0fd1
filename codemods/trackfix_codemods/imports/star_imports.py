"""``from shim import *``: import from the home what the file takes."""

from __future__ import annotations

from trackfix.project.moving.star_plans import StarPlan
from trackfix.project.references.references import FromImport
from trackfix_codemods.imports.changes import Changes, NewImport
from trackfix_codemods.imports.imported_name import imported
from trackfix_codemods.imports.spelling import Spelling


def move_star(statement: FromImport, plan: StarPlan, spelling: Spelling, changes: Changes) -> None:
    """Carry out what is planned for a star import."""
    relative = statement.node.level > 0
    replacement = changes.of(statement.node)
    replacement.gone.add(0)
    if plan.module:
        replacement.star = spelling.module(plan.module, relative=relative)
    # In a file whose imports are in no order the new ones at least are.
    for name, target in sorted(plan.targets.items(), key=lambda item: item[1].module):
        replacement.new.append(
            NewImport(
                target.module,
                spelling.module(target.module, relative=relative),
                imported(target.name, name),
            )
        )
