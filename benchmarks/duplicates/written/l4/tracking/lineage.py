import os
import subprocess
from datetime import datetime, timezone

from tracking.names import clean


def code_version():
    if "BUILD_COMMIT" in os.environ:
        return os.environ["BUILD_COMMIT"]
    r = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True)
    return r.stdout.strip() or "unversioned"


def lineage_tags(dataset, snapshot, parent_model=None):
    tags = {
        "lineage.dataset": dataset,
        "lineage.snapshot": snapshot,
        "lineage.code": code_version(),
        "lineage.user": os.environ.get("USER", "batch"),
        "lineage.at": datetime.now(timezone.utc).isoformat(),
    }
    if parent_model:
        tags["lineage.parent_model"] = parent_model
    return {k: clean(v) for k, v in tags.items()}
