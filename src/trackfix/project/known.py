"""What was found out about a project as a whole.

Most of a run is spent on questions about all files: which are the source roots, the shims, the
client factory? The answers hold until a file changes in a way that they depend on.
"""

from __future__ import annotations

from dataclasses import dataclass

from trackfix.project.client_factory import ClientFactory
from trackfix.project.reexport_reading import ReexportModule


@dataclass(frozen=True)
class Known:
    """Answers about a project; None is what was not asked.

    ``module_setters`` and ``attribute_setters`` are the files that may set an entry of
    ``sys.modules``, or at the left margin an attribute of something else. ``client_words`` are the
    names of mlflow's client class.
    """

    roots: tuple[str, ...]
    module_setters: tuple[str, ...]
    attribute_setters: tuple[str, ...]
    shims: tuple[ReexportModule, ...] | None = None
    factory: ClientFactory | None = None
    client_words: tuple[str, ...] | None = None
