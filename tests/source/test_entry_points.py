"""The entry points of what is installed, read without importlib.metadata."""

from importlib.metadata import entry_points

from trackfix.source.entry_points import AnnouncedObject, find_entry_points


def test_the_same_is_found_as_by_the_standard_library():
    for group in ("trackfix.rules", "trackfix.codemods", "console_scripts", "pytest11"):
        expected = {(point.name, point.value) for point in entry_points(group=group)}
        assert {(found.name, found.value) for found in find_entry_points(group)} == expected


def test_the_first_of_two_distributions_of_one_name_counts(tmp_path):
    for folder, value in (("a", "one:R"), ("b", "two:R")):
        metadata = tmp_path / folder / f"My_Dist-{folder}.dist-info"
        metadata.mkdir(parents=True)
        (metadata / "entry_points.txt").write_text(f"[group]\nname = {value}\n")
    folders = [str(tmp_path / "a"), str(tmp_path / "b")]
    assert find_entry_points("group", folders) == [AnnouncedObject("name", "one:R", "my-dist")]


def test_what_is_no_metadata_is_passed_over(tmp_path):
    (tmp_path / "bare-1.0.dist-info").mkdir()
    (tmp_path / "file-1.0.dist-info").write_text("")
    odd = tmp_path / "odd-1.0.dist-info"
    odd.mkdir()
    (odd / "entry_points.txt").write_bytes(b"[group]\nname = \xff:R\n")
    other = tmp_path / "other-1.0.egg-info"
    other.mkdir()
    (other / "entry_points.txt").write_text("; no\n# no\n[other]\nx = m:R\n\n[group]\n")
    assert find_entry_points("group", [str(tmp_path), str(tmp_path / "nowhere")]) == []
