"""The commit of the code that runs."""
from __future__ import annotations

import os
import subprocess


def current_commit() -> str:
    """The commit, from the build when there is no checkout."""
    if os.environ.get("BUILD_SOURCEVERSION"):
        return os.environ["BUILD_SOURCEVERSION"]
    try:
        done = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip()


def is_dirty() -> bool:
    done = subprocess.run(["git", "status", "--porcelain"], capture_output=True, text=True)
    return bool(done.stdout.strip())
