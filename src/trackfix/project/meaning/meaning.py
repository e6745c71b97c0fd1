"""What a name means at run time: a module, or which definition. mlflow's client class is told from
all others here, by whatever name it goes."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace

Statement = ast.Import | ast.ImportFrom

CLASS_NAME = "MlflowClient"
# The modules of mlflow from which the class can be taken.
CLASS_MODULES = frozenset({"mlflow", "mlflow.client", "mlflow.tracking", "mlflow.tracking.client"})


@dataclass(frozen=True, slots=True)
class Meaning:
    """A module (``name`` is empty) or a name that one defines.

    ``steps`` tell how a file came by it, the nearest first; ``imports`` are the statements of the
    file on that way.
    """

    module: str
    name: str = ""
    steps: tuple[str, ...] = field(default=(), compare=False)
    imports: tuple[Statement, ...] = field(default=(), compare=False)

    @property
    def is_client(self) -> bool:
        """Whether it is mlflow's client class."""
        return self.name == CLASS_NAME and self.module in CLASS_MODULES

    def after(self, step: str, *imports: Statement) -> Meaning:
        """The same, with one more step on this side of it."""
        steps = (step, *self.steps) if step else self.steps
        return replace(self, steps=steps, imports=(*imports, *self.imports))


CLIENT = Meaning("mlflow.tracking.client", CLASS_NAME)
# What a name means where it is ``None`` or unbound: whatever uses it there fails.
NOTHING = Meaning("")


def same_meaning(meanings: list[Meaning | None]) -> Meaning | None:
    """What all of several bindings mean, those aside that give nothing to use."""
    found = NOTHING
    for meaning in meanings:
        if meaning is None or (found != NOTHING and meaning not in (found, NOTHING)):
            return None
        if found == NOTHING:
            found = meaning
    return found
