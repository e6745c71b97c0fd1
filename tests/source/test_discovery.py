"""Finding the files of a project."""

import os
import subprocess
from pathlib import Path

import pytest

from trackfix.source import git as git_module
from trackfix.source.discovery import (
    Listing,
    dirty_paths,
    discover,
    find_root,
    is_in_project,
)


def write(root: Path, *paths: str, content: str = "x = 1\n") -> None:
    for path in paths:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)


def git(root: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)


def everything(listing: Listing) -> list[str]:
    return [*listing.python, *listing.stubs, *listing.notebooks, *listing.text]


@pytest.fixture(params=["git", "walk"])
def root(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A project, once in a git work tree and once outside."""
    if request.param == "git":
        git(tmp_path, "init", "-q")
    return tmp_path


def test_files_are_sorted_by_kind(root: Path) -> None:
    write(root, "b.py", "a/é.py", "a.pyi", "n.ipynb", "README.md", "script")
    assert discover(root) == Listing(
        root=root,
        python=("a/é.py", "b.py"),
        stubs=("a.pyi",),
        notebooks=("n.ipynb",),
        text=("README.md", "script"),
        git=(root / ".git").exists(),
    )


def test_binary_and_large_files_are_no_text(root: Path) -> None:
    write(root, "a.PNG", "b.whl", "c.parquet", "d.pyc", "e.pkl")
    write(root, "big.lock", "big.py", content="x" * (1 << 20) + "y")
    listing = discover(root)
    assert listing.text == ()
    assert listing.python == ("big.py",)
    assert listing.left_out == ("big.lock",)


def test_ignored_files_are_left_out(root: Path) -> None:
    write(root, "a.py", "gen/b.py", "gen/keep.py", "sub/c.py", "sub/d.py", "sub/deep/c.py", "c.py")
    (root / ".gitignore").write_text("gen/*\n!gen/keep.py\n# c.py\n")
    (root / "sub/.gitignore").write_text("/c.py\n")
    assert discover(root).python == ("a.py", "c.py", "gen/keep.py", "sub/d.py", "sub/deep/c.py")


def test_a_nearer_gitignore_overrules(root: Path) -> None:
    write(root, "a.gen.py", "sub/a.gen.py")
    (root / ".gitignore").write_text("*.gen.py\n")
    (root / "sub/.gitignore").write_text("!*.gen.py\n")
    assert discover(root).python == ("sub/a.gen.py",)


def test_directories_of_tools_are_left_out(root: Path) -> None:
    write(root, "env/lib/a.py", "env/pyvenv.cfg", ".trackfix/b.py", "a/__pycache__/c.py")
    write(root, "node_modules/d.py", ".tox/e.py", "ok/env.py", "venv/f.py")
    assert discover(root).python == ("ok/env.py", "venv/f.py")


def test_only_git_knows_whether_a_build_directory_is_somebodys_work(root: Path) -> None:
    write(root, "build/a.py", "x.egg-info/b.py", "build.py")
    expected = {"build.py"} | (
        {"build/a.py", "x.egg-info/b.py"} if (root / ".git").exists() else set()
    )
    assert set(discover(root).python) == expected


def test_excluded_patterns_are_left_out(root: Path) -> None:
    write(root, "a.py", "legacy/b.py", "x/legacy/c.py", "x/d.py", "y/d.py", "legacy.py")
    assert discover(root, ["legacy/", "/x/d.py"]).python == ("a.py", "legacy.py", "y/d.py")


def test_symlinks_are_never_followed(root: Path) -> None:
    write(root, "real/a.py")
    (root / "link.py").symlink_to("real/a.py")
    (root / "linked").symlink_to("real", target_is_directory=True)
    (root / "real/loop").symlink_to("..", target_is_directory=True)
    (root / "broken.py").symlink_to("nowhere")
    (root / "self.py").symlink_to("self.py")
    assert everything(discover(root)) == ["real/a.py"]


def test_odd_names_are_listed(root: Path) -> None:
    write(root, "a b.py", "new\nline.py", '"quoted".py')
    (root / os.fsdecode(b"caf\xe9.py")).touch()
    names = {"a b.py", "new\nline.py", '"quoted".py', os.fsdecode(b"caf\xe9.py")}
    assert set(discover(root).python) == names


def test_what_is_no_regular_file_is_left_out(root: Path) -> None:
    os.mkfifo(root / "pipe.py")
    assert everything(discover(root)) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads all")
def test_an_unreadable_directory_is_skipped(root: Path) -> None:
    write(root, "a.py", "shut/b.py")
    (root / "shut").chmod(0)
    try:
        assert discover(root).python == ("a.py",)
    finally:
        (root / "shut").chmod(0o700)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q")
    return tmp_path


def test_files_that_git_tracks_are_listed_even_if_ignored(repository: Path) -> None:
    write(repository, "a.py", "b.py")
    git(repository, "add", ".")
    (repository / ".gitignore").write_text("*.py\n")
    assert discover(repository).python == ("a.py", "b.py")


def test_deleted_files_are_left_out(repository: Path) -> None:
    write(repository, "a.py", "b.py")
    git(repository, "add", ".")
    (repository / "b.py").unlink()
    assert discover(repository).python == ("a.py",)


def test_files_below_a_directory_that_became_a_symlink_are_left_out(repository: Path) -> None:
    write(repository, "a/x.py", "b/x.py")
    git(repository, "add", ".")
    (repository / "b/x.py").unlink()
    (repository / "b").rmdir()
    (repository / "b").symlink_to("a")
    assert discover(repository).python == ("a/x.py",)


def test_a_file_in_the_middle_of_a_merge_is_listed_once(repository: Path) -> None:
    write(repository, "a.py", content="1\n")
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "one")
    git(repository, "checkout", "-qb", "other")
    write(repository, "a.py", content="2\n")
    git(repository, "commit", "-qam", "two")
    git(repository, "checkout", "-q", "-")
    write(repository, "a.py", content="3\n")
    git(repository, "commit", "-qam", "three")
    with pytest.raises(subprocess.CalledProcessError):
        git(repository, "merge", "other")
    assert discover(repository).python == ("a.py",)


def test_nested_repositories_are_left_out(repository: Path) -> None:
    write(repository, "a.py", "inner/b.py")
    git(repository / "inner", "init", "-q")
    assert discover(repository).python == ("a.py",)


def test_a_folder_of_a_work_tree_lists_its_own_files(repository: Path) -> None:
    write(repository, "a.py", "sub/b.py")
    listing = discover(repository / "sub")
    assert listing.python == ("b.py",)
    assert listing.git


def test_a_folder_that_git_ignores_is_walked(repository: Path) -> None:
    write(repository, "out/b.py")
    (repository / ".gitignore").write_text("out/\n")
    listing = discover(repository / "out")
    assert listing.python == ("b.py",)
    assert not listing.git


def test_without_git_the_directories_are_walked(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(repository, "a.py")
    monkeypatch.setenv("PATH", "")
    assert discover(repository).python == ("a.py",)
    assert dirty_paths(repository) is None


def test_a_hooks_variables_do_not_lead_to_another_repository(
    repository: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(repository, "a.py")
    git(repository, "add", ".")
    monkeypatch.setenv("GIT_DIR", str(tmp_path_factory.mktemp("other")))
    assert discover(repository).git


def test_dirty_files_are_those_that_differ_from_the_commit(repository: Path) -> None:
    write(repository, "sub/same.py", "sub/edited.py", "sub/moved.py", "sub/gone.py", "top.py")
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "one")
    assert dirty_paths(repository) == frozenset()
    write(repository, "sub/edited.py", "top.py", content="y\n")
    write(repository, "sub/new/a b.py", "sub/staged.py")
    git(repository, "add", "sub/staged.py")
    git(repository, "mv", "sub/moved.py", "sub/there.py")
    (repository / "sub/gone.py").unlink()
    below = {"edited.py", "new/a b.py", "staged.py", "moved.py", "there.py", "gone.py"}
    assert dirty_paths(repository / "sub") == below
    assert dirty_paths(repository) == {f"sub/{name}" for name in below} | {"top.py"}


def test_outside_git_nothing_is_known_to_be_dirty(tmp_path: Path) -> None:
    write(tmp_path, "a.py")
    assert dirty_paths(tmp_path) is None


def test_in_a_folder_that_git_ignores_nothing_is_known_to_be_dirty(repository: Path) -> None:
    write(repository, "out/b.py")
    (repository / ".gitignore").write_text("out/\n")
    assert dirty_paths(repository / "out") is None


def test_asking_git_leaves_the_index_alone(repository: Path) -> None:
    write(repository, "a.py")
    git(repository, "add", ".")
    os.utime(repository / "a.py", (1, 1))
    before = (repository / ".git/index").read_bytes()
    dirty_paths(repository)
    assert (repository / ".git/index").read_bytes() == before
    assert git_module.list_files(repository) == ["a.py"]


def test_the_root_is_the_work_tree(tmp_path: Path) -> None:
    write(tmp_path, "p/.git/config", "p/sub/a/b.py")
    assert find_root(tmp_path / "p/sub/a/b.py") == tmp_path / "p"
    assert find_root(tmp_path / "p/sub/a") == tmp_path / "p"
    assert find_root(tmp_path / "p") == tmp_path / "p"


@pytest.mark.parametrize("name", ["pyproject.toml", "setup.cfg"])
def test_a_project_file_makes_a_root_nearer_than_git(tmp_path: Path, name: str) -> None:
    write(tmp_path, "p/.git/config", f"p/sub/{name}", "p/sub/a/b.py")
    assert find_root(tmp_path / "p/sub/a/b.py") == tmp_path / "p/sub"
    assert find_root(tmp_path / "p") == tmp_path / "p"


@pytest.mark.parametrize("text", ["setup()\n", "import setuptools\nif 1:\n    setuptools.setup(\n"])
def test_a_script_that_builds_a_distribution_makes_a_root(tmp_path: Path, text: str) -> None:
    write(tmp_path, "p/.git/config", "p/sub/setup.py", "p/sub/a/b.py")
    (tmp_path / "p/sub/setup.py").write_text(text)
    assert find_root(tmp_path / "p/sub/a/b.py") == tmp_path / "p/sub"


@pytest.mark.parametrize(
    ("text", "init"),
    [("def setup():\n    pass\n", ""), ("", ""), ("setup()\n", "p/sub/__init__.py")],
)
def test_a_module_that_is_named_setup_makes_none(tmp_path: Path, text: str, init: str) -> None:
    write(tmp_path, "p/.git/config", "p/sub/setup.py", "p/sub/a/b.py", *([init] if init else []))
    (tmp_path / "p/sub/setup.py").write_text(text)
    assert find_root(tmp_path / "p/sub/a/b.py") == tmp_path / "p"
    assert find_root(tmp_path / "p/sub/setup.py") == tmp_path / "p"


@pytest.mark.parametrize(
    ("folder", "root"), [("{{ cookiecutter.name }}", "p"), ("{name}", "p/{name}")]
)
def test_the_project_file_of_a_template_makes_none(tmp_path: Path, folder: str, root: str) -> None:
    write(tmp_path, "p/.git/config", f"p/{folder}/pyproject.toml", f"p/{folder}/a/b.py")
    assert find_root(tmp_path / f"p/{folder}/a/b.py") == tmp_path / root


SETTINGS = "[tool.trackfix]\nline-length = 99\n"


def settings(tmp_path: Path, **texts: str) -> Path:
    """A file of a package with a project file, in a repository; the `pyproject.toml` of each
    folder with these texts."""
    write(tmp_path, "p/.git/config", "p/packages/sub/setup.py", "p/packages/sub/a/b.py")
    (tmp_path / "p/packages/sub/setup.py").write_text("setup()\n", encoding="utf-8")
    folders = {"top": "p", "middle": "p/packages", "own": "p/packages/sub", "beyond": "."}
    for name, text in texts.items():
        (tmp_path / folders[name] / "pyproject.toml").write_text(text, encoding="utf-8")
    return tmp_path / "p/packages/sub/a/b.py"


@pytest.mark.parametrize(
    ("texts", "root"),
    [
        ({"top": SETTINGS}, "p"),
        ({"top": SETTINGS, "own": "[project]\n"}, "p"),
        ({"top": SETTINGS, "middle": "[ tool . trackfix ]\n"}, "p/packages"),
        ({"top": "[tool.trackfix.layers]\na = []\n"}, "p"),
        ({"top": SETTINGS + "exclude = ['/other/', 'sub.py']\n"}, "p"),
        ({"top": SETTINGS + "exclude = 7\n"}, "p"),
        ({"top": SETTINGS + "exclude = ['!']\n"}, "p"),
    ],
)
def test_settings_above_make_packages_one_project(
    tmp_path: Path, texts: dict[str, str], root: str
) -> None:
    path = settings(tmp_path, **texts)
    assert find_root(path) == tmp_path / root
    assert is_in_project(path)


@pytest.mark.parametrize(
    "texts",
    [
        {},
        {"top": "[project]\n"},
        {"top": "# [tool.trackfix]\n"},
        {"top": SETTINGS, "own": SETTINGS},
        {"top": SETTINGS + "exclude = ['/packages/']\n"},
        {"top": SETTINGS + "exclude = ['sub']\n"},
        {"beyond": SETTINGS},
    ],
)
def test_else_the_nearest_project_file_counts(tmp_path: Path, texts: dict[str, str]) -> None:
    path = settings(tmp_path, **texts)
    assert find_root(path) == tmp_path / "p/packages/sub"


def test_settings_above_count_within_a_repository_only(tmp_path: Path) -> None:
    write(tmp_path, "p/sub/setup.cfg", "p/sub/a.py")
    (tmp_path / "p/pyproject.toml").write_text(SETTINGS, encoding="utf-8")
    assert find_root(tmp_path / "p/sub/a.py") == tmp_path / "p/sub"


def test_a_folder_inside_a_package_is_no_root(tmp_path: Path) -> None:
    write(tmp_path, "p/pkg/__init__.py", "p/pkg/sub/__init__.py", "p/pkg/sub/a.py")
    assert find_root(tmp_path / "p/pkg/sub") == tmp_path / "p"


def test_outside_git_a_project_file_makes_the_root(tmp_path: Path) -> None:
    write(tmp_path, "p/setup.cfg", "p/sub/a.py")
    assert find_root(tmp_path / "p/sub/a.py") == tmp_path / "p"


def test_else_the_root_is_the_directory_itself(tmp_path: Path) -> None:
    write(tmp_path, "p/a.py")
    assert find_root(tmp_path / "p/a.py") == tmp_path / "p"
    assert find_root(tmp_path / "p") == tmp_path / "p"
