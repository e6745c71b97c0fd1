"""What a commit and its undo do to the files, and what they refuse to do."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trackfix.rewrite.transaction import (
    Change,
    TransactionError,
    commit,
    edited_last,
    lock,
    recover,
    undo,
)


def contents(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and ".trackfix" not in path.parts
    }


def write(path: Path, content: bytes = b"old\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def refusal(root: Path, *changes: Change) -> str:
    before = contents(root)
    with pytest.raises(TransactionError) as caught:
        commit(root, changes)
    assert contents(root) == before
    assert not (root / ".trackfix").exists()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_commit_replaces_and_removes_and_undo_takes_back(tmp_path):
    write(tmp_path / "a.py")
    write(tmp_path / "pkg/old/gone.py", b"gone\n")
    write(tmp_path / "pkg/kept.py")

    commit(
        tmp_path,
        [Change("a.py", b"old\n", b"new\r\n"), Change("pkg/old/gone.py", b"gone\n", None)],
    )
    assert contents(tmp_path) == {"a.py": b"new\r\n", "pkg/kept.py": b"old\n"}
    assert not (tmp_path / "pkg/old").exists()
    assert (tmp_path / ".trackfix/.gitignore").read_bytes() == b"*\n"

    assert undo(tmp_path) == ("a.py", "pkg/old/gone.py")
    assert contents(tmp_path) == {
        "a.py": b"old\n",
        "pkg/kept.py": b"old\n",
        "pkg/old/gone.py": b"gone\n",
    }
    with pytest.raises(TransactionError, match="nothing to undo"):
        undo(tmp_path)


@pytest.mark.parametrize("changes", [[], [Change("a.py", b"old\n", b"old\n")]])
def test_commit_of_nothing_does_nothing_at_all(tmp_path, changes):
    write(tmp_path / "a.py")
    commit(tmp_path, changes)
    assert [path.name for path in tmp_path.iterdir()] == ["a.py"]


def test_recover_with_nothing_to_do_does_nothing_at_all(tmp_path):
    assert recover(tmp_path) is None
    assert not list(tmp_path.iterdir())
    write(tmp_path / "a.py")
    commit(tmp_path, [Change("a.py", b"old\n", b"new\n")])
    assert recover(tmp_path) is None
    assert contents(tmp_path) == {"a.py": b"new\n"}


def test_undo_reaches_back_one_commit_only(tmp_path):
    write(tmp_path / "a.py", b"1")
    commit(tmp_path, [Change("a.py", b"1", b"2")])
    commit(tmp_path, [Change("a.py", b"2", b"3")])
    undo(tmp_path)
    assert contents(tmp_path) == {"a.py": b"2"}
    with pytest.raises(TransactionError, match="nothing to undo"):
        undo(tmp_path)


def test_what_the_last_commit_edited_is_known_as_long_as_it_is_there(tmp_path):
    assert edited_last(tmp_path) == {}
    for name in ("a.py", "b.py", "c.py"):
        write(tmp_path / name)
    edits = [Change(name, b"old\n", b"new\n") for name in ("a.py", "b.py")]
    commit(tmp_path, [*edits, Change("c.py", b"old\n", None)])
    write(tmp_path / "b.py", b"mine\n")
    assert edited_last(tmp_path) == {"a.py": b"old\n"}
    (tmp_path / ".trackfix/last/journal.json").write_text("{")
    assert edited_last(tmp_path) == {}


def test_undo_names_every_file_changed_since_and_touches_none(tmp_path):
    for name in ("a.py", "b.py", "c.py", "d.py"):
        write(tmp_path / name)
    commit(
        tmp_path,
        [Change(name, b"old\n", b"new\n") for name in ("a.py", "b.py", "c.py")]
        + [Change("d.py", b"old\n", None)],
    )
    write(tmp_path / "a.py", b"mine\n")
    (tmp_path / "b.py").unlink()
    write(tmp_path / "d.py", b"again\n")
    before = contents(tmp_path)
    with pytest.raises(TransactionError, match=r"^a\.py, b\.py, d\.py: changed since"):
        undo(tmp_path)
    assert contents(tmp_path) == before

    write(tmp_path / "a.py", b"new\n")
    write(tmp_path / "b.py", b"new\n")
    (tmp_path / "d.py").unlink()
    undo(tmp_path)
    assert set(contents(tmp_path).values()) == {b"old\n"}


AWKWARD = ["with space.py", "é.py", os.fsdecode(b"latin-\xe9.py"), "line\nbreak.py", "n" * 255]


@pytest.mark.parametrize("name", AWKWARD)
@pytest.mark.parametrize("before, after", [(b"", b"x"), (b"x", b""), (b"\xff\x00", None)])
def test_awkward_names_and_empty_files(tmp_path, name, before, after):
    write(tmp_path / "deep er" / name, before)
    path = f"deep er/{name}"
    commit(tmp_path, [Change(path, before, after)])
    assert contents(tmp_path) == ({} if after is None else {path: after})
    assert undo(tmp_path) == (path,)
    assert contents(tmp_path) == {path: before}


def test_a_message_can_be_printed_whatever_the_file_is_called(tmp_path):
    message = refusal(tmp_path, Change(os.fsdecode(b"\xe9\n.py"), b"", b"x"))
    assert message.encode("utf-8").startswith(rb"\udce9\n.py: changed since")


# --- what survives ---------------------------------------------------------------------


def test_mode_owner_and_xattrs_survive_and_the_time_does_not(tmp_path):
    kept, removed = write(tmp_path / "a.py"), write(tmp_path / "pkg/b.py")
    marks = {}
    for path in (kept, removed):
        path.chmod(0o751)
        if os.geteuid() == 0:
            os.chown(path, 1234, 4321)
        try:
            os.setxattr(path, "user.mark", b"m")
            marks = {"user.mark": b"m"}
        except OSError:
            pass  # this file system has none
        os.utime(path, (1, 1))
    (tmp_path / "pkg").chmod(0o2750)
    looks = [(p.stat().st_mode, p.stat().st_uid, p.stat().st_gid) for p in (kept, removed)]
    folder_mode = (tmp_path / "pkg").stat().st_mode

    commit(tmp_path, [Change("a.py", b"old\n", b"new\n"), Change("pkg/b.py", b"old\n", None)])
    assert (kept.stat().st_mode, kept.stat().st_uid, kept.stat().st_gid) == looks[0]
    assert kept.stat().st_mtime > 1
    undo(tmp_path)
    assert [(p.stat().st_mode, p.stat().st_uid, p.stat().st_gid) for p in (kept, removed)] == looks
    assert (tmp_path / "pkg").stat().st_mode == folder_mode
    for path in (kept, removed):
        assert {name: os.getxattr(path, name) for name in os.listxattr(path)} == marks


@pytest.mark.parametrize("after", [b"n", b"much longer than before\n"])
def test_hard_links_survive(tmp_path, after):
    (tmp_path / "project").mkdir()
    file = write(tmp_path / "project/a.py")
    os.link(file, tmp_path / "outside.py")
    commit(tmp_path / "project", [Change("a.py", b"old\n", after)])
    assert (tmp_path / "outside.py").read_bytes() == after
    assert file.samefile(tmp_path / "outside.py")
    undo(tmp_path / "project")
    assert (tmp_path / "outside.py").read_bytes() == b"old\n"
    assert file.samefile(tmp_path / "outside.py")


@pytest.mark.parametrize("after", [b"new\n", None])
def test_two_names_of_one_file_in_one_plan(tmp_path, after):
    os.link(write(tmp_path / "a.py"), tmp_path / "b.py")
    commit(tmp_path, [Change("a.py", b"old\n", after), Change("b.py", b"old\n", after)])
    assert contents(tmp_path) == ({} if after is None else {"a.py": after, "b.py": after})
    undo(tmp_path)
    assert contents(tmp_path) == {"a.py": b"old\n", "b.py": b"old\n"}


def test_compiled_files_go_with_their_module(tmp_path):
    write(tmp_path / "pkg/sub/__init__.py")
    write(tmp_path / "pkg/sub/__pycache__/__init__.cpython-311.pyc")
    write(tmp_path / "pkg/sub/__pycache__/__init__.cpython-312.opt-1.pyc")
    write(tmp_path / "pkg/a.py")
    write(tmp_path / "pkg/__pycache__/a.cpython-311.pyc")
    write(tmp_path / "pkg/__pycache__/ab.cpython-311.pyc")
    commit(
        tmp_path,
        [Change("pkg/sub/__init__.py", b"old\n", None), Change("pkg/a.py", b"old\n", None)],
    )
    assert not (tmp_path / "pkg/sub").exists()
    assert set(contents(tmp_path)) == {"pkg/__pycache__/ab.cpython-311.pyc"}


def test_a_folder_that_was_empty_before_and_the_root_stay(tmp_path):
    root = tmp_path / "root"
    write(root / "pkg/a.py")
    (root / "pkg/empty").mkdir()
    write(root / "only.py")
    commit(root, [Change("pkg/a.py", b"old\n", None), Change("only.py", b"old\n", None)])
    assert (root / "pkg/empty").is_dir()


def test_a_symlinked_folder_inside_the_project_is_fine(tmp_path):
    write(tmp_path / "real/a.py")
    (tmp_path / "alias").symlink_to("real")
    commit(tmp_path, [Change("alias/a.py", b"old\n", b"new\n")])
    assert (tmp_path / "real/a.py").read_bytes() == b"new\n"


# --- what is refused, with no byte written ---------------------------------------------


def test_a_file_that_changed_since_the_plan(tmp_path):
    write(tmp_path / "a.py")
    write(tmp_path / "b.py", b"mine\n")
    changes = [Change("a.py", b"old\n", b"new\n"), Change("b.py", b"old\n", b"new\n")]
    assert refusal(tmp_path, *changes).startswith("b.py: changed since the plan")
    (tmp_path / "b.py").unlink()
    assert refusal(tmp_path, *changes).startswith("b.py: changed since the plan")


def test_read_only_files_and_folders(tmp_path):
    file = write(tmp_path / "pkg/a.py")
    file.chmod(0o444)
    assert "pkg/a.py: read-only" in refusal(tmp_path, Change("pkg/a.py", b"old\n", b"new\n"))
    file.chmod(0o644)
    file.parent.chmod(0o555)
    assert "pkg: read-only" in refusal(tmp_path, Change("pkg/a.py", b"old\n", None))
    file.parent.chmod(0o755)


def test_symlinks(tmp_path):
    root = tmp_path / "root"
    write(root / "a.py")
    write(tmp_path / "elsewhere/b.py")
    (root / "link.py").symlink_to("a.py")
    (root / "out").symlink_to(tmp_path / "elsewhere")
    assert "link.py: a symlink" in refusal(root, Change("link.py", b"old\n", b"new\n"))
    assert "out of the project" in refusal(root, Change("out/b.py", b"old\n", b"new\n"))


@pytest.mark.parametrize("path", ["", ".", "../x.py", "/etc/x", "./a.py", "a//b", ".trackfix/x"])
def test_paths_that_are_not_files_of_the_project(tmp_path, path):
    assert "not a path of a file" in refusal(tmp_path, Change(path, b"", b"x"))


def test_folders_and_files_in_each_others_place(tmp_path):
    write(tmp_path / "pkg/a.py")
    assert "no regular file" in refusal(tmp_path, Change("pkg", b"", b"x"))
    assert "a file where its folder was" in refusal(tmp_path, Change("pkg/a.py/b", b"", b"x"))


def test_one_file_planned_twice(tmp_path):
    write(tmp_path / "a.py")
    os.link(tmp_path / "a.py", tmp_path / "b.py")
    (tmp_path / "alias").symlink_to(".")
    first = Change("a.py", b"old\n", b"new\n")
    for path, after in (("a.py", b"new\n"), ("b.py", b"other\n"), ("b.py", None)):
        assert "the same file as a.py" in refusal(tmp_path, first, Change(path, b"old\n", after))


# --- the journal -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "damage",
    [b"", b"{", b"[]", b"\xff", b'{"version": 1}', b'{"version": 1, "changes": [7]}'],
)
def test_a_damaged_journal_is_named(tmp_path, damage):
    write(tmp_path / "a.py")
    commit(tmp_path, [Change("a.py", b"old\n", b"new\n")])
    index = tmp_path / ".trackfix/last/journal.json"
    index.write_bytes(damage)
    with pytest.raises(TransactionError, match=r"last/journal\.json: this journal is damaged"):
        undo(tmp_path)
    assert contents(tmp_path) == {"a.py": b"new\n"}


def test_a_damaged_copy_is_never_written_back(tmp_path):
    write(tmp_path / "a.py")
    commit(tmp_path, [Change("a.py", b"old\n", b"new\n")])
    (tmp_path / ".trackfix/last/0.before").write_bytes(b"ol")
    with pytest.raises(TransactionError, match="does not hold what was written"):
        undo(tmp_path)
    assert contents(tmp_path) == {"a.py": b"new\n"}


@pytest.mark.parametrize("path", ["../outside.py", "/outside.py"])
def test_a_forged_journal_reaches_no_file_outside(tmp_path, path):
    write(tmp_path / "root/a.py")
    write(tmp_path / "outside.py", b"new\n")
    commit(tmp_path / "root", [Change("a.py", b"old\n", b"new\n")])
    index = tmp_path / "root/.trackfix/last/journal.json"
    index.write_text(index.read_text().replace("a.py", path))
    with pytest.raises(TransactionError, match="no path in this project"):
        undo(tmp_path / "root")
    assert (tmp_path / "outside.py").read_bytes() == b"new\n"


def test_a_journal_of_another_version(tmp_path):
    write(tmp_path / "a.py")
    commit(tmp_path, [Change("a.py", b"old\n", b"new\n")])
    index = tmp_path / ".trackfix/last/journal.json"
    index.write_text(json.dumps(json.loads(index.read_text()) | {"version": 2}))
    with pytest.raises(TransactionError, match="another version of trackfix"):
        undo(tmp_path)


# --- the lock --------------------------------------------------------------------------


def test_the_lock_admits_one(tmp_path):
    with lock(tmp_path):
        with pytest.raises(TransactionError, match="another trackfix is changing files here"):
            with lock(tmp_path):
                pass
    with lock(tmp_path):
        pass


def test_a_killed_holder_frees_the_lock(tmp_path):
    code = (
        "import sys, pathlib, trackfix.rewrite.transaction as t\n"
        "assert 'filelock' not in sys.modules\n"
        "with t.lock(pathlib.Path(sys.argv[1])):\n"
        "    print('held', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(TransactionError):
            with lock(tmp_path):
                pass
        holder.kill()
        holder.wait()
        with lock(tmp_path):
            pass


# --- any tree, any plan ----------------------------------------------------------------

names = st.sampled_from(["a", "b c", "d"])
files = st.dictionaries(
    st.builds(
        lambda folders, name: "/".join([*folders, f"{name}.py"]), st.lists(names, max_size=3), names
    ),
    st.tuples(st.binary(max_size=8), st.one_of(st.none(), st.binary(max_size=8)), st.booleans()),
    max_size=6,
)


@given(files)
@settings(deadline=None, max_examples=50)
def test_undo_is_the_inverse_of_commit(tree):
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda descriptor: None)
        root = Path(folder)
        for path, (before, _, _) in tree.items():
            write(root / path, before)
        original = contents(root), sorted(root.rglob("*"))
        changes = [Change(path, old, new) for path, (old, new, chosen) in tree.items() if chosen]

        commit(root, changes)
        removed = {change.path for change in changes if change.after is None}
        wanted = {path: before for path, (before, _, _) in tree.items()}
        wanted |= {change.path: change.after for change in changes}
        assert contents(root) == {p: data for p, data in wanted.items() if p not in removed}
        assert all(any(p.rglob("*")) for p in root.rglob("*") if p.is_dir() and p.name[0] != ".")

        if any(change.before != change.after for change in changes):
            undo(root)
            paths = sorted(p for p in root.rglob("*") if ".trackfix" not in p.parts)
            assert (contents(root), paths) == original
