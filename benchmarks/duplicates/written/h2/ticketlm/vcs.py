"""The commit of the checkout."""
from __future__ import annotations

import functools

import git


@functools.lru_cache(maxsize=1)
def commit() -> str:
    try:
        return git.Repo(search_parent_directories=True).head.commit.hexsha
    except git.InvalidGitRepositoryError:
        return "no-checkout"
