"""The questions that we ask git."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

# Hooks run with these set; they would point git at another repository or index than root's.
_LOCATION_VARIABLES = frozenset(
    {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR"}
)

# What git keeps for itself of what it tracks and ignores.
_STATE = ("index", "info/exclude", "config", "config.worktree")


def list_files(root: Path) -> list[str] | None:
    """Paths below `root` that git tracks or would track, None if git can't say.

    They may be missing, symbolic links, or directories (submodules, nested repositories).
    """
    output = _run(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    if output is None:
        return None
    # A file in the middle of a merge is listed once for each side.
    return list(dict.fromkeys(_split(output)))


def files_beside(root: Path, words: Collection[str]) -> list[str]:
    """The text files of the work tree that `root` is in, but not below it, that hold one of
    `words`; their paths from `root`, sorted. None of them where git does not know the folder."""
    prefix = _run(root, "rev-parse", "--show-prefix")
    if not words or prefix is None or not prefix.strip() or not list_files(root):
        return []
    expressions = [option for word in words for option in ("-e", word)]
    options = (
        "--untracked",
        "--files-with-matches",
        "-z",
        "-I",
        "--word-regexp",
        "--fixed-strings",
    )
    output = _run(root, "grep", *options, *expressions, "--", ":/", ":(exclude).", ended=(0, 1))
    return sorted(_split(output or b""))


def ignored_folders(root: Path) -> frozenset[str]:
    """Folders below `root`, with a slash behind, in which git ignores whatever will be there.

    Raises:
        OSError: git can't say.
    """
    arguments = ("--others", "--ignored", "--exclude-standard", "--directory")
    output = _run(root, "ls-files", "-z", *arguments)
    if output is None:
        raise OSError("git can't list what it ignores")
    # Also listed are folders that are not ignored themselves, but all that is in them now.
    listed = [path for path in _split(output) if path.endswith("/")]
    if not listed:
        return frozenset()
    asked = b"".join(os.fsencode(path) + b"\0" for path in listed)
    ignored = _run(root, "check-ignore", "-z", "--stdin", given=asked, ended=(0, 1))
    if ignored is None:
        raise OSError("git can't say what it ignores")
    return frozenset(_split(ignored))


def state_files(root: Path) -> list[str]:
    """The files, there or not, that tell which files below `root` git tracks or would track, the
    ``.gitignore`` in it and below aside.

    https://git-scm.com/docs/gitignore, https://git-scm.com/docs/git-config#FILES

    Raises:
        OSError: git can't say.
    """
    asked = [part for name in _STATE for part in ("--git-path", name)]
    output = _run(root, "rev-parse", "--show-toplevel", *asked)
    settings_told = _run(root, "config", "--list", "--show-origin", "-z")
    lines = os.fsdecode(output or b"").removesuffix("\n").split("\n")
    if settings_told is None or len(lines) != len(_STATE) + 1:
        raise OSError("git can't say where its files are")
    above, *state = lines
    found = [os.path.join(root, path) for path in state]
    home = os.path.expanduser("~")
    settings = os.environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config")
    found += [os.path.join(settings, "git", name) for name in ("config", "ignore")]
    found += [os.path.join(home, ".gitconfig"), "/etc/gitconfig"]
    for told in _split(settings_told):
        key = told.partition("\n")[0]
        if told.startswith("file:/"):
            found.append(told.removeprefix("file:"))
        elif key == "core.excludesfile":
            own = _run(root, "config", "--type=path", "--get", key)
            found += [os.fsdecode(own.removesuffix(b"\n"))] if own else []
    for folder in root.parents:
        if not folder.is_relative_to(above):
            break
        found.append(os.path.join(folder, ".gitignore"))
    return found


def changed_files(root: Path) -> frozenset[str] | None:
    """Paths below `root` that differ from the last commit, None if git can't say."""
    output = _run(
        root,
        "status",
        "--porcelain=v1",
        "-z",
        "--no-renames",
        "--untracked-files=all",
        "--ignore-submodules=all",
        "--",
        ".",
    )
    prefix = _run(root, "rev-parse", "--show-prefix")
    if output is None or prefix is None:
        return None
    entries = _split(output)
    if not entries and not _run(root, "ls-files", "-z", "--cached"):
        # Git ignores root, or there is nothing: no change there could be undone with git.
        return None
    # Status names paths from the top of the work tree: "XY path".
    top = os.fsdecode(prefix.removesuffix(b"\n"))
    return frozenset(entry[3:].removeprefix(top) for entry in entries)


def distrusts(root: Path) -> bool:
    """Whether git says nothing of the repository of `root` because another user owns it.

    https://git-scm.com/docs/git-config#Documentation/git-config.txt-safedirectory
    """
    import subprocess

    try:
        done = subprocess.run(
            ["git", "rev-parse", "--git-dir"],
            cwd=root,
            env=_environment() | {"LC_ALL": "C"},
            capture_output=True,
        )
    except OSError:
        return False
    return done.returncode != 0 and b"dubious ownership" in done.stderr


def _split(output: bytes) -> list[str]:
    return [os.fsdecode(item) for item in output.split(b"\0") if item]


def _environment() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if k not in _LOCATION_VARIABLES}


def _run(
    root: Path, *arguments: str, given: bytes = b"", ended: Collection[int] = (0,)
) -> bytes | None:
    """What git prints when it is ``given`` this; None unless it ``ended`` so."""
    import subprocess

    environment = _environment()
    # Asking must not write the index, nor run a program that the repository's config names.
    environment["GIT_OPTIONAL_LOCKS"] = "0"
    try:
        done = subprocess.run(
            ["git", "-c", "core.fsmonitor=false", *arguments],
            cwd=root,
            env=environment,
            input=given,
            capture_output=True,
        )
    except OSError:
        return None
    return done.stdout if done.returncode in ended else None
