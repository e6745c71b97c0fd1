"""A baseline holds what was there, wherever it moves, and nothing else."""

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trackfix.lint.baseline import (
    Baseline,
    BaselineError,
    load_baseline,
    make_baseline,
    split,
    write_baseline,
)
from trackfix.lint.finding import Finding


def finding(path, line, code="TRK201"):
    return Finding(code, "name", path, line, 1, line, 2, "message")


def lines_of(files):
    return lambda path, line: files[path][line - 1]


def found(files):
    """A finding for each line that names a client."""
    return [
        finding(path, number, "TRK201" if "Client" in line else "TRK202")
        for path, lines in files.items()
        for number, line in enumerate(lines, 1)
        if "Client" in line or "client" in line
    ]


OLD = {"a.py": ["x = Client()", "y = Client()", "x = Client()"], "b.py": ["x = Client()"]}


def test_what_it_was_made_of_is_known():
    baseline = make_baseline(found(OLD), lines_of(OLD))
    parts = split(found(OLD), baseline, lines_of(OLD))
    assert (parts.new, len(parts.known), parts.gone) == ((), 4, Baseline({}))


def test_moved_and_reindented_lines_stay_known():
    baseline = make_baseline(found(OLD), lines_of(OLD))
    now = {"a.py": ["", "if z:", "    x  =  Client()", *OLD["a.py"][:2]], "b.py": OLD["b.py"]}
    parts = split(found(now), baseline, lines_of(now))
    assert (parts.new, len(parts.known), parts.gone.counts) == ((), 4, {})


def test_one_more_of_the_same_is_new_and_it_is_the_last():
    baseline = make_baseline(found(OLD), lines_of(OLD))
    now = {**OLD, "a.py": [*OLD["a.py"], "x = Client()"]}
    parts = split(found(now), baseline, lines_of(now))
    assert [(f.path, f.line) for f in parts.new] == [("a.py", 4)]


def test_another_rule_in_the_same_line_or_the_same_line_in_another_file_is_new():
    baseline = make_baseline(found(OLD), lines_of(OLD))
    other = [finding("a.py", 1, "TRK203"), finding("c.py", 1)]
    parts = split(other, baseline, lines_of({**OLD, "c.py": OLD["a.py"]}))
    assert parts.new == tuple(other)


def test_what_was_mended_is_gone():
    baseline = make_baseline(found(OLD), lines_of(OLD))
    now = {"a.py": ["x = Client()", "y = make()"], "b.py": [""]}
    parts = split(found(now), baseline, lines_of(now))
    assert {path: sum(c.values()) for path, c in parts.gone.counts.items()} == {"a.py": 2, "b.py": 1}  # fmt: skip


def test_an_update_keeps_files_that_were_not_checked():
    before = make_baseline(found(OLD), lines_of(OLD))
    now = {"a.py": ["x = Client()"]}
    after = make_baseline(found(now), lines_of(now), before=before, checked=["a.py", "c.py"])
    assert after.counts["b.py"] == before.counts["b.py"]
    assert sum(after.counts["a.py"].values()) == 1
    clean = make_baseline([], lines_of(OLD), before=before, checked=["a.py"])
    assert list(clean.counts) == ["b.py"]


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["a.py", "b.py"]),
        st.lists(st.sampled_from(["Client()", "client", " Client( )", "", "x"]), max_size=6),
    ),
    st.randoms(),
)
def test_lines_in_any_order_are_known_and_the_parts_make_the_whole(files, random):
    baseline = make_baseline(found(files), lines_of(files))
    now = {path: random.sample(lines, len(lines)) for path, lines in files.items()}
    parts = split(found(now), baseline, lines_of(now))
    assert parts.new == ()
    assert parts.gone.counts == {}
    some = random.sample(found(now), len(found(now)) // 2)
    half = split(found(now), make_baseline(some, lines_of(now)), lines_of(now))
    assert len(half.known) == len(some)
    assert Counter(half.new + half.known) == Counter(found(now))


# The file


def test_the_file_is_sorted_stable_and_ends_in_a_newline(tmp_path):
    path = tmp_path / "baseline.json"
    write_baseline(path, make_baseline(found(OLD), lines_of(OLD)))
    first = path.read_bytes()
    write_baseline(path, make_baseline(reversed(found(OLD)), lines_of(OLD)))
    assert path.read_bytes() == first
    assert first.endswith(b"}\n")
    assert [p.name for p in tmp_path.iterdir()] == ["baseline.json"]
    value = json.loads(first)
    assert list(value["findings"]) == ["a.py", "b.py"]
    assert load_baseline(path) == make_baseline(found(OLD), lines_of(OLD))


def test_names_that_are_no_text_survive(tmp_path):
    name = b"a\xff.py".decode("utf-8", "surrogateescape")
    files = {name: ["Client()\ud800"]}
    baseline = make_baseline(found(files), lines_of(files))
    write_baseline(tmp_path / "b", baseline)
    assert load_baseline(tmp_path / "b") == baseline


def test_a_link_is_followed_and_the_mode_kept(tmp_path):
    real, link = tmp_path / "real.json", tmp_path / "link.json"
    write_baseline(real, Baseline())
    real.chmod(0o640)
    link.symlink_to(real)
    write_baseline(link, Baseline({"a.py": {"TRK201:0": 1}}))
    assert link.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert load_baseline(real).counts == {"a.py": {"TRK201:0": 1}}


def test_a_write_that_fails_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    path = tmp_path / "baseline.json"
    write_baseline(path, Baseline())
    before = path.read_bytes()

    def full(self, data):
        with open(self, "wb") as file:
            file.write(data[:10])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(BaselineError, match=r"can't be written: No space left"):
        write_baseline(path, Baseline({"a.py": {"TRK201:0": 1}}))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "does not exist; make it with --update-baseline"),
        (b"{", "is not JSON; make it anew with --update-baseline"),
        (b"\xff", "is not JSON; make it anew with --update-baseline"),
        (b"[]", "is no baseline; make one with --update-baseline"),
        (b'{"version": 2, "findings": {}}', "has version 2, which this trackfix can't read"),
        (b'{"version": 1}', "is no baseline; make one with --update-baseline"),
        (b'{"version": 1, "findings": {"a": {"b": true}}}', "is no baseline; make one with --update-baseline"),
        (b'{"version": 1, "findings": {"a": {"b": 0}}}', "is no baseline; make one with --update-baseline"),
    ],
)  # fmt: skip
def test_what_is_no_baseline_is_refused_in_one_line(tmp_path, content, message):
    path = tmp_path / "baseline.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BaselineError) as refused:
        load_baseline(path)
    assert str(refused.value) == f"{path}: {message}"


def test_a_folder_is_no_baseline(tmp_path):
    with pytest.raises(BaselineError, match="can't be read"):
        load_baseline(tmp_path)
