"""A commit that is killed or fails at any moment leaves every file before or after it.

The moments are found by counting: the k-th call that changes the file system kills the process
(or raises), for every k up to the one that is never reached. This file is also the program that
forks the processes to be killed.
"""

import contextlib
import errno
import itertools
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from trackfix.rewrite.transaction import Change, TransactionError, commit, recover, undo

CALLS = (
    *("open", "write", "ftruncate", "fsync", "replace", "rename", "unlink", "mkdir", "rmdir"),
    *("chmod", "chown", "utime", "setxattr"),
)
ODD_NAME = os.fsdecode(b"pkg/odd \xe9.py")
CHANGES = [
    Change("pkg/shims/gone.py", b"from pkg.real import f\n", None),
    Change("grows.py", b"short", b"a longer content"),
    Change("pkg/shrinks.py", b"a longer content", b"short"),
    Change(ODD_NAME, b"", b"not empty"),
    Change("a.py", b"old\n", b""),
]
ACTIONS: dict[str, Callable[[Path], object]] = {
    "commit": lambda root: commit(root, CHANGES),
    "undo": undo,
    "recover": recover,
}


def make_project(root: Path) -> None:
    for change in CHANGES:
        path = root / change.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(change.before)
    (root / "a.py").chmod(0o755)
    (root / "pkg/shims").chmod(0o750)
    (root / "pkg/kept.py").write_bytes(b"kept\n")
    (root / "pkg/shims/__pycache__").mkdir()
    (root / "pkg/shims/__pycache__/gone.cpython-311.pyc").write_bytes(b"compiled")
    os.link(root / "grows.py", root / "grows-too.py")
    os.link(root / "pkg/shrinks.py", root / "shrinks-too.py")


def project_paths(root: Path) -> Iterator[Path]:
    """All but trackfix's own folder, and but compiled files, which no one promised to restore."""
    for path in root.rglob("*"):
        if not {".trackfix", "__pycache__"} & {*path.parts}:
            yield path


def snapshot(root: Path) -> dict[str, Any]:
    return {
        os.fspath(path.relative_to(root)): (
            path.lstat().st_mode,
            path.is_file() and (path.lstat().st_nlink, path.read_bytes()),
        )
        for path in project_paths(root)
    }


def files_only(shot: dict[str, Any]) -> dict[str, Any]:
    """Without the folders: to leave an empty one behind is a trifle, not a failure."""
    return {path: look for path, look in shot.items() if look[1]}


def contents(root: Path) -> dict[Path, bytes]:
    """What the files hold, but for our temporary ones."""
    return {p: p.read_bytes() for p in project_paths(root) if p.is_file() and p.name[0] != "."}


@pytest.fixture(autouse=True)
def _no_waiting_for_the_disk(monkeypatch):
    # These tests cut no power, and waiting would be most of their time.
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


