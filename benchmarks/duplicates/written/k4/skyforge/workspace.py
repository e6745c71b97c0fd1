"""The workspace that a session works in."""

from __future__ import annotations

import getpass
import json
import os
from dataclasses import dataclass
from pathlib import Path

from skyforge.errors import NotLoggedIn

WORKSPACE = "skyforge.workspace"
PROJECT = "skyforge.project"
SUBMITTER = "skyforge.submitter"
SDK = "skyforge.sdk_version"
DEFAULT_SUFFIX = "default"


@dataclass(frozen=True)
class Workspace:
    """Name, project and tracking URI."""

    name: str
    project: str
    tracking_uri: str

    @property
    def default_experiment(self) -> str:
        """Where runs go when the user names nothing."""
        return f"/{self.name}/{self.project}/{DEFAULT_SUFFIX}"

    def qualified(self, name: str) -> str:
        """A name within the workspace."""
        return name if name.startswith("/") else f"/{self.name}/{self.project}/{name}"


def config_path() -> Path:
    """Where the login is kept."""
    return Path(os.environ.get("SKYFORGE_HOME", Path.home() / ".skyforge")) / "login.json"


def current() -> Workspace:
    """The workspace of the last login."""
    path = config_path()
    if not path.is_file():
        raise NotLoggedIn("log in first")
    raw = json.loads(path.read_text(encoding="utf-8"))
    return Workspace(raw["workspace"], raw["project"], raw["tracking_uri"])


def login(workspace: Workspace) -> None:
    """Remember the workspace."""
    path = config_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        json.dumps(
            {
                "workspace": workspace.name,
                "project": workspace.project,
                "tracking_uri": workspace.tracking_uri,
            }
        ),
        encoding="utf-8",
    )


def workspace_tags(ws: Workspace, extra: dict[str, str] | None = None) -> dict[str, str]:
    """The tags that bind a run to its workspace."""
    from skyforge import __version__

    tags = dict(extra or {})
    tags.update(
        {
            WORKSPACE: ws.name,
            PROJECT: ws.project,
            SUBMITTER: os.environ.get("SKYFORGE_USER") or getpass.getuser(),
            SDK: __version__,
        }
    )
    return tags
