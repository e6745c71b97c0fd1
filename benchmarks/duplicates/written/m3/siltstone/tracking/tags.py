"""Tags that carry the lineage."""

from __future__ import annotations

import json
import re
from typing import Any, Dict, Iterable, List

from siltstone.dataset import DatasetVersion

PREFIX = "siltstone."
DATASET = PREFIX + "dataset"
DIGEST = PREFIX + "digest"
URI = PREFIX + "uri"
ROWS = PREFIX + "rows"
PARENTS = PREFIX + "parents"

_KEY = re.compile(r"[^\w.\-/ ]")


def sanitise(tags: Dict[str, Any]) -> Dict[str, str]:
    return {_KEY.sub("_", k): str(v)[:5000] for k, v in tags.items() if v is not None}


def lineage_tags(version: DatasetVersion) -> Dict[str, str]:
    """All tags of the run that makes a version."""
    return sanitise(
        {
            DATASET: version.name,
            DIGEST: version.digest,
            URI: version.uri,
            ROWS: version.rows,
            PARENTS: json.dumps([str(p) for p in version.parents]),
        }
    )


def parents_of(tags: Dict[str, str]) -> List[str]:
    """Names of the versions a run has read."""
    raw = tags.get(PARENTS)
    if not raw:
        return []
    try:
        return list(json.loads(raw))
    except ValueError:
        return []


def columns_tags(columns: Iterable[str]) -> Dict[str, str]:
    return {f"{PREFIX}column.{i}": column for i, column in enumerate(columns)}
