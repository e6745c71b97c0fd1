"""Projects: a folder with a runlane.toml."""

import getpass
import os
from functools import cached_property
from pathlib import Path
from typing import Any, Dict, Optional

from runlane.errors import NoProject

try:
    import tomllib
except ImportError:
    import tomli as tomllib

FILE = "runlane.toml"
TAG_PROJECT = "runlane.project"
TAG_COMMAND = "runlane.command"
TAG_USER = "mlflow.user"
TAG_COMMIT = "mlflow.source.git.commit"


class Project:
    """Settings of a folder and the client for its server."""

    def __init__(self, root: Path, config: Dict[str, Any]):
        self.root = root
        self.config = config

    @classmethod
    def find(cls, start: Optional[Path] = None) -> "Project":
        here = (start or Path.cwd()).resolve()
        for folder in (here, *here.parents):
            if (folder / FILE).is_file():
                return cls(folder, tomllib.loads((folder / FILE).read_text()))
        raise NoProject("no runlane.toml here or above; run `runlane init`")

    @classmethod
    def init(cls, root: Path, name: str, uri: str = "") -> "Project":
        path = root / FILE
        if path.exists():
            raise NoProject(f"{path.name} is there already")
        path.write_text(f'name = "{name}"\ntracking_uri = "{uri}"\n')
        return cls.find(root)

    @property
    def name(self) -> str:
        return self.config["name"]

    @property
    def user(self) -> str:
        return os.environ.get("RUNLANE_USER") or getpass.getuser()

    @cached_property
    def client(self):
        from mlflow import MlflowClient

        return MlflowClient(self.config.get("tracking_uri") or None)

    @cached_property
    def experiment_id(self) -> str:
        """Id of the experiment of the project."""
        exp = self.client.get_experiment_by_name(self.name)
        if exp is None:
            return self.client.create_experiment(self.name, tags={TAG_PROJECT: self.name})
        if exp.lifecycle_stage == "deleted":
            self.client.restore_experiment(exp.experiment_id)
        return exp.experiment_id
