"""Which files tell of imports though git may not list them, and their versions."""

from trackfix.project.modules.unlisted import tells_of_imports, unlisted_stamps


def write(root, *names):
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")


def test_project_files_count_in_all_folders_but_those_of_packages(tmp_path):
    write(
        tmp_path, "setup.cfg", "a/setup.py", "a/pkg/pytest.ini", "a/pkg/deep/tox.ini", "b/tox.ini"
    )
    files = ["a/pkg/__init__.py", "a/pkg/deep/m.py"]
    found = [path for path, _ in unlisted_stamps(tmp_path, files)]
    assert found == ["setup.cfg", "a/setup.py", "a/pkg/deep/tox.ini"]


def test_an_extension_module_counts_in_a_package_whatever_is_in_it(tmp_path):
    write(tmp_path, "pkg/__init__.py", "pkg/fast.so", "other/fast.so")
    before = dict(unlisted_stamps(tmp_path, ["pkg/__init__.py"]))
    (tmp_path / "pkg/fast.so").write_text("built again")
    assert before.keys() == {"pkg/fast.so"}
    assert dict(unlisted_stamps(tmp_path, ["pkg/__init__.py"])) == before


def test_a_link_has_the_version_of_what_it_leads_to(tmp_path):
    write(tmp_path, "real.cfg")
    (tmp_path / "setup.cfg").symlink_to(tmp_path / "real.cfg")
    before = dict(unlisted_stamps(tmp_path, ["app.py"]))
    (tmp_path / "real.cfg").write_text("more")
    assert before.keys() == {"setup.cfg"}
    assert dict(unlisted_stamps(tmp_path, ["app.py"])) != before


def test_a_link_to_nowhere_and_a_missing_folder_are_passed_over(tmp_path):
    (tmp_path / "setup.cfg").symlink_to(tmp_path / "nowhere")
    assert not list(unlisted_stamps(tmp_path, ["app.py", "gone/a.py"]))


def test_such_a_file_is_told_by_its_name():
    assert tells_of_imports("setup.py")
    assert tells_of_imports("a/b/pyproject.toml")
    assert tells_of_imports("a/fast.cpython-311.so")
    assert not tells_of_imports("a/setup.py.bak")
