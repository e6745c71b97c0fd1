"""Tags which say in which world a policy was trained."""
from __future__ import annotations

import platform

import git
import simkit


def _commit() -> str:
    try:
        repo = git.Repo(search_parent_directories=True)
    except git.InvalidGitRepositoryError:
        return "nogit"
    return repo.git.rev_parse("HEAD", short=True)


def collect(robot: str, seed: int) -> dict[str, str]:
    return {
        "sim.version": simkit.__version__,
        "sim.robot": robot,
        "git.commit": _commit(),
        "seed": f"{seed}",
        "host": platform.node(),
    }


def hardware_tags() -> dict[str, str]:
    import torch

    return {
        "host": platform.node(),
        "hw.gpu": torch.cuda.get_device_name(0) if torch.cuda.is_available() else "none",
        "hw.python": platform.python_version(),
    }
