"""Tags; every key is written here once."""

from __future__ import annotations

import getpass
import platform

from mlflow.entities import Run

from mlutils.config import Settings


def common_tags(settings: Settings, component: str) -> dict[str, str]:
    return {"component": component, "locale": settings.locale, "shop": settings.shop}


def host_tags() -> dict[str, str]:
    return {"host.user": getpass.getuser(), "host.name": platform.node(), "host.python": platform.python_version()}


def index_tags(digest: str, documents: int, analyzer: str) -> dict[str, str]:
    return {"index_digest": digest, "index.documents": str(documents), "index.analyzer": analyzer}


def digest_of(run: Run) -> str | None:
    return run.data.tags.get("index_digest")


def is_released(run: Run) -> bool:
    return run.data.tags.get("released") == "true"
