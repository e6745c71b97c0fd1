"""What git and the CI know."""

from __future__ import annotations

import os
import subprocess


def _git(*args: str) -> str:
    try:
        out = subprocess.run(["git", *args], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return out.stdout.strip()


def sha() -> str:
    return os.environ.get("CI_COMMIT_SHA") or _git("rev-parse", "HEAD")


def branch() -> str:
    return os.environ.get("CI_COMMIT_REF_NAME") or _git("rev-parse", "--abbrev-ref", "HEAD")


def dirty() -> bool:
    return bool(_git("status", "--porcelain"))


def ci_tags() -> dict[str, str]:
    """Tags of the git checkout and of the CI job."""
    tags = {
        "git.sha": sha(),
        "git.branch": branch(),
        "git.dirty": str(dirty()).lower(),
    }
    if os.environ.get("CI"):
        tags["ci.job"] = os.environ.get("CI_JOB_ID", "")
        tags["ci.pipeline"] = os.environ.get("CI_PIPELINE_ID", "")
    return {key: value for key, value in tags.items() if value}
