"""Put the constant of a tag key in the place of its literal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trackfix.project.mlflow_uses.calls import FileCalls
from trackfix.project.mlflow_uses.tag_keys import TRIGGERS, TagConstants, find_literal_tag_keys
from trackfix.project.project import Project
from trackfix.project.references.moves import Moves
from trackfix.rewrite.codemod import Proposal
from trackfix.source.document import Edit
from trackfix_codemods.calls.mends import Mend, propose
from trackfix_codemods.imports.new_imports import import_beside_mlflow


@dataclass(frozen=True, slots=True)
class UseTagConstants:
    """The codemod ``use-tag-constants``."""

    name: str = "use-tag-constants"
    summary: str = "put the constant of a tag key in the place of its literal"
    on_request: bool = True

    def propose(
        self, project: Project, moves: Moves, *, unsafe: bool, held: Mapping[str, str]
    ) -> Proposal:
        """The project with constants for the tag keys that have one."""
        constants = TagConstants(project, moves.resolver)
        needed: dict[str, set[tuple[str, str]]] = {}

        def mends(file: FileCalls) -> list[Mend]:
            found = []
            for key in find_literal_tag_keys(file, constants):
                constant = key.constant
                edit = Edit(*file.names.document.span(key.node), constant.code)
                line = file.names.line(key.node)
                found.append(Mend(line, (edit,), key.obstacle, key.doubt))
                is_made = not key.obstacle and (unsafe or not key.doubt)
                if constant.path != file.names.path and is_made:
                    words = needed.setdefault(file.names.path, set())
                    words.add((constant.module, constant.imported))
            return found

        def imports(file: FileCalls, _: list[Mend]) -> list[Edit]:
            words = sorted(needed.get(file.names.path, ()))
            return import_beside_mlflow(file.names, *words)

        return propose(moves, TRIGGERS, mends, unsafe=unsafe, held=held, shared=imports)


CODEMOD = UseTagConstants()
