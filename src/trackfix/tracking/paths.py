"""Where a project keeps its configuration, seen from a folder inside it."""

from __future__ import annotations

import os
from pathlib import Path

from trackfix.tracking.errors import ConfigError


def resolve_project_paths_with_fallback(
    output_dir: str | os.PathLike[str] | None,
    config_dir: str | os.PathLike[str] | None = None,
) -> tuple[Path | None, Path | None]:
    """The root folder of the project and its folder of configuration.

    A ``config_dir`` that is given is believed, existing or not, and the root is the folder that it
    is in. Only for None is it looked for, see ``infer_config_dir_from_path``; where that finds
    none, the result is (None, None).

    Args:
        output_dir: a folder of the project, such as the one that a training writes to.

    >>> from trackfix.tracking import resolve_project_paths_with_fallback
    >>> root, config = resolve_project_paths_with_fallback("project/outputs", "project/config")
    >>> root.name, config.name
    ('project', 'config')
    """
    if config_dir is None:
        found = infer_config_dir_from_path(output_dir)
    else:
        found = Path(config_dir)
    return (None, None) if found is None else (found.absolute().parent, found)


def infer_config_dir_from_path(
    path: str | os.PathLike[str] | None = None, *, name: str = "config"
) -> Path | None:
    """The nearest folder ``config`` in this folder or above it; None if there is none.

    Args:
        path: a file or folder, existing or not; the current folder without it.
        name: what the folder of configuration is called.

    >>> from pathlib import Path
    >>> from trackfix.tracking import infer_config_dir_from_path
    >>> Path("project/config").mkdir(parents=True)
    >>> infer_config_dir_from_path("project/outputs/run-1") == Path("project/config").absolute()
    True
    """
    if not name:
        raise ConfigError("the name of the config folder must not be empty")
    start = Path(path or ".").absolute()
    candidates = (folder / name for folder in (start, *start.parents))
    return next((folder for folder in candidates if folder.is_dir()), None)
