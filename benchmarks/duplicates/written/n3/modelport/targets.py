"""Where models are deployed."""

from __future__ import annotations

import json
import subprocess
from abc import ABC, abstractmethod
from pathlib import Path

from modelport.manifest import Manifest


class Target(ABC):
    """A place that serves models."""

    name = ""

    @abstractmethod
    def apply(self, manifest: Manifest) -> None: ...

    @abstractmethod
    def remove(self, name: str) -> None: ...


class Local(Target):
    """A folder with one manifest per model."""

    name = "local"

    def __init__(self, folder: str = "served") -> None:
        self.folder = Path(folder)

    def apply(self, manifest: Manifest) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / manifest.name).write_text(manifest.to_json())

    def remove(self, name: str) -> None:
        (self.folder / name).unlink(missing_ok=True)


class Kubernetes(Target):
    """A deployment in a cluster."""

    name = "kubernetes"

    def __init__(self, namespace: str = "models") -> None:
        self.namespace = namespace

    def _body(self, manifest: Manifest) -> str:
        labels = {"app": manifest.name, "version": manifest.version}
        container = {
            "name": "server",
            "image": manifest.image,
            "env": [{"name": "RUN_ID", "value": manifest.run_id}],
        }
        return json.dumps(
            {
                "apiVersion": "apps/v1",
                "kind": "Deployment",
                "metadata": {"name": manifest.name, "labels": labels},
                "spec": {
                    "replicas": manifest.replicas,
                    "selector": {"matchLabels": {"app": manifest.name}},
                    "template": {
                        "metadata": {"labels": labels},
                        "spec": {"containers": [container]},
                    },
                },
            }
        )

    def apply(self, manifest: Manifest) -> None:
        subprocess.run(
            ["kubectl", "-n", self.namespace, "apply", "-f", "-"],
            input=self._body(manifest).encode(),
            check=True,
        )

    def remove(self, name: str) -> None:
        subprocess.run(
            ["kubectl", "-n", self.namespace, "delete", "deployment", name], check=True
        )


def make_target(name: str, **options: str) -> Target:
    if name == "kubernetes":
        return Kubernetes(**options)
    if name == "local":
        return Local(**options)
    raise ValueError(name)
