"""Which files may declare source roots, and their versions."""

from trackfix.project.project_files import is_project_file, project_file_stamps


def write(root, *names):
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")


def test_all_folders_count_but_those_of_packages(tmp_path):
    write(
        tmp_path, "setup.cfg", "a/setup.py", "a/pkg/pytest.ini", "a/pkg/deep/tox.ini", "b/tox.ini"
    )
    files = ["a/pkg/__init__.py", "a/pkg/deep/m.py"]
    found = [path for path, _ in project_file_stamps(tmp_path, files)]
    assert found == ["setup.cfg", "a/setup.py", "a/pkg/deep/tox.ini"]


def test_a_link_has_the_version_of_what_it_leads_to(tmp_path):
    write(tmp_path, "real.cfg")
    (tmp_path / "setup.cfg").symlink_to(tmp_path / "real.cfg")
    before = dict(project_file_stamps(tmp_path, ["app.py"]))
    (tmp_path / "real.cfg").write_text("more")
    assert before.keys() == {"setup.cfg"}
    assert dict(project_file_stamps(tmp_path, ["app.py"])) != before


def test_such_a_file_is_told_by_its_name():
    assert is_project_file("setup.py")
    assert is_project_file("a/b/pyproject.toml")
    assert not is_project_file("a/setup.py.bak")
