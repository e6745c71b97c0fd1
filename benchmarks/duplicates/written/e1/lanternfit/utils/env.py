"""What is known on the machine and the code."""

from __future__ import annotations

import getpass
import platform
import subprocess


def git_commit() -> str:
    """The commit of the working folder, or `unknown`."""
    try:
        done = subprocess.run(
            ["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip()


def environment_tags() -> dict[str, str]:
    """Tags that say who started a run, where and with which code."""
    return {
        "lantern.user": getpass.getuser(),
        "lantern.host": platform.node(),
        "lantern.python": platform.python_version(),
        "lantern.commit": git_commit(),
    }
