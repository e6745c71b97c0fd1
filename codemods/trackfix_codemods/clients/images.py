"""Files that images get alone, without the package around them."""

from __future__ import annotations

import re

from trackfix.project.modules.resolution import Resolver
from trackfix.project.modules.roots import parent_folder
from trackfix.project.project import Project

# Files that say what an image is made of, their lines that copy files, and the modules in them.
_IMAGE = re.compile(r"(^|[/.])(docker|container)file[^/]*$", re.IGNORECASE)
_CONTINUED = re.compile(r"\\\r?\n")
_COPY = re.compile(r"^[ \t]*(?:COPY|ADD)[ \t]+(.+)$", re.IGNORECASE | re.MULTILINE)
_COPIED = re.compile(r"\w[\w./-]*\.py\b")


class Images:
    """What the images of one project copy.

    https://docs.docker.com/reference/dockerfile/#copy
    """

    def __init__(self, project: Project, _resolver: Resolver) -> None:
        # The folder of each file that copies, with what it copies.
        self._copied: set[tuple[str, str]] = set()
        for image in filter(_IMAGE.search, project.text_files):
            text = _CONTINUED.sub(" ", project.read(image).decode("utf-8", "replace"))
            for line in _COPY.findall(text):
                self._copied |= {(parent_folder(image), name) for name in _COPIED.findall(line)}

    def copy_alone(self, path: str) -> bool:
        """Whether an image gets a file as such: ``COPY pkg/job.py /app/``."""
        # The build's folder is not told: the project's, or one further down.
        return any(
            f"/{path}".endswith(f"/{name}") and ("/" in name or folder == parent_folder(path))
            for folder, name in self._copied
        )