@pytest.fixture
def state(tmp_path) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the project looks like before and after the commit."""
    root = tmp_path / "model"
    make_project(root)
    before = snapshot(root)
    commit(root, CHANGES)
    after = snapshot(root)
    undo(root)
    assert snapshot(root) == before
    return before, after


@pytest.fixture
def projects(tmp_path) -> Iterator[Path]:
    """One fresh project after the other."""

    def fresh() -> Iterator[Path]:
        for number in itertools.count():
            make_project(tmp_path / f"{number}")
            yield tmp_path / f"{number}"

    return fresh()


@contextlib.contextmanager
def struck(strike: Callable[[int, str], None]) -> Iterator[None]:
    """Call ``strike`` with the number and name of every call that changes the file system.

    ``strike`` comes before the call, but for a write, of which one half has happened already.
    """
    numbers = itertools.count(1)
    real = {name: getattr(os, name) for name in CALLS}

    def hooked(name: str) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            if name == "open" and not args[1] & os.O_CREAT:
                return real[name](*args, **kwargs)
            if name == "write":
                half = real[name](args[0], args[1][: (len(args[1]) + 1) // 2])
                strike(next(numbers), name)
                return half
            strike(next(numbers), name)
            return real[name](*args, **kwargs)

        return call

    with pytest.MonkeyPatch.context() as patch:
        for name in CALLS:
            patch.setattr(os, name, hooked(name))
        yield


def _killed(action: str, root: str, moment: int, name: str | None) -> bool:
    remaining = itertools.count(moment - 1, -1)

    def strike(_: int, called: str) -> None:
        if name in (None, called) and next(remaining) == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if not child:
        try:
            with struck(strike):
                ACTIONS[action](Path(root))
            os._exit(0)
        finally:
            os._exit(1)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


@pytest.fixture(scope="module")
def killed() -> Iterator[Callable[..., bool]]:
    """Runs an action in a child killed at the n-th call (of this name); False if it ends first.

    The children are those of a small process: to fork one that has run other tests takes long.
    """
    program = [sys.executable, __file__]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        given, answers = server.stdin, server.stdout

        def ask(action: str, root: Path, moment: int, name: str | None = None) -> bool:
            given.write(json.dumps([action, os.fspath(root), moment, name]).encode() + b"\n")
            given.flush()
            answer: bool = json.loads(answers.readline())
            return answer

        yield ask
        given.close()


def assert_tidy(root: Path) -> None:
    assert {p.name for p in root.glob(".trackfix/*")} <= {".gitignore", "last"}
    assert recover(root) is None


def test_a_killed_commit_is_wholly_before_or_after(killed, projects, state):
    before, after = state
    seen = []
    for moment, root in enumerate(projects, 1):
        if not killed("commit", root, moment):
            break
        account = recover(root)
        assert snapshot(root) in (before, after), f"killed at call {moment}"
        assert_tidy(root)
        seen.append((snapshot(root) == after, account and account.partition(" (")[0]))
        with contextlib.suppress(TransactionError):
            undo(root)
        assert snapshot(root) == before
    assert list(dict.fromkeys(seen)) == [
        (False, None),
        (False, "rolled back an interrupted apply"),
        (True, "finished an interrupted apply"),
        (True, None),
    ]


def test_a_killed_undo_is_wholly_before_or_after(killed, projects, state):
    before, after = state
    seen = []
    for moment, root in enumerate(projects, 1):
        commit(root, CHANGES)
        if not killed("undo", root, moment):
            break
        recover(root)
        assert snapshot(root) in (before, after), f"killed at call {moment}"
        assert_tidy(root)
        seen.append(snapshot(root) == after)
        with contextlib.suppress(TransactionError):
            undo(root)
        assert snapshot(root) == before
    assert seen == sorted(seen, reverse=True)


@pytest.mark.parametrize(
    "death",
    [(1, "rename"), (1, "ftruncate"), (1, "replace"), (3, "rename")],
    ids=["journal not current yet", "in a torn write", "between files", "while tidying up"],
)
def test_a_killed_recover_can_be_called_again(killed, projects, state, death):
    before, after = state
    wanted = after if death == (3, "rename") else before
    for moment, root in enumerate(projects, 1):
        assert killed("commit", root, *death)
        if not killed("recover", root, moment):
            break
        recover(root)
        assert snapshot(root) == wanted, f"killed at call {moment}"
        assert_tidy(root)


def test_real_kills_at_random_moments(tmp_path):
    chance = random.Random(7)
    files = {f"pkg{n % 7}/mod{n}.py": b"import old\n" * n for n in range(1, 60)}
    changes = [
        Change(path, data, None if n % 5 == 0 else data.replace(b"old", b"new"))
        for n, (path, data) in enumerate(files.items())
    ]
    longest = 0.0
    for run in range(21):
        root = tmp_path / f"{run}"
        for path, data in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(data)
        before = snapshot(root)
        child = os.fork()
        if not child:
            try:
                commit(root, changes)
                os._exit(0)
            finally:
                os._exit(1)
        if run == 0:
            started = time.monotonic()
            os.waitpid(child, 0)
            longest = time.monotonic() - started
            after = snapshot(root)
            continue
        time.sleep(chance.uniform(0, longest))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        recover(root)
        assert snapshot(root) in (before, after)
        assert_tidy(root)


# --- somebody else gets in between -----------------------------------------------------


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: ascii(change.path))
def test_recover_never_overwrites_what_somebody_else_wrote(killed, tmp_path, change):
    root = tmp_path
    make_project(root)
    original = contents(root)
    assert killed("commit", root, 1, "replace")
    (root / change.path).write_bytes(b"somebody else's work")
    between = contents(root)
    name = ascii(Path(change.path).name)[1:-1]
    for _ in range(2):
        with pytest.raises(TransactionError, match="changed by another program") as caught:
            recover(root)
        assert name in str(caught.value)
        assert contents(root) == between
        with pytest.raises(TransactionError, match="interrupted; recover it first"):
            commit(root, [Change("pkg/kept.py", b"kept\n", b"x")])
        with pytest.raises(TransactionError, match="interrupted; recover it first"):
            undo(root)

    (root / change.path).write_bytes(change.before)
    assert recover(root) == "rolled back an interrupted apply (files: 5)"
    assert contents(root) == original
    assert_tidy(root)


def test_a_file_written_while_the_commit_runs_is_not_overwritten(tmp_path):
    make_project(tmp_path)
    before = snapshot(tmp_path)

    def strike(_: int, name: str) -> None:
        if name == "replace":
            (tmp_path / "a.py").write_bytes(b"somebody else's work")

    with struck(strike), pytest.raises(TransactionError, match=r"^a\.py: changed by another"):
        commit(tmp_path, CHANGES)
    assert (tmp_path / "a.py").read_bytes() == b"somebody else's work"
    (tmp_path / "a.py").write_bytes(b"old\n")
    recover(tmp_path)
    assert snapshot(tmp_path) == before


def test_a_damaged_journal_of_a_killed_commit_is_named(killed, tmp_path):
    make_project(tmp_path)
    assert killed("commit", tmp_path, 1, "replace")
    between = contents(tmp_path)
    (tmp_path / ".trackfix/committing/journal.json").write_bytes(b"{")
    with pytest.raises(
        TransactionError, match=r"committing/journal\.json: this journal is damaged"
    ):
        recover(tmp_path)
    assert contents(tmp_path) == between


# --- failures that do not kill ---------------------------------------------------------


@pytest.mark.parametrize("action", ["commit", "undo"])
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left"), KeyboardInterrupt()])
def test_a_failing_call_is_rolled_back_at_once(projects, state, action, error):
    before, after = state
    for moment, root in enumerate(projects, 1):
        if action == "undo":
            commit(root, CHANGES)
        reached = []

        def strike(number: int, _: str, moment: int = moment, reached: list[int] = reached) -> None:
            if number == moment:
                reached.append(number)
                raise error

        told = None
        with struck(strike):
            try:
                commit(root, CHANGES) if action == "commit" else undo(root)
            except (TransactionError, KeyboardInterrupt) as caught:
                told = caught
        if not reached:
            break
        # An interrupt may come while a commit that stands is being tidied up.
        stands = any((root / ".trackfix" / stage).exists() for stage in ("committed", "last"))
        if not isinstance(told, KeyboardInterrupt):
            assert stands == ((action == "commit") == (told is None)), f"failed at call {moment}"
        recover(root)
        assert files_only(snapshot(root)) == files_only(after if stands else before)
        assert_tidy(root)


def test_a_disk_that_stays_full_can_be_recovered_from_later(projects, state):
    before, _ = state
    for moment, root in enumerate(projects, 1):
        reached = []

        def strike(
            number: int, name: str, moment: int = moment, reached: list[int] = reached
        ) -> None:
            if number >= moment and name in ("open", "write", "mkdir"):
                reached.append(number)
                raise OSError(errno.ENOSPC, "No space left on device")

        with struck(strike), contextlib.suppress(TransactionError):
            commit(root, CHANGES)
        if not reached:
            break
        recover(root)
        assert snapshot(root) == before
        assert_tidy(root)


def mount_tiny(folder: Path) -> bool:
    with contextlib.suppress(OSError):
        mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "none", os.fspath(folder)]
        return subprocess.run(mount, capture_output=True, check=False).returncode == 0
    return False


def test_a_disk_that_is_really_full(tmp_path):
    if not mount_tiny(tmp_path):
        return  # only root may mount; the simulated full disks above have no such needs
    try:
        old = b"x" * 100_000
        (tmp_path / "a.py").write_bytes(old)
        (tmp_path / "b.py").write_bytes(b"old\n")
        with pytest.raises(TransactionError, match="No space left on device; no file was changed"):
            commit(tmp_path, [Change("b.py", b"old\n", b"new\n"), Change("a.py", old, b"y" + old)])
        assert (tmp_path / "a.py").read_bytes() == old
        assert (tmp_path / "b.py").read_bytes() == b"old\n"
        assert_tidy(tmp_path)
        commit(tmp_path, [Change("b.py", b"old\n", b"new\n")])
    finally:
        subprocess.run(["umount", os.fspath(tmp_path)], check=True)


if __name__ == "__main__":
    os.fsync = lambda fd: None
    for line in sys.stdin:
        print(json.dumps(_killed(*json.loads(line))), flush=True)
