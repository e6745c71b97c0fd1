"""What git says about this checkout."""

import os
import subprocess
from functools import lru_cache


def _git(*args: str) -> str:
    try:
        done = subprocess.run(["git", *args], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()


@lru_cache(maxsize=1)
def commit() -> str:
    return os.environ.get("GIT_COMMIT") or _git("rev-parse", "HEAD") or "unknown"


@lru_cache(maxsize=1)
def dirty() -> bool:
    return bool(_git("status", "--porcelain"))
