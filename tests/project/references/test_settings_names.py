"""What files of settings name."""

import pytest

from trackfix.project.project import open_project
from trackfix.project.references.settings_names import named_in_settings


@pytest.fixture
def named(tmp_path):
    def run(path, data, *names):
        (tmp_path / path).write_bytes(data if isinstance(data, bytes) else data.encode())
        return list(named_in_settings(open_project(tmp_path), names))

    return run


@pytest.mark.parametrize("name", ["a.json", "a.yaml", "a.yml", "a.toml", "a.ini", "a.cfg"])
def test_a_dotted_name_is_found_with_its_line(named, name):
    assert named(name, '\n\n"lib.old.f"\n', "lib.old.f", "lib.old.g") == [(name, 3, "lib.old.f")]


def test_the_last_part_may_stand_behind_a_colon(named):
    assert named("a.ini", "job = lib.old:f\n", "lib.old.f") == [("a.ini", 1, "lib.old.f")]


@pytest.mark.parametrize(
    "text", ["lib.old.f2", "my.lib.old.f", "lib-old-f", "libXold.f", "lib.old"]
)
def test_another_name_is_not(named, text):
    assert named("a.yaml", f"call: {text}\n", "lib.old.f") == []


def test_a_text_for_people_is_no_setting(named):
    assert named("README.md", "lib.old.f\n", "lib.old.f") == []


def test_bytes_of_any_encoding_are_read(named):
    assert named("a.cfg", b"# \xe9\ncall = lib.old.f\n", "lib.old.f") == [("a.cfg", 2, "lib.old.f")]


def test_no_names_are_nowhere(named):
    assert named("a.yaml", "call: lib.old.f\n") == []
