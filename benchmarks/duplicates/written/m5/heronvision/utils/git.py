"""What git says about the code."""

import subprocess


def _git(*args: str) -> str:
    try:
        return subprocess.check_output(["git", *args], text=True, stderr=subprocess.DEVNULL).strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def commit() -> str:
    return _git("rev-parse", "HEAD")


def dirty() -> bool:
    return bool(_git("status", "--porcelain"))
