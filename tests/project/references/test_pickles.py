"""What a pickle names, it imports when it is loaded."""

import bz2
import gzip
import io
import lzma
import pickle
import zipfile
import zlib
from collections.abc import Callable

import pytest

from trackfix.project.project import open_project
from trackfix.project.references.moves import find_moves
from trackfix.project.references.pickles import find_pickled_names


class Old:
    """Pickled by a name of the shim."""


Old.__module__ = "lib.old"
Old.__qualname__ = "Box"


class Longer:
    """Pickled by a name that is longer than the shim's."""


Longer.__module__ = "lib.older"
Longer.__qualname__ = "Box"


def pickled(kind, protocol, monkeypatch):
    """The pickle of a class that is where its ``__module__`` says, for as long as that takes."""
    import sys
    import types

    for name in ("lib", kind.__module__):
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    monkeypatch.setattr(sys.modules[kind.__module__], "Box", kind, raising=False)
    return pickle.dumps(kind, protocol)


@pytest.fixture
def named(tmp_path, monkeypatch):
    """Where pickles name a shim in a project with one more file."""
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib/__init__.py").write_text("")
    (tmp_path / "lib/home.py").write_text("class Box: pass\n")
    (tmp_path / "lib/old.py").write_text('"""Deprecated."""\nfrom lib.home import Box\n')

    def run(path, data):
        (tmp_path / path).write_bytes(data)
        project = open_project(tmp_path)
        return list(find_pickled_names(project, find_moves(project)[0]))

    return run


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("suffix", ["pkl", "PICKLE", "joblib", "pt"])
def test_a_file_names_the_module_of_what_was_pickled(named, monkeypatch, protocol, suffix):
    data = pickled(Old, protocol, monkeypatch)
    assert named(f"box.{suffix}", data) == [("lib/old.py", f"box.{suffix}", 1)]


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_bytes_literal_names_the_module_with_its_line(named, monkeypatch, protocol):
    data = pickled(Old, protocol, monkeypatch)
    assert named("app.py", f"\nBOX = {data!r}\n".encode()) == [("lib/old.py", "app.py", 2)]


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_longer_name_is_another_module(named, monkeypatch, protocol):
    assert named("box.pkl", pickled(Longer, protocol, monkeypatch)) == []


OTHERS = {
    "a text": ("app.py", b"BOX = 'clib.old\\nBox\\n.'\n"),
    "bytes that only say the name": ("app.py", b"BOX = b'lib.old'\n"),
    "a file of another kind": ("box.png", b"clib.old\nBox\n."),
}


@pytest.mark.parametrize("path, data", OTHERS.values(), ids=OTHERS)
def test_no_pickle_is(named, path, data):
    assert named(path, data) == []


def _zipped(data):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/version", "3")
        archive.writestr("archive/data.pkl", data)
    return file.getvalue()


PACKED: dict[str, Callable[[bytes], bytes]] = {
    "joblib": zlib.compress,
    "pkl": lzma.compress,
    "pkl.gz": gzip.compress,
    "pickle.bz2": bz2.compress,
    "joblib.xz": lzma.compress,
    "pt": _zipped,
    "ckpt": _zipped,
    "npz": _zipped,
    "npy": lambda data: b"\x93NUMPY\x01\0\x02\0{}" + data,
    "PKL.GZ": gzip.compress,
}


@pytest.mark.parametrize("suffix", PACKED)
def test_a_packed_pickle_is_read_as_well(named, monkeypatch, suffix):
    pack = PACKED[suffix]
    path = f"box.{suffix}"
    assert named(path, pack(pickled(Old, 4, monkeypatch))) == [("lib/old.py", path, 1)]
    assert named(path, pack(pickled(Longer, 4, monkeypatch))) == []


@pytest.mark.parametrize("suffix", PACKED)
def test_what_can_t_be_unpacked_names_nothing(named, monkeypatch, suffix):
    packed = PACKED[suffix](pickled(Old, 4, monkeypatch))
    assert named(f"box.{suffix}", packed[:4] + bytes(40)) == []


@pytest.mark.parametrize("suffix", ["csv.gz", "tar.gz", "zip", "bin", "gz"])
def test_other_packed_files_are_not_read(named, monkeypatch, suffix):
    assert named(f"box.{suffix}", gzip.compress(pickled(Old, 4, monkeypatch))) == []
