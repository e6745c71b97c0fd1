"""What git says about the working tree."""

import subprocess
from typing import Optional


def _git(*args: str) -> Optional[str]:
    try:
        done = subprocess.run(["git", *args], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def commit() -> str:
    return _git("rev-parse", "HEAD") or "unknown"


def branch() -> str:
    return _git("rev-parse", "--abbrev-ref", "HEAD") or "unknown"


def is_dirty() -> bool:
    return bool(_git("status", "--porcelain"))
